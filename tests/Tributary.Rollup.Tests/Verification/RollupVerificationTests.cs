using Tributary.Bitcoin.Chain;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;
using Tributary.Rollup.Serving;
using Tributary.Rollup.Tests.Batches;
using Tributary.Rollup.Tests.Proving;
using Tributary.Rollup.Verification;
using Tributary.Testing.Storage;

namespace Tributary.Rollup.Tests.Verification;

public sealed class RollupVerificationTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stranger_takes_proofs_from_whoever_has_one_that_holds_and_names_those_that_do_not()
    {
        await using var world = await TwoBatchesAsync();
        var (good, liar) = (new Source("good"), new Source("liar"));
        foreach (var segment in world.Segments)
        {
            var proof = WeakProofs.Prove(segment);
            good.Proofs[segment.Statement(WeakProofs.Key.Digest).ComputeDigest()] = proof;
            var bad = proof.ToArray();
            bad[^9] ^= 1;
            liar.Proofs[segment.Statement(WeakProofs.Key.Digest).ComputeDigest()] = bad;
        }

        var disk = new SimulatedDisk(1);
        using (var store = ProofStore.Open(disk.Folder()).Value)
        {
            var deceived = Open(world, store, liar);
            Assert.Equal(0, await deceived.ProveAsync(Token));
            Assert.False(deceived.IsProven);
            Assert.Equal(world.Segments[0].RootBefore, deceived.Replica.ProvenRoot);
            var failure = Assert.Single(deceived.Failures);
            Assert.Equal((1ul, 0ul, "liar"), (failure.Batch, failure.Segment, failure.Source));
            Assert.Equal(0, store.Count);

            var verification = Open(world, store, liar, good);
            Assert.Equal(2, await verification.ProveAsync(Token));
            Assert.True(verification.IsProven);
            Assert.Equal(2ul, verification.ProvenBatch);
            Assert.Equal(world.Segments[^1].RootAfter, verification.Replica.ProvenRoot);
        }

        // What held was kept: the next needs nobody.
        using var kept = ProofStore.Open(disk.Folder()).Value;
        var late = Open(world, kept);
        Assert.Equal(2, await late.ProveAsync(Token));
        Assert.Equal(world.Segments[^1].RootAfter, late.Replica.ProvenRoot);
    }

    [Fact]
    public async Task Proven_root_stays_where_nobody_has_a_proof_and_goes_back_with_bitcoin()
    {
        await using var world = await TwoBatchesAsync();
        var source = new Source("slow");
        var first = world.Segments[0];
        source.Proofs[first.Statement(WeakProofs.Key.Digest).ComputeDigest()] = WeakProofs.Prove(first);
        using var store = ProofStore.Open(new SimulatedDisk(1).Folder()).Value;
        var verification = Open(world, store, source);
        Assert.Equal(1, await verification.ProveAsync(Token));
        Assert.Equal((1ul, false), (verification.ProvenBatch, verification.IsProven));
        Assert.Equal("--proofs", verification.Problem!.Field);

        // The genesis itself is taken back and comes again.
        for (var height = world.Chain.Blocks.Count; height > 0; height--)
            verification.Observe(new ChainEvent.Disconnected(height, world.Chain.Blocks[height - 1]));
        Assert.Null(verification.Replica.Ledger);
        Assert.Equal(0, await verification.ProveAsync(Token));
        Assert.Equal("--from", verification.Problem!.Field);
        Show(world, verification);
        Assert.Equal(1, await verification.ProveAsync(Token));
        Assert.Equal(first.RootAfter, verification.Replica.ProvenRoot);
    }

    [Fact]
    public async Task Rollup_of_a_machine_that_is_not_known_is_followed_and_never_called_proven()
    {
        await using var world = await TwoBatchesAsync();
        using var store = ProofStore.Open(new SimulatedDisk(1).Folder()).Value;
        var verification = new RollupVerification(null, 1, store, []);
        Show(world, verification);
        Assert.Equal(0, await verification.ProveAsync(Token));
        Assert.Equal("verifying_key", verification.Problem!.Field);
        Assert.False(verification.IsProven);
    }

    private static async Task<BatchWorld> TwoBatchesAsync()
    {
        var world = await BatchWorld.CreateAsync();
        await world.AddUsersAsync(2);
        var (header, body) = world.Make(builder => world.Pay(builder, 2, 3, 100));
        await world.AnchorAsync(header, body);
        return world;
    }

    private static RollupVerification Open(BatchWorld world, ProofStore store, params IProofSource[] sources)
    {
        var verification = new RollupVerification(null, 1, store, sources, [WeakProofs.Verifier]);
        Show(world, verification);
        return verification;
    }

    private static void Show(BatchWorld world, RollupVerification verification)
    {
        for (var height = 1; height <= world.Chain.Blocks.Count; height++)
            verification.Observe(new ChainEvent.Connected(height, world.Chain.Blocks[height - 1]));
    }

    private sealed class Source(string name) : IProofSource
    {
        internal Dictionary<Bytes32, byte[]> Proofs { get; } = [];

        public string Name => name;

        public ValueTask<Result<ReadOnlyMemory<byte>, Refusal>> FindAsync(Bytes32 claim, CancellationToken cancellationToken) =>
            ValueTask.FromResult<Result<ReadOnlyMemory<byte>, Refusal>>((ReadOnlyMemory<byte>)(Proofs.GetValueOrDefault(claim) ?? []));
    }
}
