using Tributary.Finance.Accounts;
using Tributary.Finance.Amounts;
using Tributary.Finance.Engine;
using Tributary.Finance.Operations;
using Tributary.Finance.State;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;
using Tributary.Rollup.Batches;
using Tributary.Rollup.Signatures;
using Tributary.Storage.Logs;

namespace Tributary.Rollup.Sequencing;

/// <summary>What a sequencer knows, as its log has it: replaying the log gives it again.</summary>
internal sealed class SequencerBook(Bytes32 rollup, RollupLedger ledger, SequencerOptions options) : ILogReplay
{
    /// <summary>Revocations that are kept: who was told nothing by then has been away for long.</summary>
    private const int RevokedMax = 10_000;

    private readonly List<TakenOperation> _open = [];
    private readonly List<(BatchOpening Opening, List<TakenOperation> Operations)> _taken = [];
    private readonly Dictionary<Bytes32, OperationPlace> _places = [];
    private readonly Dictionary<Bytes32, AccountId> _accounts = [];
    private readonly Queue<RevokedOperation> _revoked = [];
    private ulong _revocations;
    private SequencerRecord.CheckpointBegun? _begun;
    private MemoryStream? _state;

    internal RollupLedger Ledger { get; private set; } = ledger;

    internal BatchMaker Maker { get; private set; } = new(rollup, ledger, options);

    internal List<ClosedBatch> Closed { get; } = [];

    /// <summary>Accounts opened at the operator's expense in the open batch.</summary>
    internal int Registrations { get; private set; }

    /// <summary>The last operations whose receipts are void, in order.</summary>
    internal IReadOnlyCollection<RevokedOperation> Revoked => _revoked;

    /// <summary>Where an operation stands; null where it was not taken, or lies in a batch that is no longer kept.</summary>
    internal OperationPlace? Find(Bytes32 operation) => _places.TryGetValue(operation, out var place) ? place : null;

    /// <summary>The account that has a key; null where none has.</summary>
    internal AccountId? FindKey(Bytes32 keyRoot)
    {
        // A rewind or a rotation leaves entries behind that no longer hold.
        return _accounts.TryGetValue(keyRoot, out var account) && Ledger.Engine.State.Read(FinanceLeaves.Accounts, account.Value).KeyRoot == keyRoot ? account : null;
    }

    /// <summary>Adds an operation to the open batch; refused, nothing has changed.</summary>
    internal Outcome Take(in OperationRequest request, byte[] signature, Bytes32 digest, CheckedSignature? known)
    {
        var place = new OperationPlace(Maker.Number, Maker.Operations);
        var outcome = Maker.Add(request, signature, known);
        if (!outcome.IsAccepted)
            return outcome;
        _open.Add(new TakenOperation(request, signature, digest));
        _places[digest] = place;
        foreach (var what in outcome.Events)
        {
            if (what is AccountRegistered registered)
                _accounts[registered.KeyRoot] = registered.Account;
            else if (what is KeyRotated rotated)
                _accounts[rotated.KeyRoot] = rotated.Account;
        }

        if (request is { Authorisation: null, Operation: RegisterAccount })
            Registrations++;
        return outcome;
    }

    internal void Open(BatchOpening opening)
    {
        Maker.Open(opening);
        Registrations = 0;
    }

    internal ClosedBatch Close()
    {
        var opening = Maker.Opening!;
        var closed = Maker.Close();
        Closed.Add(closed);
        _taken.Add((opening, [.. _open]));
        _open.Clear();
        return closed;
    }

    /// <summary>Lets go of what proofs are made from: they are made.</summary>
    internal void Release(ulong number)
    {
        var index = Closed.FindIndex(batch => batch.Header.Number == number);
        if (index >= 0)
            Closed[index] = Closed[index] with { Segments = [] };
    }

    internal IReadOnlyList<(OperationRequest Request, Refusal Why)> Rewind(ulong number, BatchOpening opening)
    {
        var kept = Closed.Count(batch => batch.Header.Number < number);
        var again = _taken.Skip(kept).SelectMany(static batch => batch.Operations).Concat(_open).ToList();
        _taken.RemoveRange(kept, _taken.Count - kept);
        Closed.RemoveRange(kept, Closed.Count - kept);
        _open.Clear();
        Maker.Rewind(number);
        Open(opening);
        var revoked = new List<(OperationRequest, Refusal)>();
        foreach (var taken in again)
        {
            _places.Remove(taken.Digest);
            if (Maker.IsFull)
            {
                // What was several batches may be more than one holds. Posts and deposits stand in the first.
                _ = Close();
                Open(opening with { Posts = [], Deposits = [] });
            }

            if (Take(taken.Request, taken.Signature, taken.Digest, null).Refusal is not { } refusal)
                continue;
            revoked.Add((taken.Request, refusal));
            _revoked.Enqueue(new RevokedOperation(++_revocations, taken.Digest, taken.Request, refusal));
            if (_revoked.Count > RevokedMax)
                _ = _revoked.Dequeue();
        }

        return revoked;
    }

    /// <summary>
    /// Records that mean the same as all before: the state before a batch, and everything from that batch on, which may still have to be made anew
    /// or proven.
    /// </summary>
    /// <param name="number">A batch that was closed and is kept.</param>
    internal IReadOnlyList<ReadOnlyMemory<byte>>? Snapshot(ulong number)
    {
        if (Maker.BaseOf(number) is not { } from)
            return null;
        var records = new List<ReadOnlyMemory<byte>> { SequencerRecord.Begun(from, _revocations) };
        for (var at = 0; at < from.State.Length; at += SequencerRecord.ChunkLength)
            records.Add(SequencerRecord.Chunk(from.State.AsSpan(at, Math.Min(SequencerRecord.ChunkLength, from.State.Length - at))));
        foreach (var revoked in _revoked)
            records.Add(SequencerRecord.Revoked(revoked));
        for (var i = Closed.FindIndex(batch => batch.Header.Number == number); i < Closed.Count; i++)
        {
            Add(records, _taken[i].Opening, _taken[i].Operations);
            records.Add(SequencerRecord.Closed(Closed[i].Header));
        }

        if (Maker.Opening is { } open)
            Add(records, open, _open);
        return records;
    }

    /// <summary>Forgets the batches before a number, which a checkpoint covers.</summary>
    internal void Forget(ulong number)
    {
        var count = Closed.FindIndex(batch => batch.Header.Number == number);
        foreach (var (_, operations) in _taken.Take(count))
        {
            foreach (var operation in operations)
                _places.Remove(operation.Digest);
        }

        Closed.RemoveRange(0, count);
        _taken.RemoveRange(0, count);
        Maker.Forget(number);
    }

    public string? OnCheckpoint(ReadOnlySpan<byte> record)
    {
        if (!SequencerRecord.Read(record).TryGet(out var what, out var refusal))
            return refusal.Reason;
        switch (what)
        {
            case SequencerRecord.CheckpointBegun begun:
                (_begun, _state) = (begun, new MemoryStream());
                return null;
            case SequencerRecord.StateChunk chunk when _state is not null && _begun is not null:
                if (_state.Length + chunk.Bytes.Length > _begun.StateLength)
                    return "holds more of the state than it says";
                _state.Write(chunk.Bytes.Span);
                return _state.Length == _begun.StateLength ? Load(_begun, _state.GetBuffer().AsSpan(0, (int)_state.Length)) : null;
            case SequencerRecord.ReceiptRevoked revoked:
                _revoked.Enqueue(revoked.Operation);
                return null;
            default:
                return Apply(what);
        }
    }

    public string? OnRecord(LogSequence batch, RecordLocation location, ReadOnlySpan<byte> record)
    {
        return SequencerRecord.Read(record).TryGet(out var what, out var refusal) ? Apply(what) : refusal.Reason;
    }

    private static void Add(List<ReadOnlyMemory<byte>> records, BatchOpening opening, List<TakenOperation> operations)
    {
        records.Add(SequencerRecord.Opened(opening));
        foreach (var operation in operations)
            records.Add(SequencerRecord.Taken(OperationCodec.Write(operation.Request), operation.Signature));
    }

    private string? Load(SequencerRecord.CheckpointBegun begun, ReadOnlySpan<byte> state)
    {
        if (!RollupLedger.Load(state).TryGet(out var ledger, out var refusal))
            return $"holds no state: {refusal}";
        if (begun.Last is { } last && last.RootAfter != ledger.Root)
            return $"holds another state than batch {last.Number} left";
        (Ledger, Maker) = (ledger, new BatchMaker(rollup, ledger, options, begun.Last, begun.Segments));
        (_begun, _state, _revocations) = (null, null, begun.Revocations);
        for (var account = 1u; account < ledger.Engine.State.Read(FinanceLeaves.Counters, 0).NextAccount; account++)
            _accounts[ledger.Engine.State.Read(FinanceLeaves.Accounts, account).KeyRoot] = new AccountId(account);
        return null;
    }

    private string? Apply(SequencerRecord what)
    {
        switch (what)
        {
            case SequencerRecord.BatchOpened opened:
                Open(opened.Opening);
                return null;
            case SequencerRecord.OperationTaken taken:
                // The signature was checked before the record was written, and the record is whole.
                CheckedSignature? known = taken.Request.Authorisation is { } asker
                    ? new CheckedSignature(Maker.KeyOf(asker.Account), OperationDigest.Compute(rollup, taken.Request))
                    : null;
                var outcome = Take(taken.Request, taken.Signature, Receipt.DigestOf(taken.Request), known);
                return outcome.Refusal is { } refused ? $"holds an operation that is refused now: {refused}" : null;
            case SequencerRecord.BatchClosed closed:
                return Close().Header == closed.Header ? null : $"closes batch {closed.Header.Number} with another header than replaying gives";
            case SequencerRecord.BatchesRewound rewound:
                _ = Rewind(rewound.Number, rewound.Opening);
                return null;
            default:
                return "is of no kind that this program writes";
        }
    }
}
