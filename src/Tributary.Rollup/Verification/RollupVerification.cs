using Tributary.Bitcoin.Chain;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;
using Tributary.Rollup.Batches;
using Tributary.Rollup.Operating;
using Tributary.Rollup.Proving;
using Tributary.Rollup.Serving;

namespace Tributary.Rollup.Verification;

/// <summary>
/// Follows a rollup as a stranger: the state comes from Bitcoin's blocks alone, proofs from whoever has them, and what holds is kept for the next who
/// asks. The verified state stays at the last proof that holds. One owner.
/// </summary>
/// <param name="rollup">The rollup; null for the first that begins.</param>
/// <param name="firstHeight">The height of the first block that it will be shown.</param>
/// <param name="store">Where proofs that hold are kept.</param>
/// <param name="sources">Whom to ask, in this order.</param>
/// <param name="sets">Verifiers that a genesis may name; null for those of this program.</param>
public sealed class RollupVerification(Bytes32? rollup, int firstHeight, ProofStore store, IReadOnlyList<IProofSource> sources, IReadOnlyList<SegmentVerifier>? sets = null)
{
    private const int FailuresMax = 1_000;

    private readonly IReadOnlyList<SegmentVerifier> _sets = sets ?? [ParameterSet.Fast.Verifier, ParameterSet.Small.Verifier];
    private readonly List<VerificationFailure> _failures = [];
    private SegmentVerifier? _verifier;
    private int _first = firstHeight;

    /// <summary>The rollup as Bitcoin gives it.</summary>
    public RollupReplica Replica { get; private set; } = new(firstHeight, rollup, (sets ?? [ParameterSet.Fast.Verifier])[0]);

    /// <summary>Proofs that did not hold, the last ones.</summary>
    public IReadOnlyList<VerificationFailure> Failures => _failures;

    /// <summary>Why proofs can't be had or checked now; null where nothing stands in the way.</summary>
    public Refusal? Problem { get; private set; }

    /// <summary>The rollup that is looked for; null for the first that begins.</summary>
    public Bytes32? RollupId => rollup;

    /// <summary>Everything on Bitcoin is proven.</summary>
    public bool IsProven => Replica.Ledger is not null && Replica.NextToProve is null;

    /// <summary>The last batch with all of its proofs; 0 for none.</summary>
    public ulong ProvenBatch
    {
        get
        {
            var (segments, proven) = (0ul, 0ul);
            foreach (var batch in Replica.Batches)
            {
                segments += (ulong)batch.Segments.Count;
                if (segments > Replica.ProvenSegments)
                    break;
                proven = batch.Header.Number;
            }

            return proven;
        }
    }

    /// <summary>Shows it a change of the chain.</summary>
    public void Observe(ChainEvent change)
    {
        switch (change)
        {
            case ChainEvent.Connected connected when connected.Height == Replica.NextHeight:
                Replica.Connect(connected.Height, connected.Block);
                if (_verifier is null && Replica.Chain.Beginning is not null)
                    Begin(connected);
                break;
            case ChainEvent.Disconnected disconnected when disconnected.Height == Replica.NextHeight - 1:
                if (disconnected.Height >= _first)
                    Replica.Disconnect(disconnected.Height);
                if (disconnected.Height < _first || Replica.Chain.Beginning is null)
                    StartAt(disconnected.Height);
                break;
        }
    }

    /// <summary>Asks for the proofs that are missing, in order, as far as they can be had.</summary>
    /// <returns>How many held.</returns>
    public async Task<int> ProveAsync(CancellationToken cancellationToken)
    {
        var held = 0;
        Problem = Replica.Ledger is null ? new Refusal("--from", "no rollup has begun in the blocks from there on") : null;
        if (Replica.Ledger is not null && _verifier is null)
            Problem = new Refusal("verifying_key", $"{Replica.Chain.Beginning!.Genesis.VerificationKey} is of no machine that this program knows: the rollup was begun by another version");
        while (Problem is null && Replica.NextToProve is { } segment)
        {
            var claim = segment.Statement(_verifier!.Key.Digest).ComputeDigest();
            if (!await ProveAsync(segment, claim, cancellationToken))
                break;
            held++;
        }

        return held;
    }

    // Below the beginning there is nothing to take back: the blocks that come next are looked through anew.
    private void StartAt(int height)
    {
        (_verifier, _first) = (null, height);
        Replica = new RollupReplica(height, rollup, _sets[0]);
    }

    // The state that was built so far is of blocks that hold no batch: it begins again with the verifier that the genesis names.
    private void Begin(ChainEvent.Connected connected)
    {
        var beginning = Replica.Chain.Beginning!;
        _verifier = _sets.FirstOrDefault(set => set.Key.Digest == beginning.Genesis.VerificationKey);
        if (_verifier is null)
            return;
        _first = connected.Height;
        Replica = new RollupReplica(_first, beginning.Rollup, _verifier);
        Replica.Connect(connected.Height, connected.Block);
    }

    private async Task<bool> ProveAsync(ReplayedSegment segment, Bytes32 claim, CancellationToken cancellationToken)
    {
        if (store.Find(claim) is { } known)
        {
            if (Replica.Prove(known) is null)
                return true;
            store.Remove(claim);
        }

        foreach (var source in sources)
        {
            if (!(await source.FindAsync(claim, cancellationToken)).TryGet(out var proof, out var away))
            {
                Problem = away;
                continue;
            }

            if (proof.IsEmpty)
                continue;
            if (Replica.Prove(proof) is not { } refusal)
            {
                store.Put(claim, proof.Span);
                Problem = null;
                return true;
            }

            Note(new VerificationFailure(BatchOf(segment.Number), segment.Number, source.Name, refusal));
        }

        Problem ??= new Refusal("--proofs", $"nobody asked has a proof that holds for segment {segment.Number} (batch {BatchOf(segment.Number)}, claim {claim})");
        return false;
    }

    private void Note(VerificationFailure failure)
    {
        if (_failures.Contains(failure))
            return;
        _failures.Add(failure);
        if (_failures.Count > FailuresMax)
            _failures.RemoveAt(0);
    }

    private ulong BatchOf(ulong segment)
    {
        var first = 0ul;
        foreach (var batch in Replica.Batches)
        {
            first += (ulong)batch.Segments.Count;
            if (segment < first)
                return batch.Header.Number;
        }

        return 0;
    }
}
