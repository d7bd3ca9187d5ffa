using System.Security.Cryptography;
using Tributary.Bitcoin.Chain;
using Tributary.Bitcoin.Scripts;
using Tributary.Crypto;
using Tributary.Finance.Amounts;
using Tributary.Finance.Assets;
using Tributary.Finance.State;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;
using Tributary.Rollup.Batches;
using Tributary.Rollup.Serving;
using Tributary.Rollup.Tests.Batches;
using Tributary.Rollup.Tests.Proving;
using Tributary.Rollup.Tests.Withdrawals;
using Tributary.Rollup.Verification;
using Tributary.Rollup.Withdrawals;
using Tributary.Storage.Errors;
using Tributary.Testing.Storage;

namespace Tributary.Rollup.Tests.Verification;

/// <summary>A verifier that goes on from its checkpoint says what one says that has seen everything, whenever it was ended.</summary>
public sealed class VerificationCheckpointTests : IAsyncLifetime
{
    private const int Depth = 2;
    private readonly Proofs _proofs = new();
    private BatchWorld _world = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private int Tip => _world.Chain.Blocks.Count;

    public async ValueTask InitializeAsync()
    {
        _world = await BatchWorld.CreateAsync();
        await _world.AddUsersAsync(2);
        await _world.Chain.TopUpAsync(new Satoshis(50_000));
        await _world.MineAsync(1);
        await WithdrawAsync(2, 20_000);
        ProveReplica();
        await _world.MineAsync(2);
        await PayOutAsync();
        await _world.Chain.DepositAsync(new Satoshis(4_000), new AccountId(99));
        await _world.PostAsync([1, 2, 3]);
        await _world.MineAsync(1);
        await WithdrawAsync(3, 10_000);
        await _world.MineAsync(3);
        await _world.PostAsync([4, 5]);
        await _world.Chain.DepositAsync(new Satoshis(7_000), new AccountId(2));
        await _world.MineAsync(2);
        ProveReplica();
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Verifier_that_is_opened_anew_for_every_block_says_what_one_says_that_has_seen_all()
    {
        var disk = new SimulatedDisk(1);
        var full = new RollupReplica(1, null, WeakProofs.Verifier);
        var resumed = 0;
        for (var height = 1; height <= Tip; height++)
        {
            full.Connect(height, _world.Chain.Blocks[height - 1]);
            while (full.NextToProve is { } next)
                Assert.Null(full.Prove(_proofs.Of(next)));
            using var session = Open(disk);
            resumed += session.Verification.Start is null ? 0 : 1;
            await session.CatchUpAsync(_world, height);
            AssertSame(full, session.Verification.Replica);
            Assert.True(session.Verification.IsProven || full.Ledger is null);
            Assert.InRange(session.Verification.Replica.SettledHeight, 0, Math.Max(height - Depth, _world.Chain.Follower.Beginning!.Height - 1));
        }

        Assert.InRange(resumed, Tip / 2, Tip);
        Assert.Equal(StateSnapshot.Write(_world.Ledger.Engine.State), StateSnapshot.Write(full.Ledger!.Engine.State));
        Assert.Equal(1, full.FindWithdrawals().Count(static owed => owed.State == WithdrawalState.Paid));
    }

    [Fact]
    public async Task What_is_settled_leaves_the_memory_and_what_is_not_proven_stays()
    {
        using var session = Open(new SimulatedDisk(1));
        await session.CatchUpAsync(_world, Tip);
        var replica = session.Verification.Replica;
        Assert.Empty(replica.Batches);
        Assert.Single(replica.Posts);
        Assert.Single(replica.Deposits);
        Assert.Equal(1, replica.PaidBefore);
        Assert.Equal(_world.Last, replica.Last);
        Assert.Equal(_world.Last!.Number, session.Verification.ProvenBatch);

        // Nobody has the proofs: nothing of it may be settled.
        using var alone = Open(new SimulatedDisk(2), proofs: new Proofs());
        await alone.CatchUpAsync(_world, Tip);
        Assert.Equal(_world.Segments.Count, alone.Verification.Replica.Batches.Count());
        Assert.Equal(0ul, alone.Verification.ProvenBatch);
        Assert.InRange(alone.Verification.Replica.SettledHeight, 0, alone.Verification.Replica.Batches.First().AnchoredAt - 1);
    }

    [Fact]
    public async Task Power_that_fails_at_any_write_costs_nothing_but_what_is_done_again()
    {
        var counting = new SimulatedDisk(1);
        using (var session = Open(counting))
            await session.CatchUpAsync(_world, Tip);
        Assert.InRange(counting.Operations, 20, 5_000);
        for (var after = 0L; after < counting.Operations; after += 1 + (counting.Operations / 60))
        {
            var disk = new SimulatedDisk((ulong)after);
            disk.FailPowerAfter(after);
            try
            {
                using var cut = Open(disk);
                await cut.CatchUpAsync(_world, Tip);
            }
            catch (Exception exception) when (exception is IOException or StorageStoppedException or InvalidOperationException)
            {
                Assert.True(disk.IsDown, exception.ToString());
            }

            disk.Restart();
            using var session = Open(disk);
            await session.CatchUpAsync(_world, Tip);
            AssertSame(_world.Replica, session.Verification.Replica);
        }
    }

    [Fact]
    public async Task Reorganisation_above_what_is_settled_is_taken_back_and_one_below_begins_anew()
    {
        var disk = new SimulatedDisk(1);
        using (var session = Open(disk))
            await session.CatchUpAsync(_world, Tip);
        var before = Tip;
        await _world.Chain.ReorganiseAsync(Depth);
        using (var session = Open(disk))
        {
            await session.CatchUpAsync(_world, Tip);
            Assert.False(session.Verification.IsLost);
            AssertSame(Full(), session.Verification.Replica);

            // Two blocks more than it takes back: what was settled is not Bitcoin's.
            for (var height = session.Verification.Replica.NextHeight - 1; !session.Verification.IsLost; height--)
                session.Verification.Observe(new ChainEvent.Disconnected(height, _world.Chain.Blocks[height - 1]));
            Assert.True(before - session.Verification.Replica.SettledHeight <= Depth + 1);
            Assert.False(session.Verification.Settle());
        }

        await _world.Chain.ReorganiseAsync(5);
        using var anew = Open(disk);
        Assert.Null(anew.Verification.Start);
        await anew.CatchUpAsync(_world, Tip);
        AssertSame(Full(), anew.Verification.Replica);
    }

    [Fact]
    public async Task Checkpoint_of_something_else_is_refused_with_the_reason_and_every_damage_is_seen()
    {
        var disk = new SimulatedDisk(1);
        using (var session = Open(disk))
            await session.CatchUpAsync(_world, Tip);
        byte[] whole;
        using (var folder = CheckpointFolder.Open(disk.Folder("replica")).Value)
            whole = folder.Read()!;
        for (var i = 0; i < whole.Length; i += 1 + (i % 7))
        {
            var damaged = whole.ToArray();
            damaged[i] ^= (byte)(1 << (i % 8));
            Assert.False(ReplicaCheckpoint.Read(damaged).IsOk);
            Assert.False(ReplicaCheckpoint.Read(whole.AsSpan(0, i)).IsOk);
        }

        Assert.False(ReplicaCheckpoint.Read([.. whole, 0]).IsOk);
        Assert.Equal("--data", OpenRefused(disk, new Bytes32(SHA256.HashData("another"u8)), 1).Field);
        Assert.Equal("--from", OpenRefused(disk, null, _world.Chain.Follower.Beginning!.Height + 1).Field);
        using (var session = Open(disk))
            Assert.NotNull(session.Verification.Start);

        disk.Folder("foreign").Create("sequencer.log").Dispose();
        Assert.Contains("sequencer.log", CheckpointFolder.Open(disk.Folder("foreign")).Error.Reason, StringComparison.Ordinal);
        using var held = CheckpointFolder.Open(disk.Folder("replica")).Value;
        Assert.Contains("in use", CheckpointFolder.Open(disk.Folder("replica")).Error.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(20)]
    [InlineData(400)]
    public async Task Damaged_checkpoint_is_put_aside_with_the_reason_and_everything_comes_from_bitcoin_again(int length)
    {
        var disk = new SimulatedDisk(1);
        using (var session = Open(disk))
            await session.CatchUpAsync(_world, Tip);
        using (var folder = CheckpointFolder.Open(disk.Folder("replica")).Value)
        {
            var whole = folder.Read()!;
            if (length < 0)
                whole[whole.Length / 2] ^= 4;
            folder.Write(length < 0 ? whole : whole.AsSpan(0, length));
        }

        using (var session = Open(disk))
        {
            Assert.Null(session.Verification.Start);
            Assert.Equal("checkpoint", session.Verification.Discarded!.Field);
            Assert.Contains("put aside", session.Verification.Discarded.Reason, StringComparison.Ordinal);
            await session.CatchUpAsync(_world, Tip);
            AssertSame(Full(), session.Verification.Replica);
        }

        using var again = Open(disk);
        Assert.NotNull(again.Verification.Start);
        Assert.Null(again.Verification.Discarded);
    }

    [Fact]
    public async Task Checkpoint_whose_digest_was_made_to_fit_is_held_against_root_and_queue()
    {
        var disk = new SimulatedDisk(1);
        using (var session = Open(disk))
            await session.CatchUpAsync(_world, Tip);
        byte[] whole;
        using (var folder = CheckpointFolder.Open(disk.Folder("replica")).Value)
            whole = folder.Read()!;
        var refused = 0;
        for (var i = 32; i < whole.Length - 32; i++)
        {
            var forged = whole.ToArray();
            forged[i] ^= 1;
            SHA256.HashData(forged.AsSpan(0, forged.Length - 32)).CopyTo(forged.AsSpan(forged.Length - 32));
            refused += ReplicaCheckpoint.Read(forged).IsOk ? 0 : 1;
        }

        // Every leaf of the state, the last batch's root, height, block and cursors: whoever changes one of those is found out.
        var state = StateSnapshot.Write(_world.Ledger.Engine.State).Length;
        Assert.InRange(refused, state, whole.Length);
        var last = whole.AsSpan().LastIndexOf(StateSnapshot.Write(_world.Ledger.Engine.State));
        Assert.True(last > 0);
        for (var i = last; i < last + state; i++)
        {
            var forged = whole.ToArray();
            forged[i] ^= 1;
            SHA256.HashData(forged.AsSpan(0, forged.Length - 32)).CopyTo(forged.AsSpan(forged.Length - 32));
            Assert.False(ReplicaCheckpoint.Read(forged).IsOk);
        }
    }

    private RollupReplica Full()
    {
        var full = new RollupReplica(1, null, WeakProofs.Verifier);
        for (var height = 1; height <= Tip; height++)
            full.Connect(height, _world.Chain.Blocks[height - 1]);
        while (full.NextToProve is { } next)
            Assert.Null(full.Prove(_proofs.Of(next)));
        return full;
    }

    private static void AssertSame(RollupReplica full, RollupReplica resumed)
    {
        Assert.Equal(full.NextHeight, resumed.NextHeight);
        Assert.Equal(full.Ledger?.Root, resumed.Ledger?.Root);
        Assert.Equal(full.SegmentCount, resumed.SegmentCount);
        Assert.Equal(full.Last, resumed.Last);
        Assert.Equal(full.ReportLiabilities(), resumed.ReportLiabilities());
        Assert.Equal(full.Refused, resumed.Refused);
        if (full.Ledger is null)
            return;
        Assert.Equal(StateSnapshot.Write(full.Ledger.Engine.State), StateSnapshot.Write(resumed.Ledger!.Engine.State));
        Assert.Equal((full.ProvenSegments, full.ProvenRoot, full.ProvenBatch), (resumed.ProvenSegments, resumed.ProvenRoot, resumed.ProvenBatch));
        Assert.Equal(full.Chain.Anchor, resumed.Chain.Anchor);
        Assert.Equal(full.Chain.PostsUpTo(int.MaxValue), resumed.Chain.PostsUpTo(int.MaxValue));
        Assert.Equal(full.Chain.DepositsUpTo(int.MaxValue), resumed.Chain.DepositsUpTo(int.MaxValue));
        Assert.Equal(full.Posts.TakeLast(resumed.Posts.Count), resumed.Posts);
        Assert.Equal(full.Deposits.TakeLast(resumed.Deposits.Count), resumed.Deposits);
        Assert.Equal(full.Vault!.Coins, resumed.Vault!.Coins);
        var owed = full.FindWithdrawals();
        Assert.All(owed.Take(resumed.PaidBefore), static one => Assert.Equal(WithdrawalState.Paid, one.State));
        Assert.Equal(owed.Skip(resumed.PaidBefore), resumed.FindWithdrawals());
    }

    private Refusal OpenRefused(SimulatedDisk disk, Bytes32? rollup, int from)
    {
        using var folder = CheckpointFolder.Open(disk.Folder("replica")).Value;
        using var store = ProofStore.Open(disk.Folder("proofs")).Value;
        return RollupVerification.Open(folder, rollup, from, store, [_proofs], [WeakProofs.Verifier]).Error;
    }

    private Session Open(SimulatedDisk disk, Proofs? proofs = null) => new(disk, proofs ?? _proofs);

    private void ProveReplica()
    {
        while (_world.Replica.NextToProve is { } next)
        {
            var segment = _world.Segments[(int)next.Number];
            var proof = WeakProofs.Prove(segment);
            _proofs.Held[segment.Statement(WeakProofs.Key.Digest).ComputeDigest()] = proof;
            Assert.Null(_world.Replica.Prove(proof));
        }
    }

    private async Task WithdrawAsync(uint account, ulong amount)
    {
        var (header, body) = _world.Make(builder =>
        {
            var (request, signature) = _world.Sign(account, new Withdraw(AssetId.Bitcoin, amount, StandardScripts.P2wpkh(new byte[20]).Memory));
            Assert.Null(builder.Add(request, signature).Refusal);
        });
        await _world.AnchorAsync(header, body);
        Assert.Empty(_world.Replica.Refused);
    }

    private async Task PayOutAsync()
    {
        var entropy = new SeededEntropy(31);
        await using var journal = PayoutJournal.Open(new SimulatedDisk(9).Folder("payouts"), _world.Chain.Rollup, entropy).Value;
        var payer = new WithdrawalPayer(_world.Replica, new CrashingChain(_world.Chain.Chain), _world.Chain.VaultKey, journal, entropy, new PayerOptions { Depth = 2 });
        Assert.NotNull((await payer.StepAsync(Token)).Value.Transaction);
        await _world.MineAsync(1);
    }

    private sealed class Session : IDisposable
    {
        private readonly CheckpointFolder _folder;
        private readonly ProofStore _store;

        internal Session(SimulatedDisk disk, Proofs proofs)
        {
            _folder = CheckpointFolder.Open(disk.Folder("replica")) is { IsOk: true } opened ? opened.Value : throw new IOException("not opened");
            _store = ProofStore.Open(disk.Folder("proofs")) is { IsOk: true } kept ? kept.Value : throw new IOException("not opened");
            var read = RollupVerification.Open(_folder, null, 1, _store, [proofs], [WeakProofs.Verifier]);
            Verification = read.IsOk ? read.Value : throw new IOException(read.Error.ToString());
        }

        internal RollupVerification Verification { get; }

        // As the chain's stream does: down from where it stands to the fork, then up.
        internal async Task CatchUpAsync(BatchWorld world, int through)
        {
            Verification.Depth = Depth;
            for (var height = Verification.Replica.NextHeight; height <= through; height++)
            {
                Verification.Observe(new ChainEvent.Connected(height, world.Chain.Blocks[height - 1]));
                _ = await Verification.ProveAsync(Token);
                _ = Verification.Settle();
            }
        }

        public void Dispose()
        {
            _store.Dispose();
            _folder.Dispose();
        }
    }

    private sealed class Proofs : IProofSource
    {
        internal Dictionary<Bytes32, byte[]> Held { get; } = [];

        public string Name => "held";

        internal byte[] Of(ReplayedSegment segment) => Held[segment.Statement(WeakProofs.Key.Digest).ComputeDigest()];

        public ValueTask<Result<ReadOnlyMemory<byte>, Refusal>> FindAsync(Bytes32 claim, CancellationToken cancellationToken) =>
            ValueTask.FromResult<Result<ReadOnlyMemory<byte>, Refusal>>((ReadOnlyMemory<byte>)(Held.GetValueOrDefault(claim) ?? []));
    }
}
