using Tributary.Testing.Bitcoind;
using Tributary.Testing.Ldk;

namespace Tributary.Lightning.Interop.Tests;

/// <summary>Blocks that held a channel's funding or its close are gone.</summary>
public sealed class ReorganisationTests(BitcoindFixture bitcoind, LdkFixture ldk)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_funding_that_leaves_the_chain_before_it_is_locked_comes_again(bool weOpen)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var pair = await ChannelPair.StartAsync(bitcoind, ldk, weOpen, cancellationToken, new() { ["depth"] = 6 }, opens: false);
        await pair.ProposeAsync(weOpen, cancellationToken);
        var count = await pair.Ldk.EventCountAsync(cancellationToken);

        // In a block, and out of it again: the funding goes back to the mempool and into a later block.
        await pair.MineAsync(1, cancellationToken);
        await pair.Ours.ChannelAsync("confirmations", "1", cancellationToken);
        await pair.Ours.ChannelAsync("state", "confirming", cancellationToken);
        await pair.ReorganiseAsync(blocks: 1, cancellationToken);
        await pair.Ours.ChannelAsync("confirmations", "0", cancellationToken);
        await pair.MineAsync(6, cancellationToken);
        var ready = await pair.Ldk.WaitAsync("channel_ready", cancellationToken, count);
        await pair.BecomesUsableAsync(ready.GetProperty("channel_id").GetString()!, cancellationToken);
        Assert.Equal("succeeded", (await pair.WePayAsync(10_000_000, cancellationToken)).GetProperty("state").GetString());
        await pair.LdkPaysAsync(5_000_000, cancellationToken);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_locked_funding_that_leaves_the_chain_costs_nobody_anything(bool weOpen)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var pair = await ChannelPair.StartAsync(bitcoind, ldk, weOpen, cancellationToken);
        await pair.WePayAsync(20_000_000, cancellationToken);
        await pair.SettledAsync(cancellationToken);
        var before = await pair.ConfirmedAsync(cancellationToken);
        var ours = (await pair.ReportAsync(cancellationToken)).GetProperty("ours_msat").GetInt64() / 1000;

        // LDK closes by force when a locked funding is gone. The funding comes again, and the close after it.
        var count = await pair.Ldk.EventCountAsync(cancellationToken);
        await pair.ReorganiseAsync(blocks: 6, cancellationToken);
        await pair.Ldk.WaitAsync("channel_closed", cancellationToken, count);
        await pair.Ours.ChannelAsync("state", "on_chain", cancellationToken);
        await pair.MineUntilAsync(async () => await pair.ConfirmedAsync(cancellationToken) > before + ours - 10_000, cancellationToken, step: 12);
        Assert.InRange(await pair.ConfirmedAsync(cancellationToken), 0, before + ours);
    }

    [Theory]
    [InlineData("together")]
    [InlineData("ours")]
    [InlineData("theirs")]
    public async Task A_close_that_leaves_the_chain_comes_again(string how)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var pair = await ChannelPair.StartAsync(bitcoind, ldk, weOpen: true, cancellationToken);
        await pair.LdkPaysAsync(30_000_000, cancellationToken);
        await pair.SettledAsync(cancellationToken);
        var before = await pair.ConfirmedAsync(cancellationToken);
        var ours = (await pair.ReportAsync(cancellationToken)).GetProperty("ours_msat").GetInt64() / 1000;
        if (how is "theirs")
            await pair.Ldk.CommandAsync("close", cancellationToken, ("channel_id", pair.ChannelId), ("force", true));
        else
            await pair.Ours.CallAsync("close", cancellationToken, how is "ours" ? [("channel", pair.ChannelId), ("force", "true")] : [("channel", pair.ChannelId)]);
        await pair.UntilMempoolAsync(1, cancellationToken);
        await pair.MineAsync(1, cancellationToken);
        await pair.Ours.ChannelAsync("state", how is "together" ? "closed" : "on_chain", cancellationToken);

        // The close and what followed it leave the chain and, for a while, come into no block.
        await pair.ReorganiseAsync(blocks: 1, cancellationToken);
        await pair.MineUntilAsync(async () => await pair.ConfirmedAsync(cancellationToken) > before + ours - 10_000, cancellationToken, step: 12);
        Assert.InRange(await pair.ConfirmedAsync(cancellationToken), 0, before + ours);

        // And once more when it is deep for us: what was swept is swept again.
        await pair.ReorganiseAsync(blocks: 3, cancellationToken);
        await pair.MineUntilAsync(async () => await pair.ConfirmedAsync(cancellationToken) > before + ours - 10_000, cancellationToken, step: 12);
        var events = (await pair.Ours.CallAsync("events", cancellationToken)).GetProperty("events");
        Assert.DoesNotContain(events.EnumerateArray(), static one => one.Has("kind", "alarm"));
    }

    [Fact]
    public async Task Coins_that_a_reorganisation_takes_away_are_replaced_in_a_claim()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var pair = await ChannelPair.StartAsync(bitcoind, ldk, weOpen: true, cancellationToken, coins: 1);

        // A coin larger than all others, so that it is the one that pays for the claim of a payment that we hold.
        var invoice = await pair.Ours.CallAsync("invoice", cancellationToken, ("amount", "40000000"), ("hold", "true"));
        await pair.Ldk.CommandAsync("pay", cancellationToken, ("invoice", invoice.GetProperty("invoice").GetString()));
        await pair.Ours.WaitAsync("payments", static report => report.GetProperty("payments").EnumerateArray().Any(static payment => payment.Has("state", "held")), cancellationToken);
        var address = (await pair.Ours.CallAsync("address", cancellationToken)).GetProperty("address").GetString()!;
        var made = (await pair.Chain.WalletRpcAsync(LdkPeer.WalletName, "sendtoaddress", cancellationToken, address, 0.5)).GetString()!;
        await pair.MineAsync(1, cancellationToken);
        await pair.Ours.WaitAsync("balance", static balance => balance.GetProperty("confirmed_sat").GetInt64() > 50_000_000, cancellationToken);
        await pair.Ours.CallAsync("close", cancellationToken, ("channel", pair.ChannelId), ("force", "true"));
        await pair.UntilMempoolAsync(1, cancellationToken);
        await pair.MineAsync(1, cancellationToken);
        await pair.Ours.CallAsync("settle", cancellationToken, ("preimage", invoice.GetProperty("preimage").GetString()!));
        await pair.UntilMempoolSpendsAsync(made, cancellationToken);

        // What made that coin never happened in the chain that wins. The claim goes out again with another.
        await pair.ReorganiseWithoutAsync(made, blocks: 2, cancellationToken);
        await pair.MineUntilAsync(async () => (await pair.Ldk.CommandAsync("events", cancellationToken)).EnumerateArray().Any(static one => one.Has("type", "sent")), cancellationToken, max: 30);

        // 600,000 of the channel were ours, and 40,000 came.
        await pair.MineUntilAsync(async () => await pair.ConfirmedAsync(cancellationToken) > 10_000_000 - 1_000_000 + 640_000 - 20_000, cancellationToken, step: 12);
        Assert.InRange(await pair.ConfirmedAsync(cancellationToken), 0, 10_000_000 - 1_000_000 + 640_000);
    }
}
