using Tributary.Bitcoin.Blocks;
using Tributary.Bitcoin.Chain;
using Tributary.Bitcoin.Chain.Embedded;
using Tributary.Bitcoin.Networks;
using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Tests.Chain.Contract;
using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Amounts;

namespace Tributary.Bitcoin.Tests.Chain.Embedded;

/// <summary>What the embedded chain does beyond the contract: mining, the clock, room in blocks and mempool.</summary>
public sealed class EmbeddedChainTests : IAsyncDisposable
{
    private readonly ManualClock _clock = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly EmbeddedChain _chain;
    private readonly Queue<Spendable> _coins = new();

    public EmbeddedChainTests() => _chain = EmbeddedChain.Open(new EmbeddedChainOptions(), _clock).Value;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync() => await _chain.DisposeAsync();

    [Fact]
    public void The_genesis_block_is_that_of_regtest()
    {
        Assert.Equal(BitcoinNetwork.Regtest.GenesisHash, RegtestRules.Genesis.Hash);
        Assert.Null(BlockChecks.CheckWork(RegtestRules.Genesis.Header, RegtestRules.Limit));
        Assert.Null(BlockChecks.Check(RegtestRules.Genesis));
    }

    [Fact]
    public async Task Blocks_are_mined_by_the_clock()
    {
        await using var chain = EmbeddedChain.Open(new EmbeddedChainOptions { Clock = new MiningClock(TimeSpan.FromMinutes(10), Spendable.Script) }, _clock).Value;
        await using var events = new EventReader<ChainEvent>(cancellation => chain.FollowAsync(null, cancellation));

        for (var height = 1; height <= 3; height++)
        {
            _clock.Advance(TimeSpan.FromMinutes(10));
            var connected = Assert.IsType<ChainEvent.Connected>(await events.NextAsync(Cancellation));
            Assert.Equal(height, connected.Height);
            Assert.Equal((uint)_clock.GetUtcNow().ToUnixTimeSeconds(), connected.Block.Header.Time);
            Assert.Equal(Spendable.Script, connected.Block.Transactions[0].Output(0).ScriptPubKey);
        }
    }

    [Fact]
    public async Task Time_stands_still_and_blocks_are_mined_all_the_same()
    {
        await _chain.MineAsync(200, Spendable.Script, Cancellation);

        var tip = (await _chain.GetTipAsync(Cancellation)).Value;
        var block = (await _chain.GetBlockAsync(tip.Hash, Cancellation)).Value;
        Assert.Equal(200, tip.Height);
        Assert.InRange(block.Header.Time, _clock.GetUtcNow().ToUnixTimeSeconds(), _clock.GetUtcNow().ToUnixTimeSeconds() + 60);
        Assert.Equal(new Satoshis(25 * Satoshis.PerBitcoin), block.Transactions[0].Output(0).Value);
    }

    [Fact]
    public async Task What_can_not_be_is_refused_in_words()
    {
        await _chain.MineAsync(2, Spendable.Script, Cancellation);
        var tip = (await _chain.GetTipAsync(Cancellation)).Value;

        Assert.Equal(ChainErrorKind.NotFound, (await _chain.ReorganiseAsync(3, Spendable.Script, Cancellation)).Error.Kind);
        Assert.Equal(ChainErrorKind.NotFound, (await _chain.MineOnAsync(default, 1, Spendable.Script, Cancellation)).Error.Kind);
        Assert.Equal(ChainErrorKind.NotFound, (await _chain.InvalidateAsync(default, Cancellation)).Error.Kind);
        Assert.Equal(ChainErrorKind.NotFound, (await _chain.ReconsiderAsync(default, Cancellation)).Error.Kind);
        Assert.Contains("genesis", (await _chain.InvalidateAsync(BitcoinNetwork.Regtest.GenesisHash, Cancellation)).Error.Reason, StringComparison.Ordinal);
        Assert.Equal(tip, (await _chain.GetTipAsync(Cancellation)).Value);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await _chain.MineAsync(0, Spendable.Script, Cancellation));

        // All of it can be replaced but the genesis block.
        Assert.Equal(3, (await _chain.ReorganiseAsync(2, Spendable.Script, Cancellation)).Value.Length);
    }

    [Fact]
    public async Task A_shorter_branch_waits_beside_the_chain_until_it_is_the_longest()
    {
        await _chain.MineAsync(3, Spendable.Script, Cancellation);
        var tip = (await _chain.GetTipAsync(Cancellation)).Value;
        var fork = (await _chain.GetBlockHashAsync(1, Cancellation)).Value;

        var branch = (await _chain.MineOnAsync(fork, 2, Spendable.Script, Cancellation)).Value;
        Assert.Equal(tip, (await _chain.GetTipAsync(Cancellation)).Value);
        var block = (await _chain.GetBlockAsync(branch[1], Cancellation)).Value;
        Assert.Equal(new BlockVerdict(IsActive: false, "duplicate"), (await _chain.SubmitBlockAsync(block, Cancellation)).Value);

        await _chain.MineOnAsync(branch[1], 1, Spendable.Script, Cancellation);
        Assert.Equal(4, (await _chain.GetTipAsync(Cancellation)).Value.Height);
        Assert.Equal(branch[1], (await _chain.GetBlockHashAsync(3, Cancellation)).Value);
    }

    [Fact]
    public async Task A_branch_that_turns_out_invalid_is_left_for_the_best_that_is_valid()
    {
        await _chain.MineAsync(3, Spendable.Script, Cancellation);
        var tip = (await _chain.GetTipAsync(Cancellation)).Value;
        var fork = (await _chain.GetBlockAsync((await _chain.GetBlockHashAsync(2, Cancellation)).Value, Cancellation)).Value;

        // Two blocks on an older one: the first pays its miner too much, which shows only when it is to be connected.
        var greedy = Build(fork, 3, new Satoshis(60 * Satoshis.PerBitcoin));
        var next = Build(greedy, 4, new Satoshis(1));
        Assert.Equal("inconclusive", (await _chain.SubmitBlockAsync(greedy, Cancellation)).Value.Reason);
        Assert.Equal("invalid-in-branch", (await _chain.SubmitBlockAsync(next, Cancellation)).Value.Reason);

        Assert.Equal(tip, (await _chain.GetTipAsync(Cancellation)).Value);
        Assert.Equal("duplicate-invalid", (await _chain.SubmitBlockAsync(greedy, Cancellation)).Value.Reason);
        Assert.Equal("bad-prevblk", (await _chain.SubmitBlockAsync(Build(next, 5, new Satoshis(1)), Cancellation)).Value.Reason);
        Assert.True((await _chain.MineAsync(1, Spendable.Script, Cancellation)).IsOk);
    }

    [Fact]
    public async Task A_full_block_takes_the_best_payers_and_a_child_lifts_its_parent()
    {
        var paid = new List<(Transaction Transaction, long Feerate)>();
        for (var i = 0; i < 15; i++)
        {
            var large = await LargeAsync(feerate: 1000 + (i * 100));
            Assert.True((await _chain.BroadcastAsync(large, Cancellation)).Value.IsAccepted);
            paid.Add((large, 1000 + (i * 100)));
        }

        var poor = (await CoinAsync()).Pay(fee: 100);
        var rich = Spendable.Of(poor).Pay(fee: 500_000);
        Assert.True((await _chain.BroadcastAsync(poor, Cancellation)).Value.IsAccepted);
        Assert.True((await _chain.BroadcastAsync(rich, Cancellation)).Value.IsAccepted);
        var next = (await _chain.EstimateFeeAsync(1, Cancellation)).Value;
        var later = (await _chain.EstimateFeeAsync(2, Cancellation)).Value;

        var block = (await _chain.GetBlockAsync((await _chain.MineAsync(1, Spendable.Script, Cancellation)).Value[0], Cancellation)).Value;

        Assert.InRange(block.Weight, 3_700_000, 4_000_000);
        var taken = block.Transactions.Select(static transaction => transaction.TxId).ToHashSet();
        Assert.Contains(poor.TxId, taken);
        Assert.Contains(rich.TxId, taken);
        var left = paid.Where(one => !taken.Contains(one.Transaction.TxId)).ToList();
        Assert.NotEmpty(left);
        Assert.True(left.Max(static one => one.Feerate) < paid.Where(one => taken.Contains(one.Transaction.TxId)).Min(static one => one.Feerate), "The best payers are in.");

        // The estimate for the next block beats the worst that was in it; the second block had room for all.
        Assert.InRange(next.Value, left.Max(static one => one.Feerate), paid.Where(one => taken.Contains(one.Transaction.TxId)).Min(static one => one.Feerate) + 10);
        Assert.Equal((await _chain.GetMempoolMinimumAsync(Cancellation)).Value, later);
        Assert.Equal(block.Transactions[0].Output(0).Value, RegtestRules.SubsidyAt((await _chain.GetTipAsync(Cancellation)).Value.Height) + await FeesAsync(block));
    }

    [Fact]
    public async Task A_full_mempool_throws_out_what_pays_least_and_asks_for_more()
    {
        var first = await LargeAsync(feerate: 1000);
        Assert.True((await _chain.BroadcastAsync(first, Cancellation)).Value.IsAccepted);
        for (var i = 0; i < 55; i++)
            Assert.True((await _chain.BroadcastAsync(await LargeAsync(feerate: 2000 + (i * 200)), Cancellation)).Value.IsAccepted);

        Assert.DoesNotContain((await _chain.GetMempoolAsync(Cancellation)).Value, entry => entry.Transaction.Equals(first));
        var minimum = (await _chain.GetMempoolMinimumAsync(Cancellation)).Value;
        Assert.True(minimum.Value > 2000, "The floor rose above what was thrown out.");
        Assert.Equal("mempool min fee not met", (await _chain.TestAcceptAsync(await LargeAsync(feerate: 1500), Cancellation)).Value.RejectReason);

        // Blocks make room, and time lets the floor sink.
        await _chain.MineAsync(3, Spendable.Script, Cancellation);
        _clock.Advance(TimeSpan.FromDays(7));
        await _chain.MineAsync(1, Spendable.Script, Cancellation);
        Assert.Equal(100, (await _chain.GetMempoolMinimumAsync(Cancellation)).Value.Value);
    }

    [Fact]
    public async Task What_waits_for_two_weeks_is_given_up()
    {
        var old = (await CoinAsync()).Pay(fee: 1000, sequence: 0xffff_fffe);
        Assert.True((await _chain.BroadcastAsync(old, Cancellation)).Value.IsAccepted);
        await using var events = new EventReader<MempoolEvent>(_chain.FollowMempoolAsync);
        await events.NextAsync(Cancellation);

        _clock.Advance(TimeSpan.FromDays(14) + TimeSpan.FromSeconds(1));
        await _chain.BroadcastAsync((await CoinAsync()).Pay(fee: 1000), Cancellation);

        await events.UntilAsync(one => one is MempoolEvent.Left left && left.TxId == old.TxId, Cancellation);
    }

    [Fact]
    public async Task A_reader_of_the_mempool_that_falls_far_behind_still_ends_up_right()
    {
        var coin = await CoinAsync();
        await using var events = new EventReader<MempoolEvent>(_chain.FollowMempoolAsync);
        var first = coin.Pay(fee: 1000);
        Assert.True((await _chain.BroadcastAsync(first, Cancellation)).Value.IsAccepted);
        await events.NextAsync(Cancellation);

        // More changes than are kept, while nobody reads: replaced again and again.
        var last = first;
        for (var i = 1; i <= 4200; i++)
        {
            last = coin.Pay(fee: 1000 + (i * 100));
            Assert.True((await _chain.BroadcastAsync(last, Cancellation)).Value.IsAccepted);
        }

        var seen = await events.UntilAsync(one => one is MempoolEvent.Entered entered && entered.Transaction.Equals(last), Cancellation);
        Assert.Contains(seen, one => one is MempoolEvent.Left left && left.TxId == first.TxId);
        Assert.Equal(2, seen.Count);
    }

    [Fact]
    public async Task Many_at_once_are_served_one_after_the_other()
    {
        var coins = new List<Spendable>();
        for (var i = 0; i < 40; i++)
            coins.Add(await CoinAsync());

        var broadcasts = coins.Select(coin => Task.Run(async () => (await _chain.BroadcastAsync(coin.Pay(fee: 1000), Cancellation)).Value.IsAccepted, Cancellation));
        var mined = Enumerable.Range(0, 8).Select(_ => Task.Run(async () => (await _chain.MineAsync(2, Spendable.Script, Cancellation)).IsOk, Cancellation));
        var read = Enumerable.Range(0, 40).Select(i => Task.Run(async () => (await _chain.GetBlockHashAsync(i, Cancellation)).IsOk, Cancellation));
        Assert.All(await Task.WhenAll(broadcasts.Concat(mined).Concat(read)), Assert.True);

        await _chain.MineAsync(1, Spendable.Script, Cancellation);
        foreach (var coin in coins)
            Assert.NotNull((await _chain.GetOutspendAsync(coin.OutPoint, null, Cancellation)).Value.Height);
    }

    [Fact]
    public async Task A_position_of_another_chain_ends_the_stream_at_once()
    {
        await using var events = _chain.FollowAsync(new ChainTip(3, default), Cancellation).GetAsyncEnumerator(Cancellation);

        var exception = await Assert.ThrowsAsync<ChainSourceLostException>(async () => await events.MoveNextAsync());

        Assert.Equal(ChainErrorKind.NotFound, exception.Error.Kind);
    }

    private static Block Build(Block parent, int height, Satoshis reward)
    {
        var coinbase = Transaction.Create(
            2,
            [new TxIn(OutPoint.Null, new ScriptBuilder().PushNumber(height).PushNumber(77).Build(), TxIn.Final, Witness.Empty)],
            [new TxOut(reward, Spendable.Script)]);
        var header = new BlockHeader(0x2000_0000, parent.Hash, coinbase.TxId.Value, parent.Header.Time + 1, RegtestRules.Bits, 0);
        while (BlockChecks.CheckWork(header, RegtestRules.Limit) is not null)
            header = header with { Nonce = header.Nonce + 1 };
        return Block.Create(header, [coinbase]);
    }

    private async Task<Spendable> CoinAsync()
    {
        if (_coins.Count == 0)
        {
            var hashes = (await _chain.MineAsync(60, Spendable.Script, Cancellation)).Value;
            await _chain.MineAsync(100, StandardScripts.P2a, Cancellation);
            foreach (var hash in hashes)
                _coins.Enqueue(Spendable.Of((await _chain.GetBlockAsync(hash, Cancellation)).Value.Transactions[0]));
        }

        return _coins.Dequeue();
    }

    /// <summary>Close to the largest that is relayed.</summary>
    private async Task<Transaction> LargeAsync(long feerate)
    {
        var coin = await CoinAsync();
        const int outputs = 2300;
        Transaction Pay(long fee) =>
            Transaction.Create(2, [coin.Input()], [.. Enumerable.Repeat(new TxOut(new Satoshis(1000), Spendable.Script), outputs - 1), new TxOut(coin.Value - new Satoshis(((outputs - 1) * 1000) + fee), Spendable.Script)]);
        return Pay(new FeeratePerKvB(feerate).FeeFor(Pay(0).VirtualSize).Value);
    }

    private async Task<Satoshis> FeesAsync(Block block)
    {
        var fees = Satoshis.Zero;
        var made = block.Transactions.ToDictionary(static transaction => transaction.TxId);
        foreach (var transaction in block.Transactions.Skip(1))
        {
            var outPoint = transaction.PreviousOutput(0);
            if (!made.TryGetValue(outPoint.TxId, out var parent))
            {
                var height = 1;
                while ((parent = (await _chain.GetBlockAsync((await _chain.GetBlockHashAsync(height, Cancellation)).Value, Cancellation)).Value.Transactions[0]).TxId != outPoint.TxId)
                    height++;
            }

            fees += parent.Output((int)outPoint.Index).Value - TransactionChecks.OutputTotal(transaction);
        }

        return fees;
    }
}
