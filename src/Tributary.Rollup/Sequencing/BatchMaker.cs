using System.Numerics;
using Tributary.Finance.Amounts;
using Tributary.Finance.Assets;
using Tributary.Finance.Engine;
using Tributary.Finance.Operations;
using Tributary.Finance.State;
using Tributary.Primitives.Bytes;
using Tributary.Rollup.Anchoring;
using Tributary.Rollup.Batches;
using Tributary.Rollup.Segments;
using Tributary.Rollup.Signatures;
using Tributary.Rollup.State;

namespace Tributary.Rollup.Sequencing;

/// <summary>
/// Makes batches out of operations: pure and in one order, so that the same openings and operations give the same batches again after a restart.
/// One owner, who owns the ledger as well.
/// </summary>
/// <param name="rollup">The rollup's id.</param>
/// <param name="ledger">The state after <paramref name="last"/>.</param>
/// <param name="options">How batches are cut.</param>
/// <param name="last">The last batch that was closed; null before the first.</param>
/// <param name="segments">Segments up to and with it.</param>
internal sealed class BatchMaker(Bytes32 rollup, RollupLedger ledger, SequencerOptions options, BatchHeader? last = null, ulong segments = 0)
{
    private readonly List<Segment> _segments = [];
    private readonly List<Past> _closed = [];
    private readonly BatchSize _size = new();
    private BatchOpening? _opening;
    private SegmentBuilder? _builder;
    private Checkpoint _start;
    private ForcedQueuePoint _forced;
    private TreeDigest _rootBefore;
    private ulong _segmentsBefore = segments;
    private int _operations;
    private int _deposits;

    /// <summary>The last batch that was closed; null before the first.</summary>
    internal BatchHeader? Last { get; private set; } = last;

    /// <summary>The number of the batch that is open, or will be next.</summary>
    internal ulong Number => (Last?.Number ?? 0) + 1;

    /// <summary>The key that an account has now.</summary>
    internal XmssPublicKey KeyOf(AccountId account)
    {
        var leaf = ledger.Engine.State.Read(FinanceLeaves.Accounts, account.Value);
        return new XmssPublicKey(leaf.KeyRoot, leaf.Key);
    }

    /// <summary>Operations in the open batch, the system's included.</summary>
    internal int Operations => _operations;

    /// <summary>What the open batch began with; null where none is open.</summary>
    internal BatchOpening? Opening => _opening;

    internal bool IsOpen => _opening is not null;

    /// <summary>No more fits into the open batch.</summary>
    internal bool IsFull => _operations >= options.BatchOperations || _size.Bytes >= options.BatchBytes || _segments.Count >= BatchBody.SegmentsMax - 1;

    /// <summary>Opens a batch: forced posts are consumed, deposits taken.</summary>
    internal void Open(BatchOpening opening)
    {
        if (IsOpen)
            throw new InvalidOperationException("A batch is open already.");
        (_opening, _rootBefore, _start, _operations, _deposits) = (opening, ledger.Root, ledger.Mark(), 0, 0);
        _size.Clear();
        _forced = new ForcedQueuePoint(Last?.ForcedDigest ?? ForcedPost.EmptyQueue, Last?.ForcedCursor ?? 0);
        _builder = OpenSegment();
        ConsumePosts(opening);
        TakeDeposits(opening);
    }

    /// <summary>Adds an operation to the open batch; refused, it has changed nothing.</summary>
    /// <param name="request">The operation with its true index.</param>
    /// <param name="signature">Its signature; none where nobody signs.</param>
    /// <param name="known">The signature as it was found good already.</param>
    internal Outcome Add(in OperationRequest request, ReadOnlySpan<byte> signature, CheckedSignature? known = null)
    {
        if (_builder is not { } builder)
            throw new InvalidOperationException("No batch is open.");
        if (builder.Signatures >= options.SegmentSignatures)
            builder = NextSegment(builder);
        var gap = request.Authorisation is { } asker ? unchecked(asker.Index - ledger.Engine.State.Read(FinanceLeaves.Accounts, asker.Account.Value).NextIndex) : 0;
        var outcome = builder.Add(request, signature, known);
        if (outcome.Refusal is { Field: "segment" } && builder.Count > 0)
            outcome = NextSegment(builder).Add(request, signature, known);
        if (outcome.IsAccepted)
        {
            _operations++;
            _size.Add(request, gap);
        }

        return outcome;
    }

    /// <summary>Closes the batch.</summary>
    internal ClosedBatch Close()
    {
        var opening = _opening ?? throw new InvalidOperationException("No batch is open.");
        TakeDeposits(opening);
        _segments.Add(_builder!.Close());
        var body = new BatchBody([.. _segments.Select(static segment => segment.Body)]).Write();
        var header = new BatchHeader(
            rollup, Number, _rootBefore, ledger.Root, opening.Height, opening.Block, opening.ForcedCursor, opening.ForcedDigest, opening.DepositCursor,
            (ushort)_segments.Count, SegmentStatement.DigestOf(body));
        var closed = new ClosedBatch(header, body, [.. _segments]);
        _closed.Add(new Past(Last, _segmentsBefore, _start));
        Last = header;
        _segmentsBefore += (ulong)_segments.Count;
        _segments.Clear();
        (_opening, _builder) = (null, null);
        return closed;
    }

    /// <summary>Takes the open batch back, and the closed ones from a number on, with all their operations.</summary>
    internal void Rewind(ulong number)
    {
        if (IsOpen)
            ledger.Revert(_start);
        _segments.Clear();
        (_opening, _builder) = (null, null);
        while (Last is { } last && last.Number >= number)
        {
            var past = _closed[^1];
            _closed.RemoveAt(_closed.Count - 1);
            ledger.Revert(past.Start);
            (Last, _segmentsBefore) = (past.Before, past.SegmentsBefore);
        }
    }

    /// <summary>What a checkpoint begins with: the state before the first batch from a number on. Null where that was forgotten.</summary>
    internal BatchBase? BaseOf(ulong number)
    {
        var index = _closed.FindIndex(past => (past.Before?.Number ?? 0) + 1 == number);
        if (index < 0)
            return null;
        var past = _closed[index];
        return new BatchBase(past.Before, past.SegmentsBefore, StateSnapshot.Write(ledger.Engine.State, past.Start));
    }

    /// <summary>Forgets the batches before a number: they are not taken back any more.</summary>
    internal void Forget(ulong number)
    {
        var index = _closed.FindIndex(past => (past.Before?.Number ?? 0) + 1 == number);
        ledger.Engine.State.ForgetBefore(_closed[index].Start);
        _closed.RemoveRange(0, index);
    }

    // At the opening, and again at the end for accounts that were registered in between: the order of the chain, those to nobody passed over.
    private void TakeDeposits(BatchOpening opening)
    {
        for (var i = _deposits; i < opening.Deposits.Count; i++)
        {
            var deposit = opening.Deposits[i];
            if (!ledger.IsRegistered(deposit.To))
                continue;
            var number = ledger.Engine.State.Read(FinanceLeaves.Counters, 0).NextDeposit;
            var request = new OperationRequest(new Deposit(number, AssetId.Bitcoin, deposit.To, (ulong)deposit.Amount.Value), null);
            if (Add(request, []).Refusal is { } refusal)
                throw new InvalidOperationException($"A deposit that was paid is refused: {refusal}");
            _deposits = i + 1;
        }
    }

    // As many segments as the posts take: a post touches at most a few hundred leaves, and each is a row of the proof.
    private void ConsumePosts(BatchOpening opening)
    {
        var builder = _builder!;
        foreach (var post in opening.Posts)
        {
            if (builder.Numbers >= options.SegmentPostLeaves)
                builder = NextSegment(builder);
            if (builder.TryConsume(post) is null && (builder = NextSegment(builder)).TryConsume(post) is null)
                throw new InvalidOperationException("A post that no segment has room for.");
            _forced = _forced.After(post);
        }
    }

    private SegmentBuilder NextSegment(SegmentBuilder full)
    {
        _segments.Add(full.Close());
        return _builder = OpenSegment();
    }

    private SegmentBuilder OpenSegment()
    {
        var opening = _opening!;
        _size.Widest = 32 - BitOperations.LeadingZeroCount(ledger.Engine.State.Read(FinanceLeaves.Counters, 0).NextAccount);
        _size.BeginSegment();
        var context = new SegmentContext(rollup, _segmentsBefore + (ulong)_segments.Count, opening.Height, opening.Block.Value, _forced);
        return new SegmentBuilder(context, ledger.Engine, ledger.Tree);
    }

    private sealed record Past(BatchHeader? Before, ulong SegmentsBefore, Checkpoint Start);
}
