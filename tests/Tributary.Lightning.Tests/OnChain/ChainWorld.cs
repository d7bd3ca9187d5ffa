using Tributary.Bitcoin.Addresses;
using Tributary.Bitcoin.Blocks;
using Tributary.Bitcoin.Chain;
using Tributary.Bitcoin.Chain.Bitcoind;
using Tributary.Bitcoin.Chain.Embedded;
using Tributary.Bitcoin.Networks;
using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Lightning.Channels;
using Tributary.Lightning.Commitments;
using Tributary.Lightning.Keys;
using Tributary.Lightning.OnChain;
using Tributary.Primitives.Amounts;
using Tributary.Testing.Bitcoind;

namespace Tributary.Lightning.Tests.OnChain;

/// <summary>A regtest chain with full consensus and mempool rules, a miner with coins, and parties that hear of every block.</summary>
internal sealed class ChainWorld : IAsyncDisposable
{
    private readonly IChainSource _chain;
    private readonly Func<Script, Task> _mine;
    private readonly TestWallet _miner = new(0x31);
    private readonly List<Party> _parties = [];
    private readonly List<Block> _blocks = [];

    private ChainWorld(IChainSource chain, Func<Script, Task> mine) => (_chain, _mine) = (chain, mine);

    internal int Height => _blocks.Count;

    /// <summary>The chain within this process, which also reorganises on demand.</summary>
    internal EmbeddedChain Chain => (EmbeddedChain)_chain;

    /// <summary>Every transaction of the active chain with its height.</summary>
    internal IEnumerable<(int Height, Transaction Transaction)> Transactions =>
        _blocks.SelectMany(static (block, i) => block.Transactions.Select(transaction => (i + 1, transaction)));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    internal static async Task<ChainWorld> CreateAsync()
    {
        var chain = EmbeddedChain.Open(new EmbeddedChainOptions(), TimeProvider.System).Value;
        return await StartAsync(new ChainWorld(chain, async payTo => Assert.True((await chain.MineAsync(1, payTo, Cancellation)).IsOk)));
    }

    /// <summary>On a real node with an empty chain.</summary>
    internal static async Task<ChainWorld> CreateAsync(BitcoindNode node)
    {
        var options = new BitcoindOptions(node.RpcAddress, BitcoindCredentials.FromCookieFile(node.CookiePath), BitcoinNetwork.Regtest);
        return await StartAsync(new ChainWorld(BitcoindChainSource.Start(options, TimeProvider.System), async payTo =>
        {
            Assert.True(Address.TryFromScript(payTo, BitcoinNetwork.Regtest, out var address));
            await node.RpcAsync("generatetoaddress", Cancellation, 1, address.ToString());
        }));
    }

    private static async Task<ChainWorld> StartAsync(ChainWorld world)
    {
        for (var height = 1; height <= 103; height++)
        {
            await world._mine(height <= 2 ? world._miner.Script : new TestWallet(0x32).Script);
            world.Take(height, await world.BlockAtAsync(height));
        }

        return world;
    }

    /// <summary>Funds a channel on this chain.</summary>
    /// <param name="format">Of its commitments.</param>
    /// <param name="delay">Blocks that the first side's outputs wait; the second side's wait one more.</param>
    /// <param name="seed">Of its keys.</param>
    internal async Task<Keys.ChannelPair> FundAsync(CommitmentFormat format, int delay = 144, byte seed = 1)
    {
        var funding = await PayAsync(new Keys.ChannelPair(format, seed).Contract(0).FundingOutput);
        return new Keys.ChannelPair(format, seed, funding.OutPointOf(0)) { Delay = delay };
    }

    /// <summary>Adds a party; it hears of blocks from here on.</summary>
    internal async Task<Party> JoinAsync(IChannelClaims claims, ChannelKeys keys, byte walletSeed, params long[] coins)
    {
        var party = new Party(this, claims, keys, walletSeed);
        if (coins.Length > 0)
            await PayAsync([.. coins.Select(coin => new TxOut(new Satoshis(coin), party.Wallet.Script))]);
        party.Wallet.Scan(Transactions);
        _parties.Add(party);
        return party;
    }

    /// <summary>Pays outputs from the miner's coins and mines that.</summary>
    internal async Task<Transaction> PayAsync(params TxOut[] outputs)
    {
        var signed = Draft(outputs);
        Assert.Null(await BroadcastAsync(signed));
        await MineAsync();
        return signed;
    }

    /// <summary>A transaction of the miner's that pays outputs.</summary>
    internal Transaction Draft(params TxOut[] outputs)
    {
        var (outPoint, coin) = _miner.Coins.OrderByDescending(static coin => coin.Value.Output.Value).First();
        var change = coin.Output.Value - new Satoshis(2_000);
        foreach (var output in outputs)
            change -= output.Value;
        var unsigned = Transaction.Create(2, [new TxIn(outPoint)], [.. outputs, new TxOut(change, _miner.Script)]);
        return _miner.Sign(unsigned, new Dictionary<OutPoint, TxOut> { [outPoint] = coin.Output });
    }

    /// <summary>Fills a mempool with large transactions at a feerate (sat/kw), so that it asks for more than that.</summary>
    internal async Task FillMempoolAsync(long feerate)
    {
        const int TransactionsMax = 60;
        const int OutputsEach = 3_000;
        var coin = new TxOut(new Satoshis(OutputsEach * 1_000L), _miner.Script);
        var fanOut = await PayAsync([.. Enumerable.Repeat(coin, TransactionsMax)]);
        TxOut[] outputs = [.. Enumerable.Repeat(new TxOut(new Satoshis(400), _miner.Script), OutputsEach)];
        for (var i = 0; i < TransactionsMax && (await _chain.GetMempoolMinimumAsync(Cancellation)).Value.ToPerKw() < new FeeratePerKw(feerate); i++)
        {
            var own = new Dictionary<OutPoint, TxOut> { [fanOut.OutPointOf(i)] = coin };
            var draft = _miner.Sign(Transaction.Create(2, [new TxIn(fanOut.OutPointOf(i))], outputs), own);
            outputs[0] = outputs[0] with { Value = coin.Value - new Satoshis(400L * (OutputsEach - 1)) - new FeeratePerKw(feerate + i).FeeForWeight(draft.Weight + 4) };
            await BroadcastAsync(_miner.Sign(Transaction.Create(2, [new TxIn(fanOut.OutPointOf(i))], outputs), own));
        }
    }

    /// <summary>Null when the mempool has them, or the reason why not.</summary>
    internal async Task<string?> BroadcastAsync(params Transaction[] package)
    {
        if (package.Length == 1)
        {
            var verdict = (await _chain.BroadcastAsync(package[0], Cancellation)).Value;
            return verdict.IsAccepted ? null : verdict.RejectReason;
        }

        var answer = (await _chain.BroadcastPackageAsync(package, Cancellation)).Value;
        return answer.IsAccepted ? null : string.Join("; ", answer.Transactions.Select(static verdict => verdict.RejectReason ?? "ok").Prepend(answer.Reason));
    }

    internal async Task<bool> IsInMempoolAsync(TxId id) =>
        (await Chain.GetMempoolAsync(Cancellation)).Value.Any(entry => entry.Transaction.TxId == id);

    internal async Task MineAsync(int count = 1)
    {
        for (var i = 0; i < count; i++)
        {
            await _mine(new TestWallet(0x32).Script);
            await HearAsync(await BlockAtAsync(Height + 1));
        }
    }

    /// <summary>A block that holds nothing of what waits.</summary>
    internal async Task MineEmptyAsync()
    {
        var tip = (await _chain.GetTipAsync(Cancellation)).Value;
        Assert.True((await Chain.MineOnAsync(tip.Hash, 1, new TestWallet(0x32).Script, Cancellation)).IsOk);
        await HearAsync(await BlockAtAsync(Height + 1));
    }

    internal async Task MineToAsync(int height)
    {
        while (Height < height)
            await MineAsync();
    }

    /// <summary>A block with these transactions, whatever waits in the mempool; false when it would be invalid.</summary>
    internal async Task<bool> MineChosenAsync(params IReadOnlyList<Transaction> transactions)
    {
        var block = ChosenBlock.On(_blocks[^1], Height + 1, transactions, new TestWallet(0x32).Script);
        if (!(await Chain.SubmitBlockAsync(block, Cancellation)).Value.IsActive)
            return false;
        await HearAsync(block);
        return true;
    }

    /// <summary>Replaces the last blocks by empty ones and one more; what they held goes back to the mempool.</summary>
    internal async Task ReorganiseAsync(int depth)
    {
        Assert.True((await Chain.ReorganiseAsync(depth, new TestWallet(0x32).Script, Cancellation)).IsOk);
        await FollowBranchAsync(depth);
    }

    /// <summary>Replaces the last blocks by as many and one more, of which the first holds these transactions.</summary>
    internal async Task ReorganiseToAsync(int depth, params IReadOnlyList<Transaction> transactions)
    {
        var parent = _blocks[Height - depth - 1];
        for (var i = 0; i <= depth; i++)
        {
            parent = ChosenBlock.On(parent, Height - depth + 1 + i, i == 0 ? transactions : [], new TestWallet(0x32).Script);
            var verdict = (await Chain.SubmitBlockAsync(parent, Cancellation)).Value;
            Assert.True(verdict.IsActive || verdict.Reason is "inconclusive", verdict.Reason);
        }

        await FollowBranchAsync(depth);
    }

    /// <summary>What spends an output in the chain.</summary>
    internal Transaction? SpenderOf(OutPoint outPoint) => Transactions
        .Select(static one => one.Transaction)
        .FirstOrDefault(transaction => Enumerable.Range(0, transaction.InputCount).Any(i => transaction.PreviousOutput(i) == outPoint));

    public async ValueTask DisposeAsync() => await _chain.DisposeAsync();

    private async Task FollowBranchAsync(int depth)
    {
        for (var i = 0; i < depth; i++)
        {
            var gone = Height;
            _blocks.RemoveAt(gone - 1);
            _miner.Scan(Transactions);
            foreach (var party in _parties)
            {
                party.Wallet.Scan(Transactions);
                await party.HandleAsync(new MonitorInput.BlockDisconnected(gone));
            }
        }

        for (var i = 0; i <= depth; i++)
            await HearAsync(await BlockAtAsync(Height + 1));
        foreach (var party in _parties)
            await party.CheckLeasesAsync();
    }

    private async Task HearAsync(Block block)
    {
        Take(Height + 1, block);
        foreach (var party in _parties)
        {
            foreach (var transaction in block.Transactions)
                party.Wallet.Add(Height, transaction);
            await party.HandleAsync(new MonitorInput.BlockConnected(Height, block.Transactions));
        }
    }

    private void Take(int height, Block block)
    {
        Assert.Equal(height, _blocks.Count + 1);
        _blocks.Add(block);
        foreach (var transaction in block.Transactions)
            _miner.Add(height, transaction);
    }

    private async Task<Block> BlockAtAsync(int height)
    {
        var hash = (await _chain.GetBlockHashAsync(height, Cancellation)).Value;
        return (await _chain.GetBlockAsync(hash, Cancellation)).Value;
    }
}
