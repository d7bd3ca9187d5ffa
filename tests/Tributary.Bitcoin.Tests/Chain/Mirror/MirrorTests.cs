using Tributary.Bitcoin.Blocks;
using Tributary.Bitcoin.Chain;
using Tributary.Bitcoin.Chain.Embedded;
using Tributary.Bitcoin.Tests.Chain.Bitcoind;
using Tributary.Bitcoin.Tests.Chain.Contract;
using Tributary.Bitcoin.Transactions;
using Tributary.Testing.Bitcoind;

namespace Tributary.Bitcoin.Tests.Chain.Mirror;

/// <summary>
/// The embedded chain and a real bitcoind, fed the same: what one mines the other takes, and both judge every transaction alike.
/// <c>TRIBUTARY_MIRROR_ROUNDS</c> and <c>TRIBUTARY_MIRROR_SEED</c> make it longer and send it elsewhere.
/// </summary>
public sealed class MirrorTests(BitcoindFixture fixture) : IAsyncLifetime
{
    private readonly EmbeddedChain _chain = EmbeddedChain.Open(new EmbeddedChainOptions(), TimeProvider.System).Value;
    private BitcoindDriver? _driver;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static int Rounds => Number("TRIBUTARY_MIRROR_ROUNDS", 40);

    private static int Seed => Number("TRIBUTARY_MIRROR_SEED", 1);

    private BitcoindDriver Driver => _driver!;

    private BitcoindNode Node => Driver.Node;

    public async ValueTask InitializeAsync() => _driver = new BitcoindDriver(await fixture.StartAsync([], Cancellation), new CoinStore());

    public async ValueTask DisposeAsync()
    {
        await _chain.DisposeAsync();
        if (_driver is null)
            return;
        await _driver.DisposeAsync();
        await _driver.Node.DisposeAsync();
    }

    [Fact]
    public async Task Every_block_of_the_embedded_chain_is_one_for_bitcoind_and_both_judge_every_transaction_alike()
    {
        var spends = new RandomSpends(Seed);
        await GrowAsync(spends, 130);
        var reached = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (var round = 0; round < Rounds; round++)
        {
            for (var i = 0; i < 25; i++)
            {
                foreach (var reason in spends.Next(6) == 0 ? await PackageAsync(spends) : await TransactionAsync(spends))
                    reached[reason] = reached.GetValueOrDefault(reason) + 1;
            }

            await CompareMempoolsAsync($"round {round}");
            if (spends.Next(4) == 0)
                await ReorganiseAsync(1 + spends.Next(3));
            else
                await GrowAsync(spends, 1);
            await CompareMempoolsAsync($"after the block of round {round}");
        }

        await CompareOutputsAsync(spends);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', reached.Select(static pair => $"{pair.Value,6} {pair.Key}")));
        Assert.True(reached["accepted"] > Rounds * 4, "Most transactions are good.");
        Assert.True(reached.Count > 12, "Many reasons are reached.");
    }

    [Fact]
    public async Task Every_block_of_bitcoind_is_one_for_the_embedded_chain()
    {
        await Node.RpcAsync("createwallet", Cancellation, "mirror");
        var kinds = new[] { "legacy", "p2sh-segwit", "bech32", "bech32m" };
        var addresses = new List<string>();
        foreach (var kind in kinds)
            addresses.Add((await Node.WalletRpcAsync("mirror", "getnewaddress", Cancellation, "", kind)).GetString()!);
        await Node.RpcAsync("generatetoaddress", Cancellation, 120, addresses[0]);
        for (var i = 0; i < 24; i++)
        {
            await Node.WalletRpcAsync("mirror", "sendtoaddress", Cancellation, addresses[i % kinds.Length], 1.5 + i);
            if (i % 4 == 3)
                await Node.RpcAsync("generatetoaddress", Cancellation, 1, addresses[i / 4 % kinds.Length]);
        }

        var tip = (await Driver.Source.GetTipAsync(Cancellation)).Value;
        for (var height = 1; height <= tip.Height; height++)
        {
            var hash = (await Driver.Source.GetBlockHashAsync(height, Cancellation)).Value;
            var block = (await Driver.Source.GetBlockAsync(hash, Cancellation)).Value;
            var verdict = (await _chain.SubmitBlockAsync(block, Cancellation)).Value;
            Assert.True(verdict.IsActive, $"{height}: {verdict.Reason}");
        }

        Assert.Equal(tip, (await _chain.GetTipAsync(Cancellation)).Value);
    }

    [Fact]
    public async Task A_flawed_block_is_refused_with_the_words_of_bitcoind()
    {
        var spends = new RandomSpends(Seed);
        await GrowAsync(spends, 110);
        var tip = (await _chain.GetTipAsync(Cancellation)).Value;
        var parent = (await _chain.GetBlockAsync(tip.Hash, Cancellation)).Value;
        var good = (await _chain.GetBlockAsync((await _chain.MineAsync(1, Lock.All[0].Script, Cancellation)).Value[0], Cancellation)).Value;
        await _chain.InvalidateAsync(good.Hash, Cancellation);

        foreach (var (name, block) in BlockFlaws.Of(good, parent))
        {
            var theirs = (await SubmitAsync(block)) ?? "accepted";
            var ours = (await _chain.SubmitBlockAsync(block, Cancellation)).Value.Reason ?? "accepted";
            Assert.True(string.Equals(theirs, ours, StringComparison.Ordinal), $"{name}: bitcoind says {theirs}, we say {ours}");
            Assert.False(ours is "accepted", name);
        }
    }

    private static int Number(string variable, int otherwise) => int.TryParse(Environment.GetEnvironmentVariable(variable), out var number) ? number : otherwise;

    private async Task<string?> SubmitAsync(Block block) =>
        (await Node.RpcAsync("submitblock", Cancellation, Convert.ToHexStringLower(block.Memory.Span))).GetString();

    private async Task GrowAsync(RandomSpends spends, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var hash = (await _chain.MineAsync(1, spends.NextLock().Script, Cancellation)).Value[0];
            var block = (await _chain.GetBlockAsync(hash, Cancellation)).Value;
            Assert.Null(await SubmitAsync(block));
            foreach (var transaction in block.Transactions)
                spends.Learn(transaction);
        }
    }

    private async Task ReorganiseAsync(int depth)
    {
        foreach (var hash in (await _chain.ReorganiseAsync(depth, Lock.All[0].Script, Cancellation)).Value)
        {
            var reason = await SubmitAsync((await _chain.GetBlockAsync(hash, Cancellation)).Value);
            Assert.True(reason is null or "inconclusive", reason);
        }

        Assert.Equal((await _chain.GetTipAsync(Cancellation)).Value, (await Driver.Source.GetTipAsync(Cancellation)).Value);
    }

    private async Task<IEnumerable<string>> TransactionAsync(RandomSpends spends)
    {
        var transaction = spends.Make();
        var (ours, theirs) = ((await _chain.TestAcceptAsync(transaction, Cancellation)).Value, (await Driver.Source.TestAcceptAsync(transaction, Cancellation)).Value);
        AssertAlike(ours, theirs, transaction);
        AssertAlike((await _chain.BroadcastAsync(transaction, Cancellation)).Value, (await Driver.Source.BroadcastAsync(transaction, Cancellation)).Value, transaction);
        if (ours.IsAccepted)
            spends.Learn(transaction);
        return [ScriptError(ours.RejectReason) ?? "accepted"];
    }

    private async Task<IEnumerable<string>> PackageAsync(RandomSpends spends)
    {
        var package = spends.MakePackage();
        var ours = (await _chain.BroadcastPackageAsync(package, Cancellation)).Value;
        var theirs = (await Driver.Source.BroadcastPackageAsync(package, Cancellation)).Value;
        Assert.True(
            ours.IsAccepted == theirs.IsAccepted && string.Equals(Driver.CoreReason(theirs.Reason), ours.Reason, StringComparison.Ordinal),
            $"bitcoind: {theirs.Reason} ({string.Join("; ", theirs.Transactions)}), ours: {ours.Reason} ({string.Join("; ", ours.Transactions)})");
        for (var i = 0; i < package.Length; i++)
        {
            AssertAlike(ours.Transactions[i], theirs.Transactions[i], package[i]);
            if (ours.Transactions[i].IsAccepted)
                spends.Learn(package[i]);
        }

        return ours.Transactions.Select(static one => $"package: {one.RejectReason ?? "accepted"}").Append($"package as a whole: {ours.Reason}");
    }

    private void AssertAlike(MempoolVerdict ours, MempoolVerdict theirs, Transaction transaction)
    {
        var isAlike = ours with { RejectReason = ScriptError(ours.RejectReason) } == theirs with { RejectReason = ScriptError(Driver.CoreReason(theirs.RejectReason)) };
        Assert.True(isAlike, $"bitcoind: {theirs}\nours: {ours}\n{transaction.ToHex()}");
    }

    /// <summary>What stands before a script's error in a reason differs between versions of Bitcoin Core; the error does not.</summary>
    private static string? ScriptError(string? reason) =>
        reason is not null && reason.Contains("script-verify-flag", StringComparison.Ordinal) ? reason[reason.IndexOf('(', StringComparison.Ordinal)..] : reason;

    private async Task CompareMempoolsAsync(string when)
    {
        var ours = (await _chain.GetMempoolAsync(Cancellation)).Value.Select(static entry => entry.Transaction.TxId.ToString()).Order(StringComparer.Ordinal).ToList();
        var theirs = (await Node.RpcAsync("getrawmempool", Cancellation)).EnumerateArray().Select(static id => id.GetString()!).Order(StringComparer.Ordinal).ToList();
        Assert.True(ours.SequenceEqual(theirs, StringComparer.Ordinal), $"{when}: only ours {string.Join(' ', ours.Except(theirs, StringComparer.Ordinal))}, only bitcoind's {string.Join(' ', theirs.Except(ours, StringComparer.Ordinal))}");
    }

    private async Task CompareOutputsAsync(RandomSpends spends)
    {
        foreach (var outPoint in spends.Known.Distinct())
        {
            var ours = await _chain.GetUnspentAsync(outPoint, Cancellation);
            var theirs = await Driver.Source.GetUnspentAsync(outPoint, Cancellation);
            Assert.Equal(theirs.IsOk, ours.IsOk);
            if (ours.IsOk)
                Assert.Equal(theirs.Value, ours.Value);
        }
    }
}
