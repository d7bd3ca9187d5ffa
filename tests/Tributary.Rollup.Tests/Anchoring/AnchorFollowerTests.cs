using Tributary.Finance.Amounts;
using Tributary.Primitives.Amounts;
using Tributary.Rollup.Anchoring;

namespace Tributary.Rollup.Tests.Anchoring;

/// <summary>On a chain that validates every script and signature.</summary>
public sealed class AnchorFollowerTests
{
    [Fact]
    public async Task Batches_follow_one_another_and_bodies_come_back_as_posted()
    {
        await using var world = await AnchorWorld.CreateAsync();
        await world.BeginAsync();
        var body = new byte[100_000];
        new Random(1).NextBytes(body);
        var first = world.Header(null, 1, body);
        await world.SendBatchAsync(first, body);
        await world.MineAsync(1);
        var second = world.Header(first, 2, [7]);
        await world.SendBatchAsync(second, [7]);
        await world.MineAsync(1);

        var batches = world.Seen.OfType<AnchorSeen.Batch>().ToArray();
        Assert.Equal([first, second], batches.Select(static batch => batch.Header));
        Assert.True(batches[0].Body.Span.SequenceEqual(body));
        Assert.Null(BatchRules.Check(first, batches[0].Height, null, AnchorWorld.GenesisRoot, world.Follower));
        Assert.Null(BatchRules.Check(second, batches[1].Height, first, AnchorWorld.GenesisRoot, world.Follower));
    }

    [Fact]
    public async Task Anchor_is_replaced_at_a_higher_feerate_by_the_same_commitment()
    {
        await using var world = await AnchorWorld.CreateAsync();
        await world.BeginAsync();
        var header = world.Header(null, 1, [1, 2, 3]);
        var anchor = await world.SendBatchAsync(header, [1, 2, 3]);
        var bumped = world.Sign(anchor, new FeeratePerKvB(15_000));
        await world.BroadcastAsync(bumped);
        await world.MineAsync(1);
        Assert.Equal(bumped.TxId, Assert.Single(world.Seen.OfType<AnchorSeen.Batch>()).Transaction);
        Assert.Equal("feerate", anchor.Sign(new FeeratePerKvB(1_000_000), default, null!, null!).Error.Field);
    }

    [Fact]
    public async Task Forced_posts_of_strangers_and_deposits_are_numbered_in_the_order_of_the_chain()
    {
        await using var world = await AnchorWorld.CreateAsync();
        await world.BeginAsync();
        for (byte i = 0; i < 3; i++)
        {
            await world.PostAsync(new Envelope(EnvelopeKind.Forced, ForcedPost.Payload(world.Rollup, [i, i]), world.StrangerKey), null, makesAnchor: false);
            await world.DepositAsync(new Satoshis(50_000 + i), new AccountId(i));
            await world.MineAsync(1);
        }

        var posts = world.Seen.OfType<AnchorSeen.Posted>().Select(static seen => seen.Post).ToArray();
        Assert.Equal([0ul, 1ul, 2ul], posts.Select(static post => post.Number));
        Assert.Equal([0, 1, 2], posts.Select(static post => (int)post.Operation.Span[1]));
        Assert.Equal(posts[2].Digest, world.Follower.QueueDigest(3));
        Assert.Equal(
            [(1ul, 50_000L, 0u), (2ul, 50_001L, 1u), (3ul, 50_002L, 2u)],
            world.Seen.OfType<AnchorSeen.Deposited>().Select(static seen => (seen.Deposit.Number, seen.Deposit.Amount.Value, seen.Deposit.To.Value)));
    }

    [Fact]
    public async Task Batch_that_leaves_something_out_or_does_not_follow_is_refused_by_name()
    {
        await using var world = await AnchorWorld.CreateAsync();
        await world.BeginAsync();
        await world.PostAsync(new Envelope(EnvelopeKind.Forced, ForcedPost.Payload(world.Rollup, [1]), world.StrangerKey), null, makesAnchor: false);
        await world.MineAsync(1);
        var good = world.Header(null, 1, []);
        var anchoredAt = world.Follower.NextHeight;
        Assert.Null(Check(good));
        Assert.Equal("batch.number", Check(good with { Number = 2 })?.Field);
        Assert.Equal("batch.rollup", Check(good with { Rollup = default })?.Field);
        Assert.Equal("batch.root_before", Check(good with { RootBefore = good.RootAfter })?.Field);
        Assert.Equal("batch.height", Check(good with { Height = (uint)anchoredAt })?.Field);
        Assert.Equal("batch.height", Check(good with { Height = 1 })?.Field);
        Assert.Equal("batch.block", Check(good with { Block = default })?.Field);
        Assert.Equal("batch.forced_cursor", Check(good with { ForcedCursor = 0, ForcedDigest = default })?.Field);
        Assert.Equal("batch.forced_digest", Check(good with { ForcedDigest = default })?.Field);
        Assert.Equal("batch.deposit_cursor", Check(good with { DepositCursor = 1 })?.Field);
        Assert.Equal("batch.segments", Check(good with { Segments = 0 })?.Field);

        // One block before the post: right by its own height, and late once 144 blocks have gone by.
        var height = good.Height - 1;
        var early = good with { Height = height, Block = world.Follower.BlockAt(height)!.Value, ForcedCursor = 0, ForcedDigest = ForcedPost.EmptyQueue };
        Assert.Null(Check(early));
        anchoredAt = (int)good.Height + ForcedPost.DueBlocks;
        Assert.Null(Check(early));
        anchoredAt++;
        Assert.Equal("batch.forced_cursor", Check(early)?.Field);

        Primitives.Results.Refusal? Check(BatchHeader header) => BatchRules.Check(header, anchoredAt, null, AnchorWorld.GenesisRoot, world.Follower);
    }

    [Fact]
    public async Task Reorganisation_takes_back_what_the_blocks_held_and_a_late_follower_agrees()
    {
        await using var world = await AnchorWorld.CreateAsync();
        await world.BeginAsync();
        var first = world.Header(null, 1, [1]);
        await world.SendBatchAsync(first, [1]);
        await world.MineAsync(2);
        await world.DepositAsync(new Satoshis(10_000), new AccountId(5));
        await world.MineAsync(1);
        var anchor = world.Follower.Anchor;

        await world.ReorganiseAsync(3);
        await world.MineAsync(1);
        var late = world.Late();
        Assert.Equal(late.Anchor, world.Follower.Anchor);
        Assert.Equal(late.NextHeight, world.Follower.NextHeight);
        Assert.Equal(late.DepositsUpTo(int.MaxValue), world.Follower.DepositsUpTo(int.MaxValue));
        Assert.Equal(anchor, world.Follower.Anchor);
        Assert.Single(world.Seen.OfType<AnchorSeen.Batch>());
    }

    [Fact]
    public async Task Garbage_in_the_anchors_place_changes_nothing_and_the_chain_of_anchors_goes_on()
    {
        await using var world = await AnchorWorld.CreateAsync();
        await world.BeginAsync();
        await world.PostAsync(new Envelope(EnvelopeKind.Batch, new byte[30], world.OperatorKey), world.Follower.Anchor, makesAnchor: true);
        await world.MineAsync(1);
        Assert.Equal("batch.header", Assert.Single(world.Seen.OfType<AnchorSeen.Garbage>()).Why.Field);
        var header = world.Header(null, 1, []);
        await world.SendBatchAsync(header, []);
        await world.MineAsync(1);
        Assert.Equal(header, Assert.Single(world.Seen.OfType<AnchorSeen.Batch>()).Header);
    }

    [Fact]
    public async Task Spending_the_anchor_without_another_ends_the_rollup()
    {
        await using var world = await AnchorWorld.CreateAsync();
        await world.BeginAsync();
        await world.PostAsync(new Envelope(EnvelopeKind.Batch, new byte[30], world.OperatorKey), world.Follower.Anchor, makesAnchor: false);
        await world.MineAsync(1);
        Assert.Single(world.Seen.OfType<AnchorSeen.Ended>());
        Assert.Null(world.Follower.Anchor);
    }
}
