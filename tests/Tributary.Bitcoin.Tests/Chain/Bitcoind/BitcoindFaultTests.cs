using System.Net;
using System.Text.Json.Nodes;
using Tributary.Bitcoin.Chain;
using Tributary.Bitcoin.Chain.Bitcoind;
using Tributary.Bitcoin.Networks;
using Tributary.Bitcoin.Tests.Chain.Contract;
using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Amounts;

namespace Tributary.Bitcoin.Tests.Chain.Bitcoind;

/// <summary>A bitcoind that is not what it should be: nothing of it may look like an empty chain, and nothing may throw.</summary>
public sealed class BitcoindFaultTests
{
    private static readonly Transaction s_transaction = new Spendable(new OutPoint(default, 0), new Satoshis(100_000)).Pay(fee: 1000);
    private static readonly OutPoint s_outPoint = new(s_transaction.TxId, 0);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Every question, as (name, error or null).</summary>
    private static IEnumerable<(string Name, Func<BitcoindChainSource, Task<ChainError?>> Ask)> Questions()
    {
        yield return ("tip", static async source => (await source.GetTipAsync(Cancellation)).TryGet(out _, out var error) ? null : error);
        yield return ("hash", static async source => (await source.GetBlockHashAsync(0, Cancellation)).TryGet(out _, out var error) ? null : error);
        yield return ("block", static async source => (await source.GetBlockAsync(BitcoinNetwork.Regtest.GenesisHash, Cancellation)).TryGet(out _, out var error) ? null : error);
        yield return ("test", static async source => (await source.TestAcceptAsync(s_transaction, Cancellation)).TryGet(out _, out var error) ? null : error);
        yield return ("broadcast", static async source => (await source.BroadcastAsync(s_transaction, Cancellation)).TryGet(out _, out var error) ? null : error);
        yield return ("package", static async source => (await source.BroadcastPackageAsync([s_transaction], Cancellation)).TryGet(out _, out var error) ? null : error);
        yield return ("estimate", static async source => (await source.EstimateFeeAsync(6, Cancellation)).TryGet(out _, out var error) ? null : error);
        yield return ("minimum", static async source => (await source.GetMempoolMinimumAsync(Cancellation)).TryGet(out _, out var error) ? null : error);
        yield return ("unspent", static async source => (await source.GetUnspentAsync(s_outPoint, Cancellation)).TryGet(out _, out var error) ? null : error);
        yield return ("outspend", static async source => (await source.GetOutspendAsync(s_outPoint, 0, Cancellation)).TryGet(out _, out var error) ? null : error);
    }

    [Fact]
    public async Task Another_network_is_refused_by_every_question_but_for_a_block_by_hash()
    {
        await using var source = new FakeNode().On("getblockhash", static _ => BitcoinNetwork.Mainnet.GenesisHash.ToString()).Start();

        foreach (var (name, ask) in Questions().Where(static question => question.Name is not "block"))
            Assert.True((await ask(source))?.Kind == ChainErrorKind.WrongNetwork, name);
        Assert.Contains("another network than regtest", source.Status.Problem, StringComparison.Ordinal);
        Assert.False(source.Status.IsSynced);
    }

    [Fact]
    public async Task A_node_behind_its_headers_does_not_answer_for_the_chain()
    {
        await using var source = new FakeNode().On("getblockchaininfo", static _ => FakeNode.Info(100, 900)).Start();

        foreach (var (name, ask) in Questions().Where(static question => question.Name is not "block"))
            Assert.True((await ask(source))?.Kind == ChainErrorKind.NotSynced, name);
        Assert.Contains("block 100 of 900", source.Status.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Initial_download_counts_on_every_network_but_regtest()
    {
        var node = new FakeNode().On("getblockchaininfo", static _ => FakeNode.Info(0, 0, isDownloading: true));
        await using var regtest = node.Start();
        Assert.True((await regtest.GetTipAsync(Cancellation)).IsOk);

        node = new FakeNode()
            .On("getblockchaininfo", static _ => FakeNode.Info(0, 0, isDownloading: true))
            .On("getblockhash", static _ => BitcoinNetwork.Signet.GenesisHash.ToString());
        await using var signet = node.Start(FakeNode.Options() with { Network = BitcoinNetwork.Signet });
        Assert.Equal(ChainErrorKind.NotSynced, (await signet.GetTipAsync(Cancellation)).Error.Kind);
    }

    [Fact]
    public async Task A_node_that_is_away_shows_in_the_status_and_in_every_answer()
    {
        var node = new FakeNode { Whole = static (_, _) => throw new HttpRequestException("Connection refused") };
        await using var source = node.Start();

        foreach (var (name, ask) in Questions())
            Assert.True((await ask(source))?.Kind == ChainErrorKind.Unreachable, name);
        Assert.False(source.Status.IsSynced);
        Assert.Contains("Connection refused", source.Status.Problem, StringComparison.Ordinal);

        // It comes back, and is believed again.
        node.Whole = null;
        Assert.True((await source.GetTipAsync(Cancellation)).IsOk);
        Assert.True(source.Status.IsSynced);
        Assert.Null(source.Status.Problem);
    }

    [Fact]
    public async Task Streams_give_up_at_the_bound_of_an_outage_with_the_last_error()
    {
        await using var source = new FakeNode { Whole = static (_, _) => new HttpResponseMessage(HttpStatusCode.Unauthorized) }.Start();
        await using var events = source.FollowAsync(null, Cancellation).GetAsyncEnumerator(Cancellation);
        await using var mempool = source.FollowMempoolAsync(Cancellation).GetAsyncEnumerator(Cancellation);

        Assert.Equal(ChainErrorKind.Unauthorized, (await Assert.ThrowsAsync<ChainSourceLostException>(async () => await events.MoveNextAsync())).Error.Kind);
        Assert.Equal(ChainErrorKind.Unauthorized, (await Assert.ThrowsAsync<ChainSourceLostException>(async () => await mempool.MoveNextAsync())).Error.Kind);
    }

    [Fact]
    public async Task A_position_that_the_node_does_not_know_is_an_outage_and_never_an_empty_chain()
    {
        var node = new FakeNode().On("getblock", static _ => throw new FakeFault(-5, "Block not found"));
        await using var source = node.Start();
        await using var events = source.FollowAsync(new ChainTip(0, BitcoinNetwork.Mainnet.GenesisHash), Cancellation).GetAsyncEnumerator(Cancellation);
        Assert.Equal(ChainErrorKind.WrongNetwork, (await Assert.ThrowsAsync<ChainSourceLostException>(async () => await events.MoveNextAsync())).Error.Kind);

        node.On("getblockhash", static call => call[0]!.GetValue<int>() == 0 ? BitcoinNetwork.Regtest.GenesisHash.ToString() : throw new FakeFault(-8, "Block height out of range"));
        await using var lost = source.FollowAsync(new ChainTip(5, BitcoinNetwork.Mainnet.GenesisHash), Cancellation).GetAsyncEnumerator(Cancellation);
        var exception = await Assert.ThrowsAsync<ChainSourceLostException>(async () => await lost.MoveNextAsync());
        Assert.Equal(ChainErrorKind.NotFound, exception.Error.Kind);
        Assert.Contains("Follow from an earlier position", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_short_of_a_position_that_knows_more_headers_is_waited_for()
    {
        var node = new FakeNode()
            .On("getblockhash", static call => call[0]!.GetValue<int>() == 0 ? BitcoinNetwork.Regtest.GenesisHash.ToString() : throw new FakeFault(-8, "Block height out of range"))
            .On("getblockchaininfo", static _ => FakeNode.Info(0, 5));
        await using var source = node.Start();
        await using var events = source.FollowAsync(new ChainTip(5, BitcoinNetwork.Mainnet.GenesisHash), Cancellation).GetAsyncEnumerator(Cancellation);

        Assert.Equal(ChainErrorKind.NotSynced, (await Assert.ThrowsAsync<ChainSourceLostException>(async () => await events.MoveNextAsync())).Error.Kind);
    }

    [Fact]
    public async Task A_pruned_block_is_not_available_and_ends_the_stream()
    {
        var node = new FakeNode().On("getblock", static _ => throw new FakeFault(-1, "Block not available (pruned data)"));
        await using var source = node.Start();

        Assert.Equal(ChainErrorKind.NotAvailable, (await source.GetBlockAsync(BitcoinNetwork.Regtest.GenesisHash, Cancellation)).Error.Kind);
        node.On("getblockhash", static call => (call[0]!.GetValue<int>() == 0 ? BitcoinNetwork.Regtest : BitcoinNetwork.Signet).GenesisHash.ToString());
        await using var events = source.FollowAsync(null, Cancellation).GetAsyncEnumerator(Cancellation);
        Assert.Equal(ChainErrorKind.NotAvailable, (await Assert.ThrowsAsync<ChainSourceLostException>(async () => await events.MoveNextAsync())).Error.Kind);
    }

    [Fact]
    public async Task Another_block_than_the_one_asked_for_is_a_bad_answer()
    {
        var genesis = Convert.ToHexStringLower(Bitcoin.Chain.Embedded.RegtestRules.Genesis.Memory.Span);
        await using var source = new FakeNode().On("getblock", _ => genesis).Start();

        Assert.Equal(ChainErrorKind.BadAnswer, (await source.GetBlockAsync(default, Cancellation)).Error.Kind);
        Assert.Equal(BitcoinNetwork.Regtest.GenesisHash, (await source.GetBlockAsync(BitcoinNetwork.Regtest.GenesisHash, Cancellation)).Value.Hash);
    }

    [Fact]
    public async Task Too_little_data_for_an_estimate_is_not_zero_and_an_estimate_below_the_floor_is_lifted()
    {
        var node = new FakeNode()
            .On("estimatesmartfee", static _ => new JsonObject { ["errors"] = new JsonArray("Insufficient data or no feerate found"), ["blocks"] = 2 })
            .On("getmempoolinfo", static _ => JsonNode.Parse("""{"mempoolminfee":0.00002000,"minrelaytxfee":0.00000100}"""));
        await using var source = node.Start();
        Assert.Equal(ChainErrorKind.NotAvailable, (await source.EstimateFeeAsync(2, Cancellation)).Error.Kind);

        node.On("estimatesmartfee", static _ => JsonNode.Parse("""{"feerate":0.00001500,"blocks":2}"""));
        Assert.Equal(2000, (await source.EstimateFeeAsync(2, Cancellation)).Value.Value);
        node.On("estimatesmartfee", static _ => JsonNode.Parse("""{"feerate":0.00012345,"blocks":2}"""));
        Assert.Equal(12_345, (await source.EstimateFeeAsync(2, Cancellation)).Value.Value);
    }

    [Fact]
    public async Task Answers_of_any_shape_are_answers_or_errors_and_never_exceptions()
    {
        var random = new Random(1);
        JsonNode? Anything(int depth) => random.Next(9) switch
        {
            0 => null,
            1 => random.Next(-3, 300),
            2 => BitcoinNetwork.Regtest.GenesisHash.ToString(),
            3 => "00",
            4 => random.Next(2) == 0,
            5 when depth > 0 => new JsonArray([.. Enumerable.Range(0, random.Next(3)).Select(_ => Anything(depth - 1))]),
            6 when depth > 0 => Member(depth),
            7 => random.NextDouble(),
            _ => "x",
        };
        JsonObject Member(int depth)
        {
            var made = new JsonObject();
            string[] names = ["txids", "tx", "hex", "value", "allowed", "fees", "base", "package_msg", "tx-results", "bestblock", "height", "errors", "blocks", "mempool_sequence", "scriptPubKey", "spendingtxid", "feerate", "mempoolminfee", "minrelaytxfee", "confirmations", "coinbase"];
            foreach (var name in names.Where(_ => random.Next(2) == 0))
                made[name] = Anything(depth - 1);
            return made;
        }

        var node = new FakeNode();
        string[] methods = ["getblock", "testmempoolaccept", "sendrawtransaction", "getmempoolentry", "submitpackage", "estimatesmartfee", "getmempoolinfo", "gettxout", "gettxspendingprevout", "getrawtransaction", "getblockheader", "getrawmempool", "getbestblockhash", "scanblocks"];
        foreach (var method in methods)
        {
            node.On(method, _ => random.Next(5) switch
            {
                0 => throw new FakeFault(random.Next(-30, 2), "no"),
                _ => Anything(3),
            });
        }

        await using var source = node.Start();
        for (var round = 0; round < 200; round++)
        {
            foreach (var (_, ask) in Questions())
                await ask(source);
        }

        await using var mempool = source.FollowMempoolAsync(Cancellation).GetAsyncEnumerator(Cancellation);
        await Assert.ThrowsAsync<ChainSourceLostException>(async () =>
        {
            while (await mempool.MoveNextAsync())
            {
            }
        });
    }
}
