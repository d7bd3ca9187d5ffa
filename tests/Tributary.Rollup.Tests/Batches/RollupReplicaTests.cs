using Tributary.Finance.Amounts;
using Tributary.Finance.Assets;
using Tributary.Finance.Transfers;
using Tributary.Primitives.Amounts;
using Tributary.Rollup.Batches;
using Tributary.Rollup.Segments;
using Tributary.Rollup.Tests.Proving;

namespace Tributary.Rollup.Tests.Batches;

/// <summary>The state as it comes out of Bitcoin's blocks, against the operator's own.</summary>
public sealed class RollupReplicaTests
{
    [Fact]
    public async Task State_rebuilt_from_bitcoin_is_the_operators_and_is_relied_on_as_far_as_it_is_proven()
    {
        await using var world = await BatchWorld.CreateAsync();
        await world.AddUsersAsync(4);
        var (header, body) = world.Make(builder =>
        {
            world.Pay(builder, 2, 3, 1_000);
            world.Pay(builder, 3, 5, 7);
        });
        await world.AnchorAsync(header, body);

        Assert.Empty(world.Replica.Refused);
        Assert.Equal(world.Ledger.Root, world.Replica.Ledger!.Root);
        Assert.Equal(50_000u - 1_003, world.BalanceOf(2));
        Assert.Equal(50_000u + 7, world.BalanceOf(5));
        Assert.Equal(world.Segments[0].RootBefore, world.Replica.ProvenRoot);

        var proof = WeakProofs.Prove(world.Segments[0]);
        Assert.NotNull(world.Replica.Prove(WeakProofs.Prove(world.Segments[1])));
        Assert.Null(world.Replica.Prove(proof));
        Assert.NotNull(world.Replica.Prove(proof));
        Assert.Equal(1ul, world.Replica.ProvenSegments);
        Assert.Equal(world.Segments[0].RootAfter, world.Replica.ProvenRoot);
        Assert.Null(world.Replica.Prove(WeakProofs.Prove(world.Segments[1])));
        Assert.Equal(world.Ledger.Root, world.Replica.ProvenRoot);
        Assert.Equal("proof", world.Replica.Prove(proof)!.Field);
    }

    [Fact]
    public async Task Reorganisation_that_drops_a_batch_takes_its_state_back()
    {
        await using var world = await BatchWorld.CreateAsync();
        await world.AddUsersAsync(3);
        var before = world.Replica.Ledger!.Root;
        var (header, body) = world.Make(builder => world.Pay(builder, 2, 3, 1_000));
        await world.AnchorAsync(header, body);
        Assert.NotEqual(before, world.Replica.Ledger.Root);

        // Both batches are out of the chain. The block that the second names is gone for good, so anchored again it does not count.
        await world.Chain.ReorganiseAsync(2);
        world.Show();
        Assert.Empty(world.Replica.Batches);
        Assert.Equal(world.Segments[0].RootBefore, world.Replica.Ledger.Root);
        await world.MineAsync(1);
        Assert.Equal(before, world.Replica.Ledger.Root);
        Assert.Equal(50_000u, world.BalanceOf(3));
        Assert.Equal("batch.block", Assert.Single(world.Replica.Refused).Why.Field);
    }

    [Fact]
    public async Task Batch_that_lies_counts_for_nothing_and_its_number_is_free_again()
    {
        await using var world = await BatchWorld.CreateAsync();
        await world.AddUsersAsync(3);
        var users = world.Last!;
        var root = world.Replica.Ledger!.Root;
        var (header, body) = world.Make(builder => world.Pay(builder, 2, 3, 1_000));
        await world.AnchorAsync(header with { RootAfter = root }, body);
        await world.AnchorAsync(header with { BodyDigest = default }, body);
        await world.AnchorAsync(header with { Segments = 2 }, body);
        await world.AnchorAsync(header with { BodyDigest = SegmentStatement.DigestOf([1, 2]) }, [1, 2]);
        string[] faults = ["batch.root_after", "batch.body_digest", "batch.body[1]", "batch.body[0].body.version"];
        Assert.Equal(faults, world.Replica.Refused.Select(static refused => refused.Why.Field), StringComparer.Ordinal);
        Assert.Equal(root, world.Replica.Ledger.Root);
        Assert.Equal(users, world.Replica.Batches.Last().Header);

        await world.AnchorAsync(header, body);
        Assert.Equal(header, world.Replica.Batches.Last().Header);
        Assert.Equal(world.Ledger.Root, world.Replica.Ledger.Root);
    }

    [Fact]
    public async Task Deposit_that_nobody_paid_or_that_is_left_out_makes_a_batch_invalid()
    {
        await using var world = await BatchWorld.CreateAsync();
        await world.AddUsersAsync(2);
        var (minted, mintedBody) = world.Make(static builder => Assert.Null(
            builder.Add(new(new Deposit(3, AssetId.Bitcoin, new AccountId(2), 1_000_000), null), []).Refusal));
        await world.AnchorAsync(minted, mintedBody);
        Assert.Equal("batch.body[0].operations[0].deposit", Assert.Single(world.Replica.Refused).Why.Field);
    }

    [Fact]
    public async Task Deposit_to_nobody_holds_nothing_up()
    {
        await using var world = await BatchWorld.CreateAsync();
        await world.AddUsersAsync(2);
        await world.Chain.DepositAsync(new Satoshis(9_000), new AccountId(77));
        await world.Chain.DepositAsync(new Satoshis(8_000), new AccountId(3));
        await world.MineAsync(1);
        var (header, body) = world.Make(static _ => { });
        await world.AnchorAsync(header, body);
        Assert.Empty(world.Replica.Refused);
        Assert.Equal(58_000u, world.BalanceOf(3));
        Assert.Equal(77u, Assert.Single(world.Replica.Batches.Last().PassedOver).To.Value);
    }

    [Fact]
    public async Task Operation_forced_through_bitcoin_is_carried_out_and_garbage_is_not()
    {
        await using var world = await BatchWorld.CreateAsync();
        await world.AddUsersAsync(2);
        var (request, signature) = world.Sign(2, new Transfer(AssetId.Bitcoin, new AccountId(3), 20_000));
        var forged = signature.ToArray();
        forged[100] ^= 1;
        await world.PostAsync(new ForcedOperation(request, forged).Write());
        await world.PostAsync([1, 2, 3]);
        await world.MineAsync(1);
        await world.PostAsync(new ForcedOperation(request, signature).Write());
        await world.PostAsync(new ForcedOperation(request, signature).Write());
        await world.MineAsync(1);

        var (header, body) = world.Make(builder => world.Pay(builder, 2, 3, 5));
        await world.AnchorAsync(header, body);
        Assert.Empty(world.Replica.Refused);
        Assert.Equal(70_005u, world.BalanceOf(3));
        var posts = world.Replica.Batches.Last().Posts;
        Assert.Equal([false, false, true, false], posts.Select(static post => post.Why is null));
        Assert.Equal("authorisation.index", posts[3].Why!.Field);
        foreach (var segment in world.Segments)
            Assert.Null(world.Replica.Prove(WeakProofs.Prove(segment)));
        Assert.Equal(world.Ledger.Root, world.Replica.ProvenRoot);
    }

    [Fact]
    public async Task Batch_that_leaves_a_post_to_nobody_or_has_an_operation_before_it_counts_for_nothing()
    {
        await using var world = await BatchWorld.CreateAsync();
        await world.AddUsersAsync(2);
        var (request, signature) = world.Sign(2, new Transfer(AssetId.Bitcoin, new AccountId(3), 20_000));
        await world.PostAsync(new ForcedOperation(request, signature).Write());
        await world.MineAsync(1);
        var (header, body) = world.Make(builder => world.Pay(builder, 2, 3, 5));
        var honest = world.Segments[^1].Body;
        SegmentBody[] bodies = [honest with { Posts = 0 }, honest with { Posts = 2 }, new SegmentBody(honest.Height, [])];
        foreach (var each in bodies)
        {
            var changed = new BatchBody([each]).Write();
            await world.AnchorAsync(header with { BodyDigest = SegmentStatement.DigestOf(changed) }, changed);
        }

        string[] faults = ["batch.body[0].posts", "batch.body[0].posts", "batch.posts"];
        Assert.Equal(faults, world.Replica.Refused.Select(static refused => refused.Why.Field), StringComparer.Ordinal);
        await world.AnchorAsync(header, body);
        Assert.Equal(70_005u, world.BalanceOf(3));
    }
}
