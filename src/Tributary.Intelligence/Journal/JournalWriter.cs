using System.Security.Cryptography;
using Tributary.Intelligence.Journal.Entries;
using Tributary.Intelligence.Journal.Format;
using Tributary.Intelligence.Journal.Storage;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;

namespace Tributary.Intelligence.Journal;

/// <summary>
/// Encodes entries and hands them to storage in batches: the part of a journal without threads, clock or disk. One owner; <see cref="DecisionJournal"/>
/// shares it among threads. After a failed write it is faulted, since what storage holds is then unknown: open it anew.
/// </summary>
public sealed class JournalWriter
{
    private readonly IJournalStorage _storage;
    private readonly long _segmentBytes;
    private readonly ByteWriter _body = new(capacity: 4_096);
    private readonly ByteWriter _chained = new(capacity: 4_096);
    private RecordBatch _filling = new();
    private RecordBatch _spare = new();
    private int _segment;
    private ulong _nextSequence;
    private Bytes32 _chain;
    private ulong _syncedThrough;
    private ulong _written;
    private volatile bool _faulted;

    private JournalWriter(IJournalStorage storage, long segmentBytes, int segment, ulong nextSequence, Bytes32 chain, RecoveryReport recovery)
    {
        _storage = storage;
        _segmentBytes = segmentBytes;
        _segment = segment;
        _nextSequence = nextSequence;
        _chain = chain;
        _syncedThrough = nextSequence - 1;
        Recovery = recovery;
    }

    /// <summary>What opening found.</summary>
    public RecoveryReport Recovery { get; }

    /// <summary>The last record that is on disk for certain.</summary>
    public ulong SyncedThrough => Volatile.Read(ref _syncedThrough);

    /// <summary>True when nothing waits for <see cref="Commit"/>.</summary>
    public bool IsEmpty => _filling.IsEmpty;

    /// <summary>
    /// Opens a journal behind its last sound record. A tail that was being written when the process or the power died is cut off; it was never
    /// confirmed. Refused, and nothing changed: damage to what had been on disk for certain, with segment and offset.
    /// </summary>
    public static Result<JournalWriter, Refusal> Open(IJournalStorage storage, JournalOptions options)
    {
        if (storage.Segments.Count == 0)
            return Create(storage, options, segment: 1, firstSequence: 1, chain: default, new RecoveryReport(0, 0, 0, 0));

        var last = storage.Segments[^1];
        var scanner = new SegmentScanner(storage, last);
        if (!scanner.TryReadHeader())
            return OpenBehindTornSegment(storage, options, last, scanner.SegmentLength);

        while (scanner.TryRead(out _) == RecordStatus.Sound)
        {
            // Only the end is of interest.
        }

        var report = new RecoveryReport(scanner.NextSequence - 1, 0, 0, 0);
        if (scanner.Offset < scanner.SegmentLength)
        {
            if (scanner.IsFollowedByProofOfSync())
                return Damage(last, scanner.Offset);
            report = report with { TornSegment = last, TornOffset = scanner.Offset, TornBytes = scanner.SegmentLength - scanner.Offset };
            storage.Truncate(last, scanner.Offset);
        }

        // Records that only the page cache had kept through the crash count as on disk from now on.
        storage.Sync(last);
        return new JournalWriter(storage, options.SegmentBytes, last, scanner.NextSequence, scanner.Chain, report);
    }

    /// <summary>Encodes an entry; it is in storage after the next <see cref="Commit"/>. Refused: an entry beyond the bounds of the format.</summary>
    /// <returns>The number of the record.</returns>
    public Result<Sequence, Refusal> Append(JournalEntry entry, DateTimeOffset now)
    {
        if (_faulted)
            throw new InvalidOperationException("The journal failed to write before; open it anew.");
        _body.Clear();
        entry.WriteBody(_body);
        if (_body.Length > JournalLimits.MaxBodyLength)
            return new Refusal("entry", $"The entry takes {_body.Length} bytes, and a record holds {JournalLimits.MaxBodyLength}.");

        var header = new RecordHeader(_body.Length, _nextSequence, ToMicroseconds(now), SyncedThrough, (byte)entry.Kind, entry.Version);
        Span<byte> headerBytes = stackalloc byte[RecordHeader.Length];
        header.Write(headerBytes, _body.WrittenSpan);

        // The first record of a batch has no chain value in front of it yet: the hash takes it from where it was kept.
        _chained.Clear();
        _chained.WriteBytes32(_chain);
        _chained.WriteBytes(headerBytes);
        _chained.WriteBytes(_body.WrittenSpan);
        Span<byte> chain = stackalloc byte[Bytes32.Length];
        SHA256.HashData(_chained.WrittenSpan, chain);
        _chain = new Bytes32(chain);
        _filling.Bytes.WriteBytes(_chained.WrittenSpan[Bytes32.Length..]);
        _filling.Bytes.WriteBytes32(_chain);
        _filling.LastSequence = _nextSequence;
        _filling.LastChain = _chain;
        return new Sequence(_nextSequence++);
    }

    /// <summary>Writes what was appended since the last call, and syncs it when asked.</summary>
    public void Commit(bool sync)
    {
        CommitBatch(TakeBatch(), sync);
    }

    /// <summary>Takes what was appended, so that appending can go on while it is written. One batch at a time is out.</summary>
    internal RecordBatch TakeBatch()
    {
        var batch = _filling;
        _filling = _spare;
        _filling.Bytes.Clear();
        _spare = batch;
        return batch;
    }

    /// <summary>Writes a batch that was taken.</summary>
    internal void CommitBatch(RecordBatch batch, bool sync)
    {
        if (_faulted)
            throw new InvalidOperationException("The journal failed to write before; open it anew.");
        try
        {
            if (!batch.IsEmpty)
            {
                _storage.Append(_segment, batch.Bytes.WrittenSpan);
                _written = batch.LastSequence;
            }

            var isFull = _storage.Length(_segment) >= _segmentBytes;
            if (sync || isFull)
            {
                _storage.Sync(_segment);
                Volatile.Write(ref _syncedThrough, Math.Max(_written, SyncedThrough));
            }

            if (isFull && !batch.IsEmpty)
                Rotate(batch);
        }
        catch
        {
            // After a failed write or sync the page cache and the disk may differ; nothing more is promised.
            _faulted = true;
            throw;
        }
    }

    private void Rotate(RecordBatch batch)
    {
        WriteHeader(_storage, _segment + 1, batch.LastSequence + 1, batch.LastChain);
        _segment++;
    }

    private static Result<JournalWriter, Refusal> OpenBehindTornSegment(IJournalStorage storage, JournalOptions options, int last, long length)
    {
        // A header is synced before anything stands behind it: alone it can be torn, followed by records it is damaged.
        if (length > SegmentHeader.Length)
            return Damage(last, offset: 0);
        var report = new RecoveryReport(0, last, 0, length);
        if (storage.Segments.Count == 1)
        {
            storage.Truncate(last, 0);
            return Create(storage, options, last, firstSequence: 1, chain: default, report);
        }

        var before = new SegmentScanner(storage, storage.Segments[^2]);
        if (!before.TryReadHeader())
            return Damage(storage.Segments[^2], offset: 0);
        while (before.TryRead(out _) == RecordStatus.Sound)
        {
            // Only the end is of interest.
        }

        if (before.Offset < before.SegmentLength)
            return Damage(storage.Segments[^2], before.Offset);
        storage.Truncate(last, 0);
        return Create(storage, options, last, before.NextSequence, before.Chain, report with { LastSequence = before.NextSequence - 1 });
    }

    private static JournalWriter Create(IJournalStorage storage, JournalOptions options, int segment, ulong firstSequence, Bytes32 chain, RecoveryReport report)
    {
        WriteHeader(storage, segment, firstSequence, chain);
        return new JournalWriter(storage, options.SegmentBytes, segment, firstSequence, chain, report);
    }

    private static void WriteHeader(IJournalStorage storage, int segment, ulong firstSequence, Bytes32 chain)
    {
        Span<byte> header = stackalloc byte[SegmentHeader.Length];
        new SegmentHeader(segment, firstSequence, chain).Write(header);
        storage.Append(segment, header);
        storage.Sync(segment);
    }

    private static Refusal Damage(int segment, long offset) => new(
        $"segment {segment}, offset {offset}",
        "The journal is damaged where it had been on disk for certain. Nothing was changed: restore the segment from a backup, or move the journal away and begin a new one.");

    private static long ToMicroseconds(DateTimeOffset time) => (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
}
