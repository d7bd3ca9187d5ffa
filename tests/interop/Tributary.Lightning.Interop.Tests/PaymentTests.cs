using System.Text.Json;
using Tributary.Testing.Bitcoind;
using Tributary.Testing.Ldk;

namespace Tributary.Lightning.Interop.Tests;

public sealed class PaymentTests(BitcoindFixture bitcoind, LdkFixture ldk)
{
    [Theory]
    [InlineData(true, true)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public async Task A_channel_opens_pays_both_ways_reconnects_and_closes_together(bool weOpen, bool hasAnchors)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var pair = await ChannelPair.StartAsync(bitcoind, ldk, weOpen, cancellationToken, new() { ["anchors"] = hasAnchors });

        // static_remotekey is bit 12, anchors_zero_fee_htlc_tx bit 22.
        var type = (await pair.Ldk.WaitAsync("channel_ready", cancellationToken)).GetProperty("channel_type").GetString();
        Assert.Equal(hasAnchors ? "401000" : "1000", type);

        Assert.Equal("succeeded", (await pair.WePayAsync(50_000_000, cancellationToken)).GetProperty("state").GetString());
        await pair.LdkPaysAsync(20_000_000, cancellationToken);

        // Without an invoice, both ways.
        Assert.Equal("succeeded", (await pair.Ours.CallAsync("keysend", cancellationToken, ("node", pair.Ldk.Id), ("amount", "1234567"))).GetProperty("state").GetString());
        var count = await pair.Ldk.EventCountAsync(cancellationToken);
        await pair.Ldk.CommandAsync("keysend", cancellationToken, ("id", pair.Ours.Id), ("msat", 7_654_321));
        await pair.Ldk.WaitAsync("sent", cancellationToken, count);

        // A small payment has no output on either commitment.
        Assert.Equal("succeeded", (await pair.WePayAsync(1_000, cancellationToken)).GetProperty("state").GetString());
        await pair.LdkPaysAsync(2_000, cancellationToken);

        // What LDK does not know fails with its reason, and nothing of it stays.
        var invoice = await pair.Ldk.CommandAsync("invoice", cancellationToken, ("msat", 9_000_000), ("hold", true));
        var paying = pair.Ours.CallAsync("pay", cancellationToken, ("invoice", invoice.GetProperty("invoice").GetString()!));
        await pair.Ldk.WaitAsync("claimable", cancellationToken, match: ("payment_hash", invoice.GetProperty("payment_hash").GetString()));
        await pair.Ldk.CommandAsync("fail", cancellationToken, ("payment_hash", invoice.GetProperty("payment_hash").GetString()));
        Assert.Equal("failed", (await paying).GetProperty("state").GetString());

        // The connection ends; the channel is taken up again.
        var cut = await pair.Ldk.EventCountAsync(cancellationToken);
        await pair.Ldk.CommandAsync("disconnect", cancellationToken, ("id", pair.Ours.Id));
        await pair.Ldk.WaitAsync("disconnected", cancellationToken, cut);
        await pair.Ours.CallAsync("connect", cancellationToken, ("peer", pair.Ldk.Address));
        await pair.Ours.ChannelAsync("usable", "true", cancellationToken);
        Assert.Equal("succeeded", (await pair.WePayAsync(3_000_000, cancellationToken)).GetProperty("state").GetString());

        var before = (await pair.Ours.CallAsync("balance", cancellationToken)).GetProperty("confirmed_sat").GetInt64();
        if (weOpen)
            await pair.Ours.CallAsync("close", cancellationToken, ("channel", pair.ChannelId));
        else
            await pair.Ldk.CommandAsync("close", cancellationToken, ("channel_id", pair.ChannelId));
        await pair.Ldk.WaitAsync("channel_closed", cancellationToken);
        await pair.MineUntilAsync(
            async () => (await pair.Ours.CallAsync("balance", cancellationToken)).GetProperty("confirmed_sat").GetInt64() > before + 100_000, cancellationToken, 10);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_channel_with_a_peer_that_is_trusted_is_used_before_its_funding_confirms(bool weOpen)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var pair = await ChannelPair.StartAsync(bitcoind, ldk, weOpen, cancellationToken, new() { ["zeroconf"] = true }, opens: false, trusts: true);
        await pair.ProposeAsync(weOpen, cancellationToken);
        var ready = await pair.Ldk.WaitAsync("channel_ready", cancellationToken);
        await pair.BecomesUsableAsync(ready.GetProperty("channel_id").GetString()!, cancellationToken);
        Assert.Equal(0, (await pair.ReportAsync(cancellationToken)).GetProperty("confirmations").GetInt32());
        Assert.Equal("succeeded", (await pair.WePayAsync(20_000_000, cancellationToken)).GetProperty("state").GetString());
        await pair.LdkPaysAsync(10_000_000, cancellationToken);

        // And after: the place in the chain becomes known, and nothing else changes.
        await pair.MineAsync(6, cancellationToken);
        await pair.Ours.ChannelAsync("confirmations", "6", cancellationToken);
        Assert.Equal("succeeded", (await pair.WePayAsync(20_000_000, cancellationToken)).GetProperty("state").GetString());
        await pair.LdkPaysAsync(10_000_000, cancellationToken);
    }

    [Fact]
    public async Task Hold_invoices_are_settled_and_cancelled_by_command()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var pair = await ChannelPair.StartAsync(bitcoind, ldk, weOpen: true, cancellationToken);
        foreach (var settles in new[] { true, false })
        {
            var invoice = await pair.Ours.CallAsync("invoice", cancellationToken, ("amount", "5000000"), ("hold", "true"));
            var hash = invoice.GetProperty("payment_hash").GetString()!;
            var count = await pair.Ldk.EventCountAsync(cancellationToken);
            await pair.Ldk.CommandAsync("pay", cancellationToken, ("invoice", invoice.GetProperty("invoice").GetString()), ("attempts", 1));
            await pair.Ours.WaitAsync("payments", report => report.GetProperty("payments").EnumerateArray().Any(payment => payment.Has("payment_hash", hash) && payment.Has("state", "held")), cancellationToken);
            if (settles)
            {
                var preimage = invoice.GetProperty("preimage").GetString()!;
                await pair.Ours.CallAsync("settle", cancellationToken, ("preimage", preimage));
                Assert.Equal(preimage, (await pair.Ldk.WaitAsync("sent", cancellationToken, count)).GetProperty("preimage").GetString());
            }
            else
            {
                await pair.Ours.CallAsync("cancel", cancellationToken, ("hash", hash));
                await pair.Ldk.WaitAsync("failed", cancellationToken, count);
            }
        }
    }

    [Fact]
    public async Task A_payment_in_parts_is_taken_whole()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var pair = await ChannelPair.StartAsync(bitcoind, ldk, weOpen: false, cancellationToken);
        await pair.OpenAsync(weOpen: false, cancellationToken);

        // More than one channel carries.
        await pair.LdkPaysAsync(900_000_000, cancellationToken);
    }

    [Fact]
    public async Task No_more_HTLCs_are_offered_than_the_peer_accepts()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var pair = await ChannelPair.StartAsync(bitcoind, ldk, weOpen: true, cancellationToken, new() { ["htlcs"] = 5 });
        var (held, waiting) = (new List<string>(), new List<Task<JsonElement>>());
        for (var i = 0; i < 5; i++)
        {
            var invoice = await pair.Ldk.CommandAsync("invoice", cancellationToken, ("msat", 5_000_000), ("hold", true));
            waiting.Add(pair.Ours.CallAsync("pay", cancellationToken, ("invoice", invoice.GetProperty("invoice").GetString()!), ("timeout", "600")));
            held.Add((await pair.Ldk.WaitAsync("claimable", cancellationToken, match: ("payment_hash", invoice.GetProperty("payment_hash").GetString()))).GetProperty("preimage").GetString()!);
        }

        // One more finds no room and says so; the channel goes on.
        var refused = await pair.WePayAsync(5_000_000, cancellationToken);
        Assert.Equal("failed", refused.GetProperty("state").GetString());
        Assert.NotEmpty(refused.GetProperty("reason").GetString()!);
        Assert.Equal(5, (await pair.ReportAsync(cancellationToken)).GetProperty("htlcs").GetInt32());
        foreach (var preimage in held)
            await pair.Ldk.CommandAsync("claim", cancellationToken, ("preimage", preimage));
        Assert.All(await Task.WhenAll(waiting), static paid => Assert.Equal("succeeded", paid.GetProperty("state").GetString()));
        await pair.Ours.ChannelAsync("htlcs", "0", cancellationToken);
        Assert.Equal("succeeded", (await pair.WePayAsync(5_000_000, cancellationToken)).GetProperty("state").GetString());
    }

    [Fact]
    public async Task Payments_go_through_LDK_to_a_third_node_and_back()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var pair = await ChannelPair.StartAsync(bitcoind, ldk, weOpen: true, cancellationToken);
        await using var third = await OpenThirdAsync(pair, isPublic: false, cancellationToken);

        // The way there stands in the invoice: the channel between them is private.
        var invoice = await third.CommandAsync("invoice", cancellationToken, ("msat", 25_000_000));
        var paid = await pair.Ours.CallAsync("pay", cancellationToken, ("invoice", invoice.GetProperty("invoice").GetString()!));
        Assert.Equal("succeeded", paid.GetProperty("state").GetString());
        Assert.True(paid.GetProperty("fee_msat").GetInt64() > 0);

        // And back, by the hint of our invoice.
        var ours = await pair.Ours.CallAsync("invoice", cancellationToken, ("amount", "11000000"));
        var count = await third.EventCountAsync(cancellationToken);
        await third.CommandAsync("pay", cancellationToken, ("invoice", ours.GetProperty("invoice").GetString()));
        await third.WaitAsync("sent", cancellationToken, count);

        // What has no way fails with a reason, and is as if it had never been.
        await pair.SettledAsync(cancellationToken);
        var before = (await pair.ReportAsync(cancellationToken)).GetProperty("ours_msat").GetInt64();
        var tooMuch = await third.CommandAsync("invoice", cancellationToken, ("msat", 320_000_000));
        var failed = await pair.Ours.CallAsync("pay", cancellationToken, ("invoice", tooMuch.GetProperty("invoice").GetString()!), ("timeout", "10"));
        Assert.Equal("failed", failed.GetProperty("state").GetString());
        Assert.NotEmpty(failed.GetProperty("reason").GetString()!);
        await pair.Ours.ChannelAsync("htlcs", "0", cancellationToken);
        Assert.Equal(before, (await pair.ReportAsync(cancellationToken)).GetProperty("ours_msat").GetInt64());
    }

    [Fact]
    public async Task A_way_that_only_public_gossip_tells_of_is_found()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var pair = await ChannelPair.StartAsync(bitcoind, ldk, weOpen: true, cancellationToken, new() { ["announce"] = true });
        await using var third = await OpenThirdAsync(pair, isPublic: true, cancellationToken);
        var patience = System.Diagnostics.Stopwatch.StartNew();
        while (true)
        {
            // Nothing but the node's id is known of the payee.
            var paid = await pair.Ours.TryCallAsync("keysend", cancellationToken, ("node", third.Id), ("amount", "15000000"));
            if (paid.TryGetProperty("result", out var result) && result.ValueKind == JsonValueKind.Object && result.GetProperty("state").GetString() is "succeeded")
            {
                Assert.True(result.GetProperty("fee_msat").GetInt64() > 0);
                break;
            }

            Assert.True(patience.Elapsed < TimeSpan.FromMinutes(5), paid.ToString());
            await Task.Delay(500, cancellationToken);
        }

        await third.WaitAsync("claimed", cancellationToken);

        // A node that starts again knows the way from its disk.
        await pair.Ours.StopAsync(cancellationToken);
        await pair.Ours.StartAsync(cancellationToken);
        await pair.Ours.ChannelAsync("usable", "true", cancellationToken);
        var invoice = await third.CommandAsync("invoice", cancellationToken, ("msat", 25_000_000));
        var again = await pair.Ours.CallAsync("pay", cancellationToken, ("invoice", invoice.GetProperty("invoice").GetString()!));
        Assert.True(again.Has("state", "succeeded"), again.ToString());
    }

    // A third node, and a channel between it and LDK.
    private async Task<LdkPeer> OpenThirdAsync(ChannelPair pair, bool isPublic, CancellationToken cancellationToken)
    {
        var third = await ldk.StartAsync(pair.Chain, 3, isPublic ? new() { ["announce"] = true } : null, cancellationToken);
        await pair.Ldk.CommandAsync("connect", cancellationToken, ("id", third.Id), ("port", third.Port));
        var count = await pair.Ldk.EventCountAsync(cancellationToken);
        await pair.Ldk.CommandAsync("open", cancellationToken, ("id", third.Id), ("sat", 1_000_000), ("push_msat", 850_000_000));
        await pair.Ldk.WaitAsync("channel_pending", cancellationToken, count);
        await pair.UntilMempoolAsync(1, cancellationToken);
        await pair.MineAsync(7, cancellationToken);
        await third.WaitForHeightAsync((await pair.Chain.RpcAsync("getblockcount", cancellationToken)).GetInt32(), cancellationToken);
        await pair.Ldk.WaitAsync("channel_ready", cancellationToken, count);
        await third.WaitAsync("channel_ready", cancellationToken);
        return third;
    }

    [Fact]
    public async Task A_node_that_is_killed_in_the_middle_of_payments_loses_nothing()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var pair = await ChannelPair.StartAsync(bitcoind, ldk, weOpen: true, cancellationToken);

        // Out: the payee holds the payment while we are gone.
        var invoice = await pair.Ldk.CommandAsync("invoice", cancellationToken, ("msat", 30_000_000), ("hold", true));
        var hash = invoice.GetProperty("payment_hash").GetString()!;
        var paying = pair.Ours.CallAsync("pay", cancellationToken, ("invoice", invoice.GetProperty("invoice").GetString()!));
        var claimable = await pair.Ldk.WaitAsync("claimable", cancellationToken, match: ("payment_hash", hash));
        await pair.Ours.KillAsync(cancellationToken);
        await Assert.ThrowsAnyAsync<IOException>(() => paying);
        await pair.Ldk.CommandAsync("claim", cancellationToken, ("preimage", claimable.GetProperty("preimage").GetString()));
        await pair.Ours.StartAsync(cancellationToken);
        await pair.Ours.WaitAsync("payments", report => report.GetProperty("payments").EnumerateArray().Any(payment => payment.Has("payment_hash", hash) && payment.Has("state", "succeeded")), cancellationToken);

        // Paid already: the answer is the same, and nothing moves.
        await pair.SettledAsync(cancellationToken);
        var sent = await pair.Ours.ChannelAsync("usable", "true", cancellationToken);
        var again = await pair.Ours.CallAsync("pay", cancellationToken, ("invoice", invoice.GetProperty("invoice").GetString()!));
        Assert.Equal(claimable.GetProperty("preimage").GetString(), again.GetProperty("preimage").GetString());
        Assert.Equal(sent.GetProperty("ours_msat").GetInt64(), (await pair.Ours.ChannelAsync("usable", "true", cancellationToken)).GetProperty("ours_msat").GetInt64());

        // In: killed at whatever moment, what we took is ours and what LDK paid is taken.
        for (var round = 0; round < 3; round++)
        {
            var ours = await pair.Ours.CallAsync("invoice", cancellationToken, ("amount", "2000000"));
            var count = await pair.Ldk.EventCountAsync(cancellationToken);
            await pair.Ldk.CommandAsync("pay", cancellationToken, ("invoice", ours.GetProperty("invoice").GetString()), ("attempts", 1));
            await Task.Delay(15 * round, cancellationToken);
            await pair.Ours.KillAsync(cancellationToken);
            await pair.Ours.StartAsync(cancellationToken);
            await pair.Ours.ChannelAsync("usable", "true", cancellationToken);
            await pair.Ours.WaitAsync(
                "payments", report => report.GetProperty("payments").EnumerateArray().Any(payment => payment.Has("payment_hash", ours.GetProperty("payment_hash").GetString()!) && payment.Has("state", "received")), cancellationToken);
            await pair.Ldk.WaitAsync("sent", cancellationToken, count);
        }
    }
}
