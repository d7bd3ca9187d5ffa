using Tributary.Intelligence.Journal.Entries;
using Tributary.Intelligence.Journal.Format;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Contracts;
using Tributary.Primitives.Results;
using Tributary.Storage.Files;
using Tributary.Storage.Logs;

namespace Tributary.Intelligence.Journal;

/// <summary>
/// The journal as a server uses it: many threads append, and appends that wait at the same time go to disk together. An append completes when the
/// entry is safe by the <see cref="FlushPolicy"/>: persist, then act. After a failed write every append throws; open it anew. One record of the log
/// is one batch, so that its number is the log's.
/// </summary>
public sealed class DecisionJournal : IAsyncDisposable
{
    internal const string Purpose = "tributary.decisions/1";

    private readonly Lock _lock = new();
    private readonly RecordLog _log;
    private readonly RecordEncoder _encoder;
    private readonly TimeProvider _time;
    private ulong _next;

    private DecisionJournal(RecordLog log, Bytes32 chain, TimeProvider time)
    {
        (_log, _time, _encoder) = (log, time, new RecordEncoder(chain));
        Recovery = new RecoveryReport(log.Recovery.Through.Value, log.Recovery.TornBytes);
        _next = log.Recovery.Through.Value + 1;
    }

    /// <summary>What opening found.</summary>
    public RecoveryReport Recovery { get; }

    /// <summary>The last record that is on disk for certain.</summary>
    public Sequence SyncedThrough => new(_log.DurableThrough.Value);

    /// <summary>
    /// Opens or creates a journal behind its last sound record. A tail that was being written when the process or the power died is cut off; it was
    /// never confirmed. Refused: another writer, and damage to what had been on disk for certain, with file and offset.
    /// </summary>
    /// <param name="directory">The folder, which the journal has for itself.</param>
    /// <param name="options">How it is written.</param>
    /// <param name="time">The clock.</param>
    /// <param name="entropy">For a new journal's id.</param>
    public static Result<DecisionJournal, Refusal> Open(IStorageDirectory directory, JournalOptions options, TimeProvider time, IEntropy entropy)
    {
        var tail = new Tail();
        var log = new LogOptions { Purpose = Purpose, SegmentBytes = options.SegmentBytes, Flush = options.Flush, OpensAtEnd = true };
        return RecordLog.Open(directory, log, entropy, tail).TryGet(out var opened, out var error)
            ? new DecisionJournal(opened, tail.Chain, time)
            : error.ToRefusal("journal");
    }

    /// <summary>Appends an entry. Cancelling stops the waiting, not the entry.</summary>
    /// <returns>The record's number, or why the entry is beyond the bounds of the format.</returns>
    /// <exception cref="IOException">Storage failed; whether the entry is there is unknown until the journal is opened anew.</exception>
    public async ValueTask<Result<Sequence, Refusal>> AppendAsync(JournalEntry entry, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Task<LogSequence> appended;
        lock (_lock)
        {
            if (!_encoder.Encode(entry, _next, _time.GetUtcNow()).TryGet(out var record, out var refusal))
                return refusal;

            // Takes its place in the order before it returns; the chain allows for no gap, so it is not cancelled.
            appended = _log.AppendAsync(new LogBatch(record.Length + 8).Add(record.Span), CancellationToken.None).AsTask();
            _next++;
        }

        return new Sequence((await appended.WaitAsync(cancellationToken)).Value);
    }

    /// <summary>Writes and flushes what is left.</summary>
    public ValueTask DisposeAsync() => _log.DisposeAsync();

    /// <summary>Finds the chain value behind the last record.</summary>
    private sealed class Tail : ILogReplay
    {
        internal Bytes32 Chain { get; private set; }

        public string? OnCheckpoint(ReadOnlySpan<byte> record) => "a journal has no checkpoints";

        public string? OnRecord(LogSequence batch, RecordLocation location, ReadOnlySpan<byte> record)
        {
            if (record.Length < RecordHeader.Length + Bytes32.Length)
                return "it is shorter than any record";
            Chain = new Bytes32(record[^Bytes32.Length..]);
            return null;
        }
    }
}
