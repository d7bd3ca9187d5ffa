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
    private readonly int _from = firstHeight;
    private int _first = firstHeight;
    private CheckpointFolder? _folder;

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
    public ulong ProvenBatch => Replica.ProvenBatch;

    /// <summary>Where blocks have to be shown from: the block behind this one comes first; null for the first height.</summary>
    public ChainTip? Start { get; private set; }

    /// <summary>
    /// Bitcoin took back a block that was settled: what has been verified does not hold, and verification begins anew from the first height. The checkpoint is gone.
    /// </summary>
    public bool IsLost { get; private set; }

    /// <summary>What was wrong with the checkpoint that was not gone on from; null where nothing was.</summary>
    public Refusal? Discarded { get; private set; }

    /// <summary>Blocks on top of a block before it is settled. A deeper reorganisation costs reading the chain anew, and nothing else.</summary>
    public int Depth { get; set; } = 12;

    /// <summary>Goes on from a folder's checkpoint, or begins where there is none.</summary>
    /// <param name="folder">The folder; the caller's.</param>
    /// <param name="rollup">The rollup; null for the first that begins.</param>
    /// <param name="firstHeight">The height of the first block that it would be shown without a checkpoint.</param>
    /// <param name="store">Where proofs that hold are kept.</param>
    /// <param name="sources">Whom to ask, in this order.</param>
    /// <param name="sets">Verifiers that a genesis may name; null for those of this program.</param>
    /// <returns>
    /// A refusal where the folder can't be read or holds another rollup's checkpoint. One that is damaged is put aside, said in <see cref="Discarded"/>, and
    /// everything begins again from Bitcoin.
    /// </returns>
    public static Result<RollupVerification, Refusal> Open(
        CheckpointFolder folder, Bytes32? rollup, int firstHeight, ProofStore store, IReadOnlyList<IProofSource> sources, IReadOnlyList<SegmentVerifier>? sets = null)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var verification = new RollupVerification(rollup, firstHeight, store, sources, sets) { _folder = folder };
        ResumedReplica? resumed;
        try
        {
            if (folder.Read() is not { } bytes)
                return verification;
            if (!ReplicaCheckpoint.Read(bytes).TryGet(out resumed, out var damaged))
            {
                folder.SetAside();
                verification.Discarded = new Refusal(damaged.Field, $"in {folder.Location} {damaged.Reason}; it is put aside, and everything is read from Bitcoin again");
                return verification;
            }
        }
        catch (IOException exception)
        {
            return new Refusal("checkpoint", $"in {folder.Location} can't be read: {exception.Message}");
        }

        if (verification.Misfit(resumed) is { } misfit)
            return misfit;
        if (verification.Covers(resumed))
            verification.GoOn(resumed);
        return verification;
    }

    /// <summary>
    /// Settles what is proven and deep, and makes that durable: after an end of any kind it is where verification goes on. What is settled leaves the memory.
    /// </summary>
    /// <returns>False where there is nothing new to settle.</returns>
    /// <exception cref="IOException">The disk failed or is full: the checkpoint before stays.</exception>
    public bool Settle()
    {
        if (_folder is null || IsLost || Replica.Settle(Depth) is not { } settled)
            return false;
        _folder.Write(ReplicaCheckpoint.Write(_from, settled));
        return true;
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
            case ChainEvent.Disconnected disconnected when disconnected.Height <= Replica.SettledHeight && Replica.Chain.Beginning is not null:
                Abandon();
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

    /// <summary>Gives up what was settled: its last block is not Bitcoin's any more.</summary>
    public void Abandon()
    {
        IsLost = true;
        _folder?.Clear();
    }

    private Refusal? Misfit(ResumedReplica resumed)
    {
        if (resumed.Settled.Beginning is not { } beginning)
            return null;
        if (rollup is { } wanted && wanted != beginning.Rollup)
            return new Refusal("--data", $"holds the checkpoint of rollup {beginning.Rollup}, not of {wanted}: each has a folder of its own");
        return _from > beginning.Height
            ? new Refusal("--from", $"is {_from}, above {beginning.Height}, where the rollup begins whose checkpoint --data holds")
            : null;
    }

    // A rollup that began below what was read would be the first; with an id there is only the one.
    private bool Covers(ResumedReplica resumed) =>
        _from >= resumed.From ? _from <= resumed.Settled.Height : resumed.Settled.Beginning is not null && rollup is not null;

    private void GoOn(ResumedReplica resumed)
    {
        var settled = resumed.Settled;
        if (settled.Beginning is { } beginning)
            _verifier = _sets.FirstOrDefault(set => set.Key.Digest == beginning.Genesis.VerificationKey);
        Replica = RollupReplica.Resume(settled, resumed.Ledger, settled.Beginning?.Rollup ?? rollup, _verifier ?? _sets[0]);
        _first = settled.Height + 1;
        Start = new ChainTip(settled.Height, settled.Blocks[^1]);
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

            Note(new VerificationFailure(Replica.BatchOf(segment.Number), segment.Number, source.Name, refusal));
        }

        Problem ??= new Refusal("--proofs", $"nobody asked has a proof that holds for segment {segment.Number} (batch {Replica.BatchOf(segment.Number)}, claim {claim})");
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
}
