using Tributary.Primitives.Bytes;
using Tributary.Proofs.Stark;
using Tributary.Rollup.Segments;
using Tributary.Rollup.Serving;

namespace Tributary.Rollup.Operating;

/// <summary>
/// Proves segments in the background, one after the other, into a store. It holds a bounded number; what does not fit is offered again by whoever has
/// it. Nothing of it has to survive: what is to be proven follows from the sequencer's log, and what is proven stands in the store, so after a kill the
/// same segments are offered again and those that are done are passed over. Safe for many threads.
/// </summary>
public sealed class ProverQueue : IAsyncDisposable
{
    private readonly ISegmentProver _prover;
    private readonly ProofStore _store;
    private readonly int _capacity;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly LinkedList<(Segment Segment, Bytes32 Claim)> _waiting = [];
    private readonly HashSet<Bytes32> _claims = [];
    private readonly SemaphoreSlim _work = new(0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;
    private CancellationTokenSource? _current;
    private ProverStatus _status = new(0, null, null, 0, 0, null);

    /// <summary>Starts one.</summary>
    /// <param name="prover">Makes the proofs; the caller's.</param>
    /// <param name="store">Where they go; the caller's.</param>
    /// <param name="capacity">Segments that may wait.</param>
    /// <param name="time">For the wait after a disk that failed.</param>
    public ProverQueue(ISegmentProver prover, ProofStore store, int capacity, TimeProvider time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        (_prover, _store, _capacity, _time) = (prover, store, capacity, time);
        _running = Task.Factory.StartNew(RunAsync, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();
    }

    /// <summary>What it is doing.</summary>
    public ProverStatus Status
    {
        get
        {
            lock (_gate)
                return _status with { Waiting = _claims.Count };
        }
    }

    /// <summary>Completes when the prover itself is broken, with the fault: a proof that cannot be made is a bug, and is never passed over.</summary>
    public Task Completion => _running;

    /// <summary>The claim of a segment, by which its proof is kept.</summary>
    public Bytes32 ClaimOf(Segment segment) => segment.Statement(_prover.VerifyingKey).ComputeDigest();

    /// <summary>Offers a segment. One that waits already, or is proven, is taken as well, and nothing is done twice.</summary>
    /// <returns>False where the queue is full: offer it again later.</returns>
    public bool TryAdd(Segment segment)
    {
        var claim = ClaimOf(segment);
        lock (_gate)
        {
            if (_claims.Contains(claim) || _store.Contains(claim))
                return true;
            if (_claims.Count >= _capacity)
                return false;
            _claims.Add(claim);
            _waiting.AddLast((segment, claim));
        }

        _work.Release();
        return true;
    }

    /// <summary>Drops everything that waits, and the proof that is under way: Bitcoin took their block back.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            foreach (var (_, claim) in _waiting)
                _claims.Remove(claim);
            _waiting.Clear();
            _current?.Cancel();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _work.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await _work.WaitAsync(_stop.Token);
                await ProveNextAsync();
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task ProveNextAsync()
    {
        (Segment Segment, Bytes32 Claim) next;
        CancellationTokenSource cancellation;
        lock (_gate)
        {
            if (_waiting.First is not { } first)
                return;
            next = first.Value;
            _waiting.RemoveFirst();
            _current = cancellation = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            _status = _status with { Segment = next.Segment.Context.Number, Stage = null, Share = 0 };
        }

        try
        {
            if (!_store.Contains(next.Claim))
                await KeepAsync(next.Claim, _prover.Prove(next.Segment, new Progress(this), cancellation.Token), cancellation.Token);
        }
        catch (OperationCanceledException) when (!_stop.IsCancellationRequested)
        {
            // Dropped by Clear.
        }
        finally
        {
            lock (_gate)
            {
                _claims.Remove(next.Claim);
                _current = null;
                _status = _status with { Segment = null, Stage = null, Share = 0 };
            }

            cancellation.Dispose();
        }
    }

    // A proof is worth minutes: a full disk is waited for.
    private async Task KeepAsync(Bytes32 claim, byte[] proof, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                _store.Put(claim, proof);
                lock (_gate)
                    _status = _status with { Proven = _status.Proven + 1, Problem = null };
                return;
            }
            catch (IOException exception)
            {
                lock (_gate)
                    _status = _status with { Problem = $"a proof can't be written: {exception.Message}" };
            }

            await Task.Delay(TimeSpan.FromSeconds(5), _time, cancellationToken);
        }
    }

    private sealed class Progress(ProverQueue queue) : IProgress<ProverProgress>
    {
        public void Report(ProverProgress value)
        {
            lock (queue._gate)
                queue._status = queue._status with { Stage = value.Stage, Share = value.Share };
        }
    }
}
