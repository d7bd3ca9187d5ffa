using System.Diagnostics.CodeAnalysis;
using Tributary.Intelligence.Journal.Entries;
using Tributary.Intelligence.Journal.Format;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;
using Tributary.Storage.Files;
using Tributary.Storage.Logs;

namespace Tributary.Intelligence.Journal;

/// <summary>
/// Reads a journal from its first record to its last, beside whoever writes it, checking every checksum, the numbering and the chain. Total on any
/// bytes: it ends, and <see cref="Fault"/> says where and why when it ended early. Memory is bounded by what was written with one flush.
/// </summary>
public sealed class JournalReader : IDisposable
{
    private readonly LogReader _log;
    private RecordChain _chain;
    private ulong _last;

    /// <param name="directory">The journal's folder.</param>
    public JournalReader(IStorageDirectory directory) => _log = new LogReader(directory, DecisionJournal.Purpose);

    /// <summary>Why the reading ended before the end of the journal; null when it did not.</summary>
    public Refusal? Fault { get; private set; }

    /// <summary>The chain value behind the record that was read last: who keeps it elsewhere can tell later whether anything before it was changed.</summary>
    public Bytes32 Chain => _chain.Value;

    /// <summary>The next record; false at the end or at a fault.</summary>
    public bool TryNext([NotNullWhen(true)] out JournalItem? item)
    {
        item = null;
        if (Fault is not null)
            return false;
        if (!_log.TryNext(out var sequence, out var record))
        {
            Fault = _log.Fault?.ToRefusal("journal");
            return false;
        }

        if (record.Length < RecordHeader.Length + Bytes32.Length)
            return Fail(sequence, "is shorter than any");
        var chained = record[..^Bytes32.Length];
        var chain = new Bytes32(record[^Bytes32.Length..]);

        // The oldest segments may have been removed after their time: then the chain begins with what the first record says.
        if ((_last > 0 || sequence.Value == 1) && !_chain.Next(sequence.Value, chained).Equals(chain))
            return Fail(sequence, "breaks the chain: it, or one before it, is not what was written");
        var header = RecordHeader.Read(chained);
        if (EntryCodec.Read(header.Kind, header.Version, chained[RecordHeader.Length..]) is not { } entry)
            return Fail(sequence, $"is sound, but its body is not one of kind {header.Kind}");
        (_chain.Value, _last) = (chain, sequence.Value);
        item = new JournalItem(new Sequence(sequence.Value), ToTime(header.TimeMicroseconds), entry);
        return true;
    }

    /// <summary>Every record up to the end or the fault.</summary>
    public IEnumerable<JournalItem> ReadAll()
    {
        while (TryNext(out var item))
            yield return item;
    }

    /// <inheritdoc/>
    public void Dispose() => _log.Dispose();

    private static DateTimeOffset ToTime(long microseconds)
    {
        var ticks = ((Int128)microseconds * TimeSpan.TicksPerMicrosecond) + DateTimeOffset.UnixEpoch.Ticks;
        return new DateTimeOffset((long)Int128.Clamp(ticks, 0, DateTime.MaxValue.Ticks), TimeSpan.Zero);
    }

    private bool Fail(LogSequence sequence, string reason)
    {
        Fault = new Refusal("journal", $"Record {sequence} {reason}.");
        return false;
    }
}
