using Tributary.Finance.Operations;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;
using Tributary.Rollup.Batches;
using Tributary.Storage.Logs;

namespace Tributary.Rollup.Sequencing;

/// <summary>What a sequencer knows, as its log has it: replaying the log gives it again.</summary>
internal sealed class SequencerBook(Bytes32 rollup, RollupLedger ledger, SequencerOptions options) : ILogReplay
{
    private readonly List<(OperationRequest Request, byte[] Signature)> _open = [];
    private readonly List<List<(OperationRequest Request, byte[] Signature)>> _taken = [];

    internal RollupLedger Ledger { get; } = ledger;

    internal BatchMaker Maker { get; } = new(rollup, ledger, options);

    internal List<ClosedBatch> Closed { get; } = [];

    internal void Note(in OperationRequest request, ReadOnlySpan<byte> signature) => _open.Add((request, signature.ToArray()));

    internal ClosedBatch Close()
    {
        var closed = Maker.Close();
        Closed.Add(closed);
        _taken.Add([.. _open]);
        _open.Clear();
        return closed;
    }

    internal IReadOnlyList<(OperationRequest Request, Refusal Why)> Rewind(ulong number, BatchOpening opening)
    {
        var again = new List<(OperationRequest Request, byte[] Signature)>();
        for (var i = Closed.FindIndex(batch => batch.Header.Number >= number); i >= 0 && i < _taken.Count; i++)
            again.AddRange(_taken[i]);
        again.AddRange(_open);
        _taken.RemoveRange(_taken.Count - Closed.Count(batch => batch.Header.Number >= number), Closed.Count(batch => batch.Header.Number >= number));
        _ = Closed.RemoveAll(batch => batch.Header.Number >= number);
        _open.Clear();
        Maker.Rewind(number);
        Maker.Open(opening);
        var revoked = new List<(OperationRequest, Refusal)>();
        foreach (var (request, signature) in again)
        {
            if (Maker.Add(request, signature).Refusal is { } refusal)
                revoked.Add((request, refusal));
            else
                _open.Add((request, signature));
        }

        return revoked;
    }

    public string? OnCheckpoint(ReadOnlySpan<byte> record) => "is a checkpoint, which a sequencer's log has none of";

    public string? OnRecord(LogSequence batch, RecordLocation location, ReadOnlySpan<byte> record)
    {
        if (!SequencerRecord.Read(record).TryGet(out var what, out var refusal))
            return refusal.Reason;
        switch (what)
        {
            case SequencerRecord.BatchOpened opened:
                Maker.Open(opened.Opening);
                return null;
            case SequencerRecord.OperationTaken taken:
                // The signature was checked before the record was written, and the record is whole.
                var outcome = Maker.Add(taken.Request, taken.Signature.Span, taken.Request.Authorisation is { } asker ? Maker.KeyOf(asker.Account) : null);
                Note(taken.Request, taken.Signature.Span);
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
