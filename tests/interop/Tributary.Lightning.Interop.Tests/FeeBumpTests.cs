using System.Globalization;
using System.Text.Json.Nodes;
using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Amounts;
using Tributary.Testing.Bitcoind;
using Tributary.Testing.Ldk;

namespace Tributary.Lightning.Interop.Tests;

/// <summary>Closes whose commitment pays less than the mempool or the miners want.</summary>
public sealed class FeeBumpTests(BitcoindFixture bitcoind, LdkFixture ldk)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_commitment_that_a_full_mempool_does_not_take_goes_as_a_package_with_its_child(bool weOpen)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var pair = await ChannelPair.StartAsync(
            bitcoind, ldk, weOpen, cancellationToken, chainArguments: ["-maxmempool=5"]);
        var invoice = await pair.Ours.CallAsync("invoice", cancellationToken, ("amount", "40000000"), ("hold", "true"));
        if (!weOpen)
        {
            // In a channel that LDK funds it has what it needs to pay.
            await pair.Ldk.CommandAsync("pay", cancellationToken, ("invoice", invoice.GetProperty("invoice").GetString()));
            await pair.Ours.WaitAsync("payments", static report => report.GetProperty("payments").EnumerateArray().Any(static payment => payment.Has("state", "held")), cancellationToken);
        }

        var before = await pair.ConfirmedAsync(cancellationToken);
        var ours = (await pair.ReportAsync(cancellationToken)).GetProperty("ours_msat").GetInt64() / 1000;
        await FillMempoolAsync(pair, cancellationToken);

        // More than 10 sat/vB, which is the most that a commitment of ours pays by itself.
        var info = await pair.Chain.RpcAsync("getmempoolinfo", cancellationToken);
        Assert.True(info.GetProperty("mempoolminfee").GetDecimal() > 0.000_2m);
        await pair.Ours.CallAsync("close", cancellationToken, ("channel", pair.ChannelId), ("force", "true"));
        for (var patience = 0; await pair.PendingCloseAsync(cancellationToken) is null; patience++)
        {
            // Our node looks at the mempool's minimum now and then, and takes another step with each block.
            Assert.True(patience < 150);
            await pair.MineEmptyAsync(cancellationToken);
            await Task.Delay(1_200, cancellationToken);
        }

        var close = await pair.PendingCloseAsync(cancellationToken);
        var entry = await pair.Chain.RpcAsync("getmempoolentry", cancellationToken, close);
        Assert.Equal(2, entry.GetProperty("descendantcount").GetInt32());
        Assert.True(entry.GetProperty("fees").GetProperty("base").GetDecimal() * 1000 / entry.GetProperty("vsize").GetInt32() < info.GetProperty("mempoolminfee").GetDecimal());
        await pair.MineUntilAsync(async () => await pair.PendingCloseAsync(cancellationToken) is null, cancellationToken, max: 20);
        if (!weOpen)
            await pair.Ours.CallAsync("settle", cancellationToken, ("preimage", invoice.GetProperty("preimage").GetString()!));
        var received = weOpen ? 0 : 40_000;
        await pair.MineUntilAsync(async () => await pair.ConfirmedAsync(cancellationToken) > before + ours + received - 45_000, cancellationToken, step: 12);
    }

    [Fact]
    public async Task A_commitment_of_the_peers_that_is_stuck_and_cannot_be_replaced_is_paid_for_by_our_anchor()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var pair = await ChannelPair.StartAsync(
            bitcoind, ldk, weOpen: false, cancellationToken, new() { ["feerate"] = 253, ["urgent"] = 600 }, chainArguments: ["-blockmintxfee=0.000035", "-fallbackfee=0.00005"]);
        var before = await pair.ConfirmedAsync(cancellationToken);

        // The peer's commitment with a child that pays a little, and a child of that: too many for ours to take its place.
        await pair.Ours.KillAsync(cancellationToken);
        await pair.Ldk.CommandAsync("close", cancellationToken, ("channel_id", pair.ChannelId), ("force", true));
        for (var patience = 0; (await pair.Chain.RpcAsync("getrawmempool", cancellationToken)).GetArrayLength() < 2; patience++)
        {
            var events = await pair.Ldk.CommandAsync("events", cancellationToken);
            Assert.True(patience < 2400, $"LDK does not publish: {events}");
            await Task.Delay(50, cancellationToken);
        }

        // LDK raises no fee of its own any more: that would make room for ours.
        await pair.Ldk.CommandAsync("pause", cancellationToken, ("paused", true));
        var close = await AddGrandchildAsync(pair, cancellationToken);
        await pair.Ours.StartAsync(cancellationToken);
        Assert.Equal(close, await pair.PendingCloseAsync(cancellationToken));
        await pair.Ours.ChannelAsync("state", "on_chain", cancellationToken);
        for (var blocks = 0; await pair.PendingCloseAsync(cancellationToken) is not null; blocks++)
        {
            Assert.InRange(blocks, 0, 20);
            await pair.Ours.WaitForHeightAsync(await Mine.BlocksAsync(pair.Chain, 1, cancellationToken), cancellationToken);
            await Task.Delay(blocks < 10 ? 200 : 5_000, cancellationToken);
        }

        Assert.True((await pair.Chain.RpcAsync("getrawtransaction", cancellationToken, close, true)).GetProperty("confirmations").GetInt32() > 0);
        await pair.Ldk.CommandAsync("pause", cancellationToken, ("paused", false));
        await pair.MineUntilAsync(async () => await pair.ConfirmedAsync(cancellationToken) > before + 400_000 - 10_000, cancellationToken, max: 20);
    }

    // Of the commitment in the mempool, whose id it returns.
    private static async Task<string> AddGrandchildAsync(ChannelPair pair, CancellationToken cancellationToken)
    {
        var (parent, child) = ("", "");
        foreach (var one in (await pair.Chain.RpcAsync("getrawmempool", cancellationToken, true)).EnumerateObject())
        {
            if (one.Value.GetProperty("depends").GetArrayLength() == 1)
                (parent, child) = (one.Value.GetProperty("depends")[0].GetString()!, one.Name);
        }

        var change = (await pair.Chain.RpcAsync("getrawtransaction", cancellationToken, child, true)).GetProperty("vout")[0];
        var address = (await pair.Chain.WalletRpcAsync(LdkPeer.WalletName, "getnewaddress", cancellationToken, "", "bech32")).GetString()!;
        var input = new JsonObject { ["txid"] = child, ["vout"] = 0 };
        var raw = (await pair.Chain.RpcAsync("createrawtransaction", cancellationToken, new JsonArray(input), new JsonObject { [address] = change.GetProperty("value").GetDecimal() - 0.000_002m })).GetString();
        var signed = (await pair.Chain.WalletRpcAsync(LdkPeer.WalletName, "signrawtransactionwithwallet", cancellationToken, raw)).GetProperty("hex").GetString();
        await pair.Chain.RpcAsync("sendrawtransaction", cancellationToken, signed);
        return parent;
    }

    /// <summary>Transactions of 93,000 bytes at 25 sat/vB and more, until the cheapest of them are thrown out.</summary>
    private static async Task FillMempoolAsync(ChannelPair pair, CancellationToken cancellationToken)
    {
        const int Count = 40;
        var wallet = LdkPeer.WalletName;
        var outputs = new JsonObject();
        for (var i = 0; i < Count; i++)
            outputs[(await pair.Chain.WalletRpcAsync(wallet, "getnewaddress", cancellationToken, "", "bech32")).GetString()!] = 0.1m;
        var fan = (await pair.Chain.WalletRpcAsync(wallet, "sendmany", cancellationToken, "", outputs)).GetString()!;
        await pair.MineAsync(1, cancellationToken);
        var made = await pair.Chain.RpcAsync("getrawtransaction", cancellationToken, fan, true);
        Assert.True(TxId.TryParse(fan, out var fanId));
        var dust = new TxOut(new Satoshis(330), StandardScripts.P2wpkh(new byte[20]));
        var feerate = 25;
        foreach (var output in made.GetProperty("vout").EnumerateArray().Where(static output => output.GetProperty("value").GetDecimal() == 0.1m))
        {
            // As large as is relayed; what the outputs leave is the fee.
            var input = new TxIn(new OutPoint(fanId, output.GetProperty("n").GetUInt32()));
            var rest = new TxOut(new Satoshis(10_000_000 - (330 * 3_000) - (feerate * 93_200)), dust.ScriptPubKey);
            var raw = Transaction.Create(2, [input], [rest, .. Enumerable.Repeat(dust, 3_000)], 0);
            var signed = (await pair.Chain.WalletRpcAsync(wallet, "signrawtransactionwithwallet", cancellationToken, Convert.ToHexStringLower(raw.Memory.Span))).GetProperty("hex").GetString();
            await pair.Chain.RpcAsync("sendrawtransaction", cancellationToken, signed, "0");
            feerate++;
        }

        Assert.True((await pair.Chain.RpcAsync("getrawmempool", cancellationToken)).GetArrayLength() < Count, string.Create(CultureInfo.InvariantCulture, $"{Count} transactions fit"));
    }
}
