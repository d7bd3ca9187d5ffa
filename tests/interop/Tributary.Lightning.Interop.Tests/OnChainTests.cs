using Tributary.Testing.Bitcoind;
using Tributary.Testing.Ldk;

namespace Tributary.Lightning.Interop.Tests;

public sealed class OnChainTests(BitcoindFixture bitcoind, LdkFixture ldk)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_forced_close_with_payments_under_way_gives_each_side_its_own(bool weForce)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var pair = await ChannelPair.StartAsync(bitcoind, ldk, weOpen: true, cancellationToken);
        var before = (await pair.Ours.CallAsync("balance", cancellationToken)).GetProperty("confirmed_sat").GetInt64();

        // Out, and held by LDK, which will never claim it: it comes back to us when it has expired.
        var theirs = await pair.Ldk.CommandAsync("invoice", cancellationToken, ("msat", 40_000_000), ("hold", true));
        var hash = theirs.GetProperty("payment_hash").GetString()!;
        var paying = pair.Ours.CallAsync("pay", cancellationToken, ("invoice", theirs.GetProperty("invoice").GetString()!), ("timeout", "5"));
        await pair.Ldk.WaitAsync("claimable", cancellationToken, match: ("payment_hash", hash));

        // In, and held by us: we settle it when the channel is on chain.
        var ours = await pair.Ours.CallAsync("invoice", cancellationToken, ("amount", "60000000"), ("hold", "true"));
        await pair.Ldk.CommandAsync("pay", cancellationToken, ("invoice", ours.GetProperty("invoice").GetString()));
        await pair.Ours.WaitAsync("payments", report => report.GetProperty("payments").EnumerateArray().Any(static payment => payment.Has("state", "held")), cancellationToken);
        Assert.Equal("pending", (await paying).GetProperty("state").GetString());

        if (weForce)
            await pair.Ours.CallAsync("close", cancellationToken, ("channel", pair.ChannelId), ("force", "true"));
        else
            await pair.Ldk.CommandAsync("close", cancellationToken, ("channel_id", pair.ChannelId), ("force", true));
        await pair.Ours.ChannelAsync("state", "on_chain", cancellationToken);
        while ((await pair.Chain.RpcAsync("getrawmempool", cancellationToken)).GetArrayLength() == 0)
            await Task.Delay(20, cancellationToken);
        await pair.MineAsync(1, cancellationToken);
        await pair.Ours.CallAsync("settle", cancellationToken, ("preimage", ours.GetProperty("preimage").GetString()!));

        // LDK learns the preimage from the chain; our payment fails once it is deep, not before.
        await pair.MineUntilAsync(async () => await pair.PaymentStateAsync(hash, cancellationToken) is "failed", cancellationToken);
        await pair.Ldk.WaitAsync("sent", cancellationToken, match: ("payment_hash", ours.GetProperty("payment_hash").GetString()));

        // Ours was 600,000 sat; 60,000 came, and fees went.
        await pair.MineUntilAsync(
            async () => (await pair.Ours.CallAsync("balance", cancellationToken)).GetProperty("confirmed_sat").GetInt64() > before + 600_000 + 60_000 - 20_000, cancellationToken);
    }

    [Fact]
    public async Task A_revoked_state_costs_the_peer_everything()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var pair = await ChannelPair.StartAsync(bitcoind, ldk, weOpen: true, cancellationToken);
        var before = (await pair.Ours.CallAsync("balance", cancellationToken)).GetProperty("confirmed_sat").GetInt64();

        // In this state LDK has 400,000 sat; later it has less.
        await pair.LdkPaysAsync(10_000_000, cancellationToken);
        var states = (await pair.Ldk.CommandAsync("states", cancellationToken, ("channel_id", pair.ChannelId))).GetInt32();
        for (var i = 0; i < 3; i++)
            await pair.LdkPaysAsync(50_000_000, cancellationToken);
        await pair.Ldk.CommandAsync("publish", cancellationToken, ("channel_id", pair.ChannelId), ("state", states - 1));
        await pair.MineAsync(1, cancellationToken);

        // All of the channel but fees comes to us.
        await pair.MineUntilAsync(
            async () => (await pair.Ours.CallAsync("balance", cancellationToken)).GetProperty("confirmed_sat").GetInt64() > before + 980_000, cancellationToken, 20);
        var events = await pair.Ours.CallAsync("events", cancellationToken);
        Assert.Contains(events.GetProperty("events").EnumerateArray(), static one => one.Has("kind", "alarm"));
    }
}
