using System.Globalization;
using System.Text.Json;
using Tributary.Lightning.Messages;
using Tributary.Testing.Bitcoind;
using Tributary.Testing.Ldk;

namespace Tributary.Lightning.Interop.Tests;

/// <summary>
/// The image of a disk that is put back under a node: no command restores it, and nothing in the folder tells that it is old. The node publishes nothing
/// of its own, LDK closes when it is asked to, and what is ours in the newest state comes to our wallet to the satoshi.
/// </summary>
public sealed class SnapshotTests(BitcoindFixture bitcoind, LdkFixture ldk)
{
    private const long Capacity = 1_000_000;
    private const long Anchor = 330;

    /// <param name="remembers">The machine has run on since, so that it knows better; or it was started anew with the old image, and knows nothing.</param>
    /// <param name="payments">How many there were between the copy and the end, besides the one that the copy holds as under way.</param>
    [Theory]
    [InlineData(true, 0)]
    [InlineData(true, 6)]
    [InlineData(false, 0)]
    [InlineData(false, 6)]
    public async Task A_snapshot_that_is_put_back_publishes_nothing_and_loses_nothing(bool remembers, int payments)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var pair = await ChannelPair.StartAsync(bitcoind, ldk, weOpen: true, cancellationToken, new() { ["anchors"] = true }, hasRelay: true);
        var (node, relay) = (pair.Ours, pair.Relay!);
        var coins = await pair.ConfirmedAsync(cancellationToken);
        var ours = 600_000L;
        await pair.WePayAsync(50_000_000, cancellationToken);
        await pair.LdkPaysAsync(20_000_000, cancellationToken);
        ours += -50_000 + 20_000;

        // The copy holds a payment of ours that is under way and, by its own light, runs out some day.
        var (hash, preimage) = await OfferAsync(pair, 30_000_000, cancellationToken);
        await node.StopAsync(cancellationToken);
        var snapshot = node.Copy(replica: false, "snapshot");
        await node.StartAsync(cancellationToken);
        await node.ChannelAsync("usable", "true", cancellationToken);
        await pair.Ldk.CommandAsync("claim", cancellationToken, ("preimage", preimage));
        await node.WaitAsync("payments", report => report.GetProperty("payments").EnumerateArray().Any(payment => payment.Has("payment_hash", hash) && payment.Has("state", "succeeded")), cancellationToken);
        ours -= 30_000;
        for (var i = 0; i < payments; i++)
        {
            if (i % 2 == 0)
                await pair.LdkPaysAsync(90_000_000 + (i * 1_000), cancellationToken);
            else
                await pair.WePayAsync(20_000_000 + (i * 1_000), cancellationToken);
            ours += i % 2 == 0 ? 90_000 + i : -20_000 - i;
        }

        // Nothing is under way in the newest state, at either side.
        await pair.SettledAsync(cancellationToken);
        var funding = (await pair.ReportAsync(cancellationToken)).GetProperty("funding").GetString()!.Split(':');
        var witness = node.FindWitness();
        Assert.SkipWhen(witness is null, "this machine has no memory that processes share by name");
        await node.KillAsync(cancellationToken);
        node.RollBack(snapshot);
        if (!remembers)
            File.Delete(witness);

        // Nobody is there to prove anything, and the payment that the copy holds runs out. What comes back is killed and started once more: what
        // the machine remembers of an old state's first start must not speak for it at the second.
        relay.IsShut = true;
        for (var start = 0; start < 2; start++)
        {
            await node.StartAsync(cancellationToken);
            if (remembers && start == 0)
                Assert.Contains("older state", node.StartWarning, StringComparison.Ordinal);
            else
                Assert.Null(node.StartWarning);
            Assert.Equal(remembers ? "stale" : "offline", (await pair.ReportAsync(cancellationToken)).GetProperty("state").GetString());
            if (start == 0)
                await RunOutAsync(pair, remembers, cancellationToken);
            var reply = await node.TryCallAsync("close", cancellationToken, ("channel", pair.ChannelId), ("force", "true"));
            if (remembers)
                Assert.False(reply.GetProperty("result").GetProperty("forced").GetBoolean());
            else
                Assert.Contains("would be at stake", reply.GetProperty("error").ToString(), StringComparison.Ordinal);
            await pair.MineAsync(1, cancellationToken);
            Assert.True(await IsUnspentAsync(pair.Chain, funding, cancellationToken));
            if (start == 0)
                await node.KillAsync(cancellationToken);
        }

        // LDK is there again, and closes since it is asked to.
        var (said, events) = (relay.Seen.Count(static one => one.FromUs), await pair.Ldk.EventCountAsync(cancellationToken));
        relay.IsShut = false;
        await node.TryCallAsync("connect", cancellationToken, ("peer", relay.Address));
        await pair.Ldk.WaitAsync("channel_closed", cancellationToken, events, ("channel_id", pair.ChannelId));

        // LDK may close at our first message, and the second come after.
        LightningMessage[] words;
        for (var patience = 0; ; patience++)
        {
            words = [.. relay.Seen.Where(static one => one.FromUs).Skip(said).Select(static one => one.Message)];
            if (words.Any(static message => message is not ChannelReestablish))
                break;
            Assert.True(patience < 6000, "The node that was put back does not ask for a close.");
            await Task.Delay(20, cancellationToken);
        }

        Assert.IsType<ChannelReestablish>(words[0]);
        Assert.IsType<Error>(words.First(static message => message is not ChannelReestablish));
        await pair.UntilMempoolAsync(1, cancellationToken);
        var close = (await pair.PendingCloseAsync(cancellationToken))!;
        await pair.Ldk.WaitAsync("broadcast", cancellationToken, events, ("txid", close));
        await node.TryCallAsync("close", cancellationToken, ("channel", pair.ChannelId), ("force", "true"));

        // The newest state, to the satoshi: we opened the channel, and pay for the commitment and its anchors (BOLT 3).
        var outputs = (await pair.Chain.RpcAsync("getrawtransaction", cancellationToken, close, true)).GetProperty("vout").EnumerateArray().Select(static output => SatoshisOf(output)).ToArray();
        var paid = ours - (Capacity - outputs.Sum()) - (2 * Anchor);
        Assert.Equal(new[] { Anchor, Anchor, Capacity - ours, paid }.Order(), outputs.Order());
        var height = (await pair.Chain.RpcAsync("getblockcount", cancellationToken)).GetInt32() + 1;
        await pair.MineUntilAsync(async () => await pair.ConfirmedAsync(cancellationToken) > coins, cancellationToken, max: 40);
        var sweep = await FindSpendAsync(pair.Chain, close, Array.IndexOf(outputs, paid), height, cancellationToken);
        var swept = sweep.GetProperty("vout").EnumerateArray().Sum(static output => SatoshisOf(output));
        Assert.InRange(swept, paid - 2_000, paid - 1);
        Assert.Equal(coins + swept, await pair.ConfirmedAsync(cancellationToken));
        Assert.Equal(close, (await FindSpendAsync(pair.Chain, funding[0], int.Parse(funding[1], CultureInfo.InvariantCulture), height, cancellationToken)).GetProperty("txid").GetString());

        // It was paid, which the copy cannot know: it must not be called failed, or somebody pays it once more.
        await pair.MineAsync(20, cancellationToken);
        Assert.Equal("pending", await pair.PaymentStateAsync(hash, cancellationToken));
        File.Delete(witness);
    }

    // We pay, and LDK holds it.
    private static async Task<(string Hash, string Preimage)> OfferAsync(ChannelPair pair, long millisatoshis, CancellationToken cancellationToken)
    {
        var invoice = await pair.Ldk.CommandAsync("invoice", cancellationToken, ("msat", millisatoshis), ("hold", true));
        var hash = invoice.GetProperty("payment_hash").GetString()!;
        var paying = pair.Ours.CallAsync("pay", cancellationToken, ("invoice", invoice.GetProperty("invoice").GetString()!), ("timeout", "1"));
        var claimable = await pair.Ldk.WaitAsync("claimable", cancellationToken, match: ("payment_hash", hash));
        Assert.Equal("pending", (await paying).GetProperty("state").GetString());
        return (hash, claimable.GetProperty("preimage").GetString()!);
    }

    // Blocks, until the payment that the copy holds has long run out: a node whose state is the newest closes by force then.
    private static async Task RunOutAsync(ChannelPair pair, bool isStale, CancellationToken cancellationToken)
    {
        for (var i = 0; i < 4; i++)
            await pair.MineAsync(40, cancellationToken);
        if (!isStale)
            await pair.Ours.WaitAsync("events", static report => report.GetProperty("events").EnumerateArray().Any(static one => one.Has("kind", "alarm") && one.GetProperty("text").GetString()!.Contains("should be closed by force and is not", StringComparison.Ordinal)), cancellationToken);
    }

    private static async Task<bool> IsUnspentAsync(BitcoindNode chain, string[] outPoint, CancellationToken cancellationToken) =>
        (await chain.RpcAsync("gettxout", cancellationToken, outPoint[0], int.Parse(outPoint[1], CultureInfo.InvariantCulture), true)).ValueKind == JsonValueKind.Object;

    private static async Task<JsonElement> FindSpendAsync(BitcoindNode chain, string txid, int output, int from, CancellationToken cancellationToken)
    {
        var tip = (await chain.RpcAsync("getblockcount", cancellationToken)).GetInt32();
        for (var height = from; height <= tip; height++)
        {
            var block = await chain.RpcAsync("getblock", cancellationToken, (await chain.RpcAsync("getblockhash", cancellationToken, height)).GetString(), 2);
            foreach (var transaction in block.GetProperty("tx").EnumerateArray())
            {
                if (transaction.GetProperty("vin").EnumerateArray().Any(input => input.Has("txid", txid) && input.GetProperty("vout").GetInt32() == output))
                    return transaction;
            }
        }

        throw new InvalidOperationException($"Nothing spends {txid}:{output.ToString(CultureInfo.InvariantCulture)} from height {from.ToString(CultureInfo.InvariantCulture)} on.");
    }

    private static long SatoshisOf(JsonElement output) => (long)(output.GetProperty("value").GetDecimal() * 100_000_000m);
}
