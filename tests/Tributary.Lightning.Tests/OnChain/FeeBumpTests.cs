using Tributary.Lightning.Commitments;
using Tributary.Lightning.OnChain;
using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.Tests.OnChain;

/// <summary>What our own commitment and its second stages pay, and with whose money.</summary>
public sealed class FeeBumpTests
{
    private static readonly FeeEstimates s_high = FeeEstimates.Flat(new FeeratePerKw(5_000));

    [Fact]
    public async Task A_commitment_that_pays_enough_goes_alone()
    {
        await using var world = await ChainWorld.CreateAsync();
        var (_, us) = await OpenAsync(world, feerate: 2_500);
        us.Fees = FeeEstimates.Flat(new FeeratePerKw(1_000));
        await us.HandleAsync(new MonitorInput.BroadcastCommitment("test"));
        Assert.Single(Assert.Single(us.Seen<MonitorEffect.Broadcast>()).Package);
        Assert.Empty(us.Seen<MonitorEffect.NeedsCoins>());
    }

    [Fact]
    public async Task A_commitment_that_pays_too_little_is_paid_for_by_a_child_of_our_anchor()
    {
        await using var world = await ChainWorld.CreateAsync();
        var (_, us) = await OpenAsync(world, feerate: 253);
        us.Fees = s_high;
        await us.HandleAsync(new MonitorInput.BroadcastCommitment("test"));
        var package = us.Seen<MonitorEffect.Broadcast>().Last();
        Assert.Equal(2, package.Package.Count);
        Assert.InRange(package.Feerate.Value, 4_950, 5_050);
        Assert.Empty(us.Rejections);
        Assert.True(await world.IsInMempoolAsync(package.Package[1].Transaction.TxId));
        await world.MineAsync();
        Assert.Equal(CloseKind.Ours, us.Monitor.CloseKind);
    }

    [Fact]
    public async Task The_child_is_replaced_as_feerates_rise_and_the_deadline_comes_near_and_stays_within_what_is_at_stake()
    {
        await using var world = await ChainWorld.CreateAsync();
        var (channel, us) = await OpenAsync(world, feerate: 253);
        us.IsMuted = true;
        us.Fees = s_high;
        await us.HandleAsync(new MonitorInput.BroadcastCommitment("test"));
        await world.MineAsync(60);
        var children = us.Seen<MonitorEffect.Broadcast>().Where(static broadcast => broadcast.Package.Count == 2).Select(static broadcast => broadcast.Package[1]).DistinctBy(static child => child.Transaction.TxId).ToList();
        Assert.True(children.Count > 3);
        foreach (var (before, after) in children.Zip(children.Skip(1)))
            Assert.True(after.Fee >= before.Fee + FeePolicy.Increment.FeeForWeight(after.Weight));
        var atStake = channel.States[0].Htlcs.Sum(static htlc => htlc.AmountMsat / 1000);
        Assert.True(children[^1].Fee.Value <= (atStake * 9 / 10) + 300_000);

        // The last of them replaces the first at a node that has seen only that one.
        us.IsMuted = false;
        await world.MineAsync(2);
        Assert.Equal(CloseKind.Ours, us.Monitor.CloseKind);
    }

    [Fact]
    public async Task Replacements_are_taken_by_the_mempool_one_after_the_other()
    {
        await using var world = await ChainWorld.CreateAsync();
        var (_, us) = await OpenAsync(world, feerate: 253);
        await us.HandleAsync(new MonitorInput.BroadcastCommitment("test"));
        await world.MineAsync();

        // HTLC-success of what we can prove: with every block that passes it by, and estimates that rise, it is replaced.
        var seen = new HashSet<Tributary.Bitcoin.Transactions.TxId>();
        for (var feerate = 700L; feerate < 12_000; feerate = feerate * 3 / 2)
        {
            us.Fees = FeeEstimates.Flat(new FeeratePerKw(feerate));
            await world.MineEmptyAsync();
            var last = us.Seen<MonitorEffect.Broadcast>().Last().Package[0].Transaction.TxId;
            Assert.True(seen.Add(last));
            Assert.True(await world.IsInMempoolAsync(last));
        }

        Assert.Empty(us.Rejections);
    }

    [Fact]
    public async Task Without_coins_somebody_is_told_and_the_commitment_goes_as_it_is()
    {
        await using var world = await ChainWorld.CreateAsync();
        var (_, us) = await OpenAsync(world, feerate: 253);
        us.Fees = s_high;
        us.Wallet.IsEmptyHanded = true;
        await us.HandleAsync(new MonitorInput.BroadcastCommitment("test"));
        Assert.NotEmpty(us.Seen<MonitorEffect.Alarm>());
        Assert.Single(us.Seen<MonitorEffect.Broadcast>().Last().Package);

        // With coins again, it is paid for.
        us.Wallet.IsEmptyHanded = false;
        await world.MineEmptyAsync();
        Assert.Equal(2, us.Seen<MonitorEffect.Broadcast>().Last().Package.Count);
    }

    [Fact]
    public async Task Coins_come_back_when_nothing_needs_them_and_withdrawn_ones_are_asked_for_again()
    {
        await using var world = await ChainWorld.CreateAsync();
        var (_, us) = await OpenAsync(world, feerate: 253);
        us.Fees = s_high;
        us.IsMuted = true;
        await us.HandleAsync(new MonitorInput.BroadcastCommitment("test"));
        var request = us.Seen<MonitorEffect.NeedsCoins>().First();
        us.Wallet.Release(request.Purpose);
        await us.HandleAsync(new MonitorInput.CoinsWithdrawn(request.Purpose));
        await world.MineAsync(ClaimMargins.PatienceBlocks);
        Assert.True(us.Seen<MonitorEffect.NeedsCoins>().Count() > 1);
        us.IsMuted = false;
        await world.MineAsync(120);
        Assert.Equal(0, us.Wallet.Leases);
    }

    [Fact]
    public async Task A_commitment_of_the_peers_that_waits_in_the_mempool_is_paid_for_by_our_anchor_on_it()
    {
        await using var world = await ChainWorld.CreateAsync();
        var (channel, us) = await OpenAsync(world, feerate: 253);
        us.Fees = s_high;
        var theirs = channel.Sign(1, 0);
        Assert.Null(await world.BroadcastAsync(theirs));
        us.IsMuted = true;
        await us.HandleAsync(new MonitorInput.BroadcastCommitment("test"));
        us.IsMuted = false;
        await us.HandleAsync(new MonitorInput.CloseSeen(theirs));
        await us.HandleAsync(new MonitorInput.CloseSeen(theirs));
        var child = Assert.Single(us.Seen<MonitorEffect.Broadcast>().Last().Package);
        Assert.Equal(theirs.TxId, child.Transaction.PreviousOutput(0).TxId);
        Assert.True(await world.IsInMempoolAsync(child.Transaction.TxId));
        await world.MineAsync();
        Assert.Equal(CloseKind.Peers, us.Monitor.CloseKind);
    }

    [Fact]
    public async Task What_spends_the_funding_and_is_no_commitment_of_the_peers_is_not_paid_for()
    {
        await using var world = await ChainWorld.CreateAsync();
        var (channel, us) = await OpenAsync(world, feerate: 253);
        us.Fees = s_high;
        us.IsMuted = true;
        await us.HandleAsync(new MonitorInput.BroadcastCommitment("test"));
        var before = us.Effects.Count;
        await us.HandleAsync(new MonitorInput.CloseSeen(channel.Sign(0, 0)));
        Assert.Equal(before, us.Effects.Count);
    }

    private static async Task<(ScriptedChannel Channel, Party Us)> OpenAsync(ChainWorld world, long feerate)
    {
        var pair = await world.FundAsync(CommitmentFormat.AnchorsZeroFeeHtlc, delay: 20);
        pair.Feerate = new FeeratePerKw(feerate);
        var expiry = (uint)world.Height + 40;
        var channel = new ScriptedChannel(
            pair, new ScriptedState(5_960_000_000, 3_940_000_000, new(0, 0, 40_000_000, expiry + 100), new(1, 1, 60_000_000, expiry)));
        var us = await world.JoinAsync(new ScriptedClaims(channel, 0, 0, 0), pair.Keys[0], 0x41, 100_000, 100_000, 100_000);
        us.Claims.Known.Add(channel.States[0].Htlcs[1].Hash);
        return (channel, us);
    }
}
