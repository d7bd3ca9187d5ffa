using System.Globalization;
using System.Text.Json;
using Tributary.Testing.Bitcoind;
using Tributary.Testing.Ldk;

namespace Tributary.Lightning.Interop.Tests;

public sealed class OnChainTests(BitcoindFixture bitcoind, LdkFixture ldk)
{
    [Theory]
    [InlineData(true, true, true)]
    [InlineData(false, false, true)]
    [InlineData(true, false, false)]
    public async Task A_forced_close_with_payments_under_way_gives_each_side_its_own(bool weForce, bool weOpen, bool hasAnchors)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var pair = await ChannelPair.StartAsync(bitcoind, ldk, weOpen, cancellationToken, new() { ["anchors"] = hasAnchors });
        var before = await pair.ConfirmedAsync(cancellationToken);

        // Out, and held by LDK, which will never claim it: it comes back to us when it has expired.
        var (hash, paying, _) = await OfferAsync(pair, 40_000_000, cancellationToken);

        // In, and held by us: we settle it when the channel is on chain.
        var ours = await TakeAsync(pair, 60_000_000, cancellationToken);
        Assert.Equal("pending", (await paying).GetProperty("state").GetString());
        if (weForce)
            await pair.Ours.CallAsync("close", cancellationToken, ("channel", pair.ChannelId), ("force", "true"));
        else
            await pair.Ldk.CommandAsync("close", cancellationToken, ("channel_id", pair.ChannelId), ("force", true));
        await pair.Ours.ChannelAsync("state", "on_chain", cancellationToken);
        await pair.UntilMempoolAsync(1, cancellationToken);
        await pair.MineAsync(1, cancellationToken);
        await pair.Ours.CallAsync("settle", cancellationToken, ("preimage", ours.GetProperty("preimage").GetString()!));

        // LDK learns the preimage from the chain; our payment fails once it is deep, not before.
        await pair.MineUntilAsync(async () => await pair.PaymentStateAsync(hash, cancellationToken) is "failed", cancellationToken, step: 2);
        await pair.Ldk.WaitAsync("sent", cancellationToken, match: ("payment_hash", ours.GetProperty("payment_hash").GetString()));

        // Ours was 600,000 sat or 400,000; 60,000 came, and fees went.
        var share = weOpen ? 600_000 : 400_000;
        await pair.MineUntilAsync(async () => await pair.ConfirmedAsync(cancellationToken) > before + share + 60_000 - 20_000, cancellationToken, step: 12);
        Assert.InRange(await pair.ConfirmedAsync(cancellationToken), 0, before + share + 60_000);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_preimage_that_LDK_shows_on_chain_ends_our_payment_as_paid(bool weForce)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var pair = await ChannelPair.StartAsync(bitcoind, ldk, weOpen: true, cancellationToken);
        var (hash, paying, preimage) = await OfferAsync(pair, 40_000_000, cancellationToken);
        Assert.Equal("pending", (await paying).GetProperty("state").GetString());
        if (weForce)
            await pair.Ours.CallAsync("close", cancellationToken, ("channel", pair.ChannelId), ("force", "true"));
        else
            await pair.Ldk.CommandAsync("close", cancellationToken, ("channel_id", pair.ChannelId), ("force", true));
        await pair.Ours.ChannelAsync("state", "on_chain", cancellationToken);
        await pair.UntilMempoolAsync(1, cancellationToken);
        await pair.MineAsync(1, cancellationToken);

        // Nobody says it by message: the channel is gone.
        await pair.Ldk.CommandAsync("claim", cancellationToken, ("preimage", preimage));
        await pair.MineUntilAsync(async () => await pair.PaymentStateAsync(hash, cancellationToken) is "succeeded", cancellationToken, max: 40);
        var paid = (await pair.Ours.CallAsync("payments", cancellationToken)).GetProperty("payments").EnumerateArray().Single(payment => payment.Has("payment_hash", hash));
        Assert.Equal(preimage, paid.GetProperty("preimage").GetString());

        // The same once more costs nothing and says the same, a restart later too.
        await pair.Ours.KillAsync(cancellationToken);
        await pair.Ours.StartAsync(cancellationToken);
        Assert.Equal("succeeded", await pair.PaymentStateAsync(hash, cancellationToken));
    }

    [Fact]
    public async Task A_node_that_was_away_when_its_peer_cheated_punishes_before_it_does_anything_else()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var pair = await ChannelPair.StartAsync(bitcoind, ldk, weOpen: false, cancellationToken);
        var before = await pair.ConfirmedAsync(cancellationToken);
        await pair.WePayAsync(10_000_000, cancellationToken);
        var states = (await pair.Ldk.CommandAsync("states", cancellationToken, ("channel_id", pair.ChannelId))).GetInt32();
        for (var i = 0; i < 2; i++)
            await pair.LdkPaysAsync(100_000_000, cancellationToken);
        await pair.Ours.KillAsync(cancellationToken);
        await pair.Ldk.CommandAsync("publish", cancellationToken, ("channel_id", pair.ChannelId), ("state", states - 1));
        await Mine.BlocksAsync(pair.Chain, 20, cancellationToken);
        await pair.Ours.StartAsync(cancellationToken);
        await pair.MineUntilAsync(async () => await pair.ConfirmedAsync(cancellationToken) > before + 980_000, cancellationToken, 20);
    }

    [Fact]
    public async Task A_revoked_state_costs_the_peer_everything()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var pair = await ChannelPair.StartAsync(bitcoind, ldk, weOpen: true, cancellationToken);
        var before = (await pair.Ours.CallAsync("balance", cancellationToken)).GetProperty("confirmed_sat").GetInt64();

        // In this state LDK has 400,000 sat less what it pays, and HTLCs go both ways; later it has less, and they are gone.
        await pair.LdkPaysAsync(10_000_000, cancellationToken);
        var (_, paying, preimage) = await OfferAsync(pair, 30_000_000, cancellationToken);
        var invoice = await TakeAsync(pair, 20_000_000, cancellationToken);
        await pair.Ours.WaitAsync("channels", static report => report.GetProperty("channels")[0].GetProperty("htlcs").GetInt32() == 2, cancellationToken);
        await paying;
        var states = (await pair.Ldk.CommandAsync("states", cancellationToken, ("channel_id", pair.ChannelId))).GetInt32();
        await pair.Ldk.CommandAsync("claim", cancellationToken, ("preimage", preimage));
        await pair.Ours.CallAsync("settle", cancellationToken, ("preimage", invoice.GetProperty("preimage").GetString()!));
        await pair.Ours.WaitAsync("channels", static report => report.GetProperty("channels")[0].GetProperty("htlcs").GetInt32() == 0, cancellationToken);
        for (var i = 0; i < 3; i++)
            await pair.LdkPaysAsync(50_000_000, cancellationToken);
        await pair.Ldk.CommandAsync("publish", cancellationToken, ("channel_id", pair.ChannelId), ("state", states - 1));
        var close = (await pair.PendingCloseAsync(cancellationToken))!;
        var outputs = (await pair.Chain.RpcAsync("getrawtransaction", cancellationToken, close, true)).GetProperty("vout").GetArrayLength();
        Assert.Equal(6, outputs);
        await pair.MineAsync(1, cancellationToken);

        // All of the channel but fees comes to us.
        await pair.MineUntilAsync(
            async () => (await pair.Ours.CallAsync("balance", cancellationToken)).GetProperty("confirmed_sat").GetInt64() > before + 980_000, cancellationToken, 20);
        var events = await pair.Ours.CallAsync("events", cancellationToken);
        Assert.Contains(events.GetProperty("events").EnumerateArray(), static one => one.Has("kind", "alarm"));
    }

    // We pay, and LDK holds it: its hash, the call that waits for it, and what claims it.
    private static async Task<(string Hash, Task<JsonElement> Paying, string Preimage)> OfferAsync(ChannelPair pair, long millisatoshis, CancellationToken cancellationToken)
    {
        var invoice = await pair.Ldk.CommandAsync("invoice", cancellationToken, ("msat", millisatoshis), ("hold", true));
        var hash = invoice.GetProperty("payment_hash").GetString()!;
        var paying = pair.Ours.CallAsync("pay", cancellationToken, ("invoice", invoice.GetProperty("invoice").GetString()!), ("timeout", "5"));
        var claimable = await pair.Ldk.WaitAsync("claimable", cancellationToken, match: ("payment_hash", hash));
        return (hash, paying, claimable.GetProperty("preimage").GetString()!);
    }

    // LDK pays, and we hold it.
    private static async Task<JsonElement> TakeAsync(ChannelPair pair, long millisatoshis, CancellationToken cancellationToken)
    {
        var invoice = await pair.Ours.CallAsync("invoice", cancellationToken, ("amount", millisatoshis.ToString(CultureInfo.InvariantCulture)), ("hold", "true"));
        await pair.Ldk.CommandAsync("pay", cancellationToken, ("invoice", invoice.GetProperty("invoice").GetString()));
        await pair.Ours.WaitAsync(
            "payments", report => report.GetProperty("payments").EnumerateArray().Any(payment => payment.Has("payment_hash", invoice.GetProperty("payment_hash").GetString()!) && payment.Has("state", "held")), cancellationToken);
        return invoice;
    }
}
