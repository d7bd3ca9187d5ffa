using Tributary.Crypto;
using Tributary.Lightning.Commitments;
using Tributary.Lightning.OnChain;
using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.Tests.OnChain;

/// <summary>The peer broadcasts a commitment that it has revoked.</summary>
public sealed class RevokedCloseTests
{
    private const int Delay = 20;

    public static TheoryData<CommitmentFormat> Formats => [CommitmentFormat.StaticRemoteKey, CommitmentFormat.AnchorsZeroFeeHtlc];

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Everything_in_it_is_ours_in_the_next_block(CommitmentFormat format)
    {
        await using var world = await ChainWorld.CreateAsync();
        var channel = await OpenAsync(world, format);
        var us = await JoinAsync(world, channel);
        Assert.Null(await world.BroadcastAsync(channel.Sign(1, 0)));
        await world.MineAsync();
        Assert.Equal(CloseKind.Revoked, us.Monitor.CloseKind);
        Assert.Equal(0UL, Assert.Single(us.Seen<MonitorEffect.BreachFound>()).CommitmentNumber);
        await world.MineAsync();
        AssertAllOurs(world, channel, us);

        // What has one deadline and no company goes together.
        Assert.True(us.Seen<MonitorEffect.Broadcast>().Max(static broadcast => broadcast.Package[0].Transaction.InputCount) >= 3);
        await world.MineAsync(150);
        Assert.True(us.Monitor.IsDone);
    }

    [Theory]
    [InlineData(CommitmentFormat.StaticRemoteKey, 1)]
    [InlineData(CommitmentFormat.AnchorsZeroFeeHtlc, 1)]
    [InlineData(CommitmentFormat.AnchorsZeroFeeHtlc, 40)]
    public async Task The_cheaters_second_stages_are_ours_too(CommitmentFormat format, int blocksUntilWeSeeIt)
    {
        await using var world = await ChainWorld.CreateAsync();
        await PunishAsync(world, format, blocksUntilWeSeeIt);
    }

    internal static async Task PunishAsync(ChainWorld world, CommitmentFormat format, int blocksUntilWeSeeIt)
    {
        var channel = await OpenAsync(world, format);
        var us = await JoinAsync(world, channel);
        var cheater = await world.JoinAsync(new ScriptedClaims(channel, 1, 0, 0), channel.Pair.Keys[1], 0x42, 100_000, 60_000, 60_000, 60_000, 60_000, 60_000);
        cheater.Fees = FeeEstimates.Flat(new FeeratePerKw(5_000));
        foreach (var htlc in channel.States[0].Htlcs.Where(static htlc => htlc.Offerer == 0))
            cheater.Claims.Known.Add(htlc.Hash);

        // Our transactions do not get through at first.
        us.IsMuted = true;
        await cheater.HandleAsync(new MonitorInput.BroadcastCommitment("cheat"));
        await world.MineAsync(Math.Min(blocksUntilWeSeeIt, Delay - 1));
        us.IsMuted = false;
        await world.MineAsync(Delay);
        AssertAllOurs(world, channel, us);
        foreach (var htlc in channel.States[0].Htlcs.Where(static htlc => htlc.Offerer == 0))
            Assert.Contains(us.Seen<MonitorEffect.PreimageLearnt>(), effect => effect.PaymentHash == htlc.Hash);
    }

    [Fact]
    public async Task A_batch_is_split_when_it_is_held_up()
    {
        await using var world = await ChainWorld.CreateAsync();
        var channel = await OpenAsync(world, CommitmentFormat.AnchorsZeroFeeHtlc);
        var us = await JoinAsync(world, channel);
        us.IsMuted = true;
        Assert.Null(await world.BroadcastAsync(channel.Sign(1, 0)));
        await world.MineAsync(1);
        var contested = us.Seen<MonitorEffect.Broadcast>().Count(static broadcast => broadcast.Package[0].Transaction.InputCount > 1);
        Assert.True(contested > 0);
        await world.MineAsync(ClaimMargins.SplitAfterBlocks + 1);

        // Those that the peer may take with a preimage now go one by one; to_local and the others stay together until the deadline is near.
        var outputs = channel.Commitment(1, 0).Htlcs.Where(static output => !output.Htlc.IsOffered).Select(output => channel.Commitment(1, 0).Unsigned.OutPointOf(output.Index)).ToList();
        var last = us.Seen<MonitorEffect.Broadcast>().ToList();
        foreach (var outPoint in outputs)
            Assert.Equal(1, last.Last(broadcast => broadcast.Package[0].Transaction.Inputs.Any(input => input.PreviousOutput == outPoint)).Package[0].Transaction.InputCount);
        await world.MineToAsync(us.Monitor.CloseHeight!.Value + Delay - 3);
        last = [.. us.Seen<MonitorEffect.Broadcast>()];
        foreach (var broadcast in last.TakeLast(channel.Commitment(1, 0).Htlcs.Count + 1))
            Assert.Equal(1, broadcast.Package[0].Transaction.InputCount);

        // All of it replaces the batches that went before.
        us.IsMuted = false;
        await world.MineAsync(2);
        AssertAllOurs(world, channel, us);
    }

    [Fact]
    public async Task A_claim_that_does_not_confirm_pays_more_with_every_block_near_the_deadline_and_never_more_than_is_at_stake()
    {
        await using var world = await ChainWorld.CreateAsync();
        var channel = await OpenAsync(world, CommitmentFormat.AnchorsZeroFeeHtlc);
        var us = await JoinAsync(world, channel);
        us.IsMuted = true;
        Assert.Null(await world.BroadcastAsync(channel.Sign(1, 0)));
        await world.MineAsync(Delay + 10);
        var commitment = channel.Commitment(1, 0);
        var anchors = new[] { commitment.BroadcasterAnchorIndex, commitment.CountersignerAnchorIndex };
        for (var i = 0; i < commitment.Unsigned.OutputCount; i++)
        {
            if (anchors.Contains(i) || i == commitment.ToCountersignerIndex)
                continue;
            var outPoint = commitment.Unsigned.OutPointOf(i);
            var single = us.Seen<MonitorEffect.Broadcast>()
                .Select(static broadcast => broadcast.Package[0])
                .Where(claim => claim.Transaction.InputCount == 1 && claim.Transaction.PreviousOutput(0) == outPoint)
                .DistinctBy(static claim => claim.Transaction.TxId)
                .ToList();
            Assert.True(single.Count > 5);
            foreach (var (before, after) in single.Zip(single.Skip(1)))
            {
                Assert.True(after.Feerate > before.Feerate);
                Assert.True(after.Fee >= before.Fee + FeePolicy.Increment.FeeForWeight(after.Weight));
            }

            Assert.True(single[^1].Fee <= FeePolicy.FeeMax(commitment.Unsigned.OutputValue(i), 0));
        }

        Assert.NotEmpty(us.Seen<MonitorEffect.Alarm>());
    }

    [Fact]
    public async Task As_many_HTLCs_as_a_commitment_may_hold_are_taken_and_split_when_they_are_held_up()
    {
        await using var world = await ChainWorld.CreateAsync();
        var pair = await world.FundAsync(CommitmentFormat.AnchorsZeroFeeHtlc, Delay);
        ScriptedHtlc[] htlcs = [.. Enumerable.Range(0, 966).Select(i => new ScriptedHtlc(i % 2, (ulong)i / 2, 5_000_000 + i, (uint)(world.Height + 100 + (i % 7)))
        {
            Preimage = Hashes.Sha256(BitConverter.GetBytes(i)),
        })];
        var offered = htlcs.Where(static htlc => htlc.Offerer == 0).Sum(static htlc => htlc.AmountMsat);
        var channel = new ScriptedChannel(
            pair,
            new ScriptedState(5_000_000_000 - offered, 5_000_000_000 - (htlcs.Sum(static htlc => htlc.AmountMsat) - offered), htlcs),
            new ScriptedState(5_000_000_000, 5_000_000_000));
        var us = await world.JoinAsync(new ScriptedClaims(channel, 0, 1, 1), pair.Keys[0], 0x41, 100_000);
        Assert.True(await world.MineChosenAsync(channel.Sign(1, 0)));
        Assert.InRange(us.Seen<MonitorEffect.Broadcast>().Count(), 10, 14);
        us.IsMuted = true;
        await world.MineEmptyAsync();
        var before = us.Effects.Count;
        await world.MineEmptyAsync();

        // Those that the peer may take with a preimage, in halves since no one of them could pay for the batch that it replaces.
        var contested = channel.Commitment(1, 0).Htlcs.Where(static output => !output.Htlc.IsOffered).Select(output => channel.Commitment(1, 0).Unsigned.OutPointOf(output.Index)).ToHashSet();
        var claims = us.Effects.Skip(before).OfType<MonitorEffect.Broadcast>().Select(static broadcast => broadcast.Package[0].Transaction).ToList();
        Assert.Equal(10, claims.Count(claim => contested.Contains(claim.PreviousOutput(0)) && claim.InputCount is > 40 and <= 50));
        us.IsMuted = false;
        await world.MineAsync(4);
        var commitment = channel.Commitment(1, 0);
        var spent = world.Transactions.SelectMany(static one => one.Transaction.Inputs).Select(static input => input.PreviousOutput).ToHashSet();
        for (var i = 0; i < commitment.Unsigned.OutputCount; i++)
        {
            if (i != commitment.BroadcasterAnchorIndex && i != commitment.CountersignerAnchorIndex)
                Assert.Contains(commitment.Unsigned.OutPointOf(i), spent);
        }
    }

    private static async Task<ScriptedChannel> OpenAsync(ChainWorld world, CommitmentFormat format)
    {
        var pair = await world.FundAsync(format, Delay);
        var expiry = (uint)world.Height + 12;
        ScriptedHtlc[] htlcs =
        [
            new(0, 0, 40_000_000, expiry), new(0, 1, 50_000_000, expiry + 100), new(1, 0, 60_000_000, expiry - 10), new(1, 1, 70_000_000, expiry + 200),
        ];
        return new ScriptedChannel(
            pair, new ScriptedState(2_910_000_000, 6_870_000_000, htlcs), new ScriptedState(9_000_000_000, 1_000_000_000), new ScriptedState(9_500_000_000, 500_000_000));
    }

    private static async Task<Party> JoinAsync(ChainWorld world, ScriptedChannel channel)
    {
        var us = await world.JoinAsync(new ScriptedClaims(channel, 0, channel.Last, channel.Last), channel.Pair.Keys[0], 0x41, 100_000);
        Assert.Equal(2UL, us.Claims.Revoked.Revoked);
        return us;
    }

    private static void AssertAllOurs(ChainWorld world, ScriptedChannel channel, Party us)
    {
        var commitment = channel.Commitment(1, 0);
        var ownership = new Ownership(world, commitment, us);
        for (var i = 0; i < commitment.Unsigned.OutputCount; i++)
        {
            if (i != commitment.BroadcasterAnchorIndex && i != commitment.CountersignerAnchorIndex)
                Assert.Equal(0, ownership.OwnerOf(i));
        }
    }
}
