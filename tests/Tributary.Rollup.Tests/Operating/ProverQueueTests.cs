using System.Collections.Concurrent;
using Tributary.Finance.Amounts;
using Tributary.Finance.Transfers;
using Tributary.Primitives.Bytes;
using Tributary.Proofs.Stark;
using Tributary.Rollup.Operating;
using Tributary.Rollup.Segments;
using Tributary.Rollup.Serving;
using Tributary.Rollup.Tests.Proving;
using Tributary.Testing.Storage;

namespace Tributary.Rollup.Tests.Operating;

public sealed class ProverQueueTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Proofs_of_the_queue_are_those_that_a_verifier_asks_for()
    {
        var segments = Segments(2);
        using var store = ProofStore.Open(new SimulatedDisk(1).Folder()).Value;
        await using var queue = new ProverQueue(new WeakProver(), store, 4, TimeProvider.System);
        Assert.All(segments, segment => Assert.True(queue.TryAdd(segment)));
        await UntilAsync(() => store.Count == 2);
        foreach (var segment in segments)
        {
            var statement = segment.Statement(WeakProofs.Key.Digest);
            Assert.True(WeakProofs.Verifier.Verify(statement, segment.BodyBytes.Span, store.Find(statement.ComputeDigest())).IsOk);
        }

        Assert.Equal(2, queue.Status.Proven);
    }

    [Fact]
    public async Task Queue_is_bounded_and_proves_nothing_twice()
    {
        var segments = Segments(4);
        using var store = ProofStore.Open(new SimulatedDisk(1).Folder()).Value;
        using var prover = new SteppedProver();
        await using var queue = new ProverQueue(prover, store, 2, TimeProvider.System);
        Assert.True(queue.TryAdd(segments[0]));
        Assert.True(queue.TryAdd(segments[1]));
        Assert.True(queue.TryAdd(segments[0]));
        Assert.False(queue.TryAdd(segments[2]));
        Assert.Equal(2, queue.Status.Waiting);
        prover.Step(2);
        await UntilAsync(() => queue.Status.Waiting == 0);
        Assert.True(queue.TryAdd(segments[1]));
        Assert.True(queue.TryAdd(segments[2]));
        prover.Step(1);
        await UntilAsync(() => store.Count == 3);
        Assert.Equal([0ul, 1, 2], prover.Asked.ToArray());
    }

    [Fact]
    public async Task Killed_prover_goes_on_with_what_the_store_lacks()
    {
        var segments = Segments(3);
        var disk = new SimulatedDisk(1);
        using var first = new SteppedProver();
        using (var store = ProofStore.Open(disk.Folder()).Value)
        {
            await using var queue = new ProverQueue(first, store, 8, TimeProvider.System);
            Assert.All(segments, segment => Assert.True(queue.TryAdd(segment)));
            first.Step(1);
            await UntilAsync(() => store.Count == 1 && first.Asked.Count == 2);
            // Killed in the middle of the second proof.
            disk.KillProcess();
        }

        disk.Restart();
        using var left = ProofStore.Open(disk.Folder()).Value;
        Assert.Equal(1, left.Count);
        using var second = new SteppedProver();
        await using var again = new ProverQueue(second, left, 8, TimeProvider.System);
        Assert.All(segments, segment => Assert.True(again.TryAdd(segment)));
        second.Step(2);
        await UntilAsync(() => left.Count == 3);
        Assert.Equal([1ul, 2], second.Asked.ToArray());
    }

    [Fact]
    public async Task What_bitcoin_took_back_is_dropped_in_the_middle_of_its_proof()
    {
        var segments = Segments(3);
        using var store = ProofStore.Open(new SimulatedDisk(1).Folder()).Value;
        using var prover = new SteppedProver();
        await using var queue = new ProverQueue(prover, store, 8, TimeProvider.System);
        Assert.All(segments, segment => Assert.True(queue.TryAdd(segment)));
        await UntilAsync(() => prover.Asked.Count == 1);
        queue.Clear();
        await UntilAsync(() => queue.Status.Waiting == 0);
        Assert.True(queue.TryAdd(segments[2]));
        prover.Step(1);
        await UntilAsync(() => store.Count == 1);
        Assert.True(store.Contains(queue.ClaimOf(segments[2])));
    }

    [Fact]
    public async Task Full_disk_is_waited_for_and_the_proof_kept()
    {
        var segments = Segments(1);
        var disk = new SimulatedDisk(1);
        using var store = ProofStore.Open(disk.Folder()).Value;
        disk.CapacityBytes = 2;
        using var prover = new SteppedProver();
        prover.Step(5);
        await using var queue = new ProverQueue(prover, store, 8, new HastyTime());
        Assert.True(queue.TryAdd(segments[0]));
        await UntilAsync(() => queue.Status.Problem is not null);
        disk.CapacityBytes = long.MaxValue;
        await UntilAsync(() => queue.Status is { Problem: null, Waiting: 0 });
        Assert.Single(prover.Asked);
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        while (!holds())
            await Task.Delay(2, Token);
    }

    private static List<Segment> Segments(int count)
    {
        var rollup = new TestRollup();
        var segments = new List<Segment>();
        for (var i = 0; i < count; i++)
        {
            var builder = rollup.Open();
            Assert.Null(rollup.Take(builder, 2, new Transfer(AssetId.Bitcoin, new AccountId(3), 10)).Refusal);
            segments.Add(builder.Close());
        }

        return segments;
    }

    /// <summary>Every wait is over at once.</summary>
    private sealed class HastyTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, TimeSpan.FromMilliseconds(1), period);
    }

    private sealed class WeakProver : ISegmentProver
    {
        public Bytes32 VerifyingKey => WeakProofs.Key.Digest;

        public byte[] Prove(Segment segment, IProgress<ProverProgress>? progress, CancellationToken cancellationToken) => WeakProofs.Prove(segment);
    }

    /// <summary>Makes something in place of a proof, when it is told to.</summary>
    private sealed class SteppedProver : ISegmentProver, IDisposable
    {
        private readonly SemaphoreSlim _steps = new(0);

        public Bytes32 VerifyingKey => default;

        internal ConcurrentQueue<ulong> Asked { get; } = [];

        public void Dispose() => _steps.Dispose();

        internal void Step(int count) => _steps.Release(count);

        public byte[] Prove(Segment segment, IProgress<ProverProgress>? progress, CancellationToken cancellationToken)
        {
            Asked.Enqueue(segment.Context.Number);
            _steps.Wait(cancellationToken);
            return [1, 2, 3];
        }
    }
}
