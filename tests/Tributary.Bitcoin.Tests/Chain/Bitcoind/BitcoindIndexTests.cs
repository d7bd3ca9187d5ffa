using System.Text.Json.Nodes;
using Tributary.Bitcoin.Chain;
using Tributary.Bitcoin.Tests.Chain.Contract;
using Tributary.Testing.Bitcoind;

namespace Tributary.Bitcoin.Tests.Chain.Bitcoind;

/// <summary>What a node's indexes change, and a node with enough traffic to estimate fees.</summary>
public sealed class BitcoindIndexTests(BitcoindFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_spender_is_found_by_filters_and_without_any_index_within_a_bound()
    {
        var node = await fixture.StartAsync(["-blockfilterindex=1"], Cancellation);
        await using var driver = new BitcoindDriver(node, new CoinStore(), static options => options with { OutspendBlocksMax = 3 });
        var coin = await driver.CoinAsync(Cancellation);
        var spender = coin.Pay(fee: 1000);
        Assert.True((await driver.Source.BroadcastAsync(spender, Cancellation)).Value.IsAccepted);
        var tip = await driver.MineAsync(1, Cancellation);
        await driver.MineAsync(5, Cancellation);

        // More blocks lie between than may be read: the filters point at the two that matter.
        Assert.Equal(new Outspend(spender, 0, tip.Height), (await driver.Source.GetOutspendAsync(coin.OutPoint, null, Cancellation)).Value);

        await node.StopAsync(Cancellation);
        var bare = await fixture.StartAsync(["-txindex=0"], Cancellation);
        await using var bareDriver = new BitcoindDriver(bare, new CoinStore(), static options => options with { OutspendBlocksMax = 3 });
        var bareCoin = await bareDriver.CoinAsync(Cancellation);
        var bareSpender = bareCoin.Pay(fee: 1000);
        Assert.True((await bareDriver.Source.BroadcastAsync(bareSpender, Cancellation)).Value.IsAccepted);
        var bareTip = await bareDriver.MineAsync(1, Cancellation);
        var far = (await bareDriver.Source.GetOutspendAsync(bareCoin.OutPoint, null, Cancellation)).Error;
        Assert.Equal(ChainErrorKind.NotAvailable, far.Kind);
        Assert.Contains("blockfilterindex=1", far.Reason, StringComparison.Ordinal);
        Assert.Equal(new Outspend(bareSpender, 0, bareTip.Height), (await bareDriver.Source.GetOutspendAsync(bareCoin.OutPoint, bareTip.Height - 2, Cancellation)).Value);
        await bare.DisposeAsync();
    }

    [Fact]
    public async Task A_node_with_traffic_estimates_what_was_paid()
    {
        var node = await fixture.StartAsync([], Cancellation);
        await using var driver = new BitcoindDriver(node, new CoinStore());
        var coin = await driver.CoinAsync(Cancellation);
        for (var block = 0; block < 30; block++)
        {
            for (var i = 0; i < 10; i++)
            {
                var transaction = coin.Pay(fee: 3000);
                Assert.True((await driver.Source.BroadcastAsync(transaction, Cancellation)).Value.IsAccepted);
                coin = Spendable.Of(transaction);
                if (i % 3 == 0)
                    coin = await driver.CoinAsync(Cancellation);
            }

            await driver.MineAsync(1, Cancellation);
        }

        var estimate = await driver.Source.EstimateFeeAsync(6, Cancellation);

        // 3,000 satoshis for some hundred virtual bytes.
        Assert.True(estimate.IsOk, estimate.ToString());
        Assert.InRange(estimate.Value.Value, 10_000, 60_000);
        await node.DisposeAsync();
    }

    [Fact]
    public async Task A_node_that_loses_its_newest_blocks_in_a_crash_gets_them_again_before_anything_is_taken_back()
    {
        var node = await fixture.StartAsync([], Cancellation);
        await using var driver = new BitcoindDriver(node, new CoinStore());
        await driver.MineAsync(3, Cancellation);
        await node.RpcAsync("gettxoutsetinfo", Cancellation);
        var tip = await driver.MineAsync(2, Cancellation);
        var hexes = new List<string>();
        for (var height = tip.Height - 1; height <= tip.Height; height++)
            hexes.Add((await node.RpcAsync("getblock", Cancellation, (await driver.Source.GetBlockHashAsync(height, Cancellation)).Value.ToString(), 0)).GetString()!);
        var replica = new Replica(tip);
        await using var events = new EventReader<ChainEvent>(cancellation => driver.Source.FollowAsync(tip, cancellation));
        _ = events.MoveNext();

        // What was mined since the last write to disk is gone with the process.
        await node.KillAsync(Cancellation);
        await node.StartAsync(Cancellation);
        Assert.True((await node.RpcAsync("getblockcount", Cancellation)).GetInt32() < tip.Height);
        foreach (var hex in hexes)
            await node.RpcAsync("submitblock", Cancellation, (JsonNode?)hex);
        var later = await driver.MineAsync(1, Cancellation);

        await replica.FollowToAsync(events, later, Cancellation);
        Assert.Equal((1, 0), replica.Counts);
        await node.DisposeAsync();
    }
}
