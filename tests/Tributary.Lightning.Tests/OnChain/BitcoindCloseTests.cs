using Tributary.Lightning.Commitments;
using Tributary.Lightning.OnChain;
using Tributary.Primitives.Amounts;
using Tributary.Testing.Bitcoind;

namespace Tributary.Lightning.Tests.OnChain;

/// <summary>The same closes, judged and mined by a bitcoind on regtest.</summary>
public sealed class BitcoindCloseTests(BitcoindFixture fixture) : IClassFixture<BitcoindFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(CommitmentFormat.StaticRemoteKey)]
    [InlineData(CommitmentFormat.AnchorsZeroFeeHtlc)]
    public async Task HTLC_success_and_timeout_and_sweeps_are_mined(CommitmentFormat format)
    {
        await using var node = await fixture.StartAsync([], Cancellation);
        await using var world = await ChainWorld.CreateAsync(node);
        await UnilateralCloseTests.CloseByUsAsync(world, format);
    }

    [Fact]
    public async Task Penalties_of_a_revoked_commitment_and_of_the_cheaters_second_stages_are_mined()
    {
        await using var node = await fixture.StartAsync([], Cancellation);
        await using var world = await ChainWorld.CreateAsync(node);
        await RevokedCloseTests.PunishAsync(world, CommitmentFormat.AnchorsZeroFeeHtlc, blocksUntilWeSeeIt: 3);
    }

    [Fact]
    public async Task A_commitment_below_the_mempools_minimum_gets_in_as_a_package_with_the_child_of_our_anchor()
    {
        await using var node = await fixture.StartAsync(["-maxmempool=5"], Cancellation);
        await using var world = await ChainWorld.CreateAsync(node);
        var pair = await world.FundAsync(CommitmentFormat.AnchorsZeroFeeHtlc, delay: 20);
        var channel = new ScriptedChannel(pair, new ScriptedState(5_960_000_000, 4_000_000_000, new ScriptedHtlc(0, 0, 40_000_000, (uint)world.Height + 300)));
        var us = await world.JoinAsync(new ScriptedClaims(channel, 0, 0, 0), pair.Keys[0], 0x41, 200_000);
        await world.FillMempoolAsync(feerate: 600);
        Assert.Contains("mempool min fee not met", await world.BroadcastAsync(channel.Sign(0, 0)), StringComparison.Ordinal);

        us.Fees = FeeEstimates.Flat(new FeeratePerKw(3_000));
        await us.HandleAsync(new MonitorInput.BroadcastCommitment("test"));
        var package = us.Seen<MonitorEffect.Broadcast>().Last().Package;
        Assert.Equal(2, package.Count);
        var mempool = (await node.RpcAsync("getrawmempool", Cancellation)).EnumerateArray().Select(static id => id.GetString()).ToList();
        Assert.All(package, claim => Assert.Contains(claim.Transaction.TxId.ToString(), mempool, StringComparer.Ordinal));
        await world.MineAsync();
        Assert.Equal(CloseKind.Ours, us.Monitor.CloseKind);
    }
}
