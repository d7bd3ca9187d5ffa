using System.Diagnostics.CodeAnalysis;
using Tributary.Intelligence.Journal.Entries;
using Tributary.Intelligence.Journal.Format;
using Tributary.Intelligence.Journal.Storage;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;

namespace Tributary.Intelligence.Journal;

/// <summary>
/// Reads a journal from its first record to its last, checking every checksum, the numbering and the chain across segments. Total on any bytes:
/// it ends, and <see cref="Fault"/> says where and why when it ended early. Memory is bounded by one record.
/// </summary>
public sealed class JournalReader
{
    private readonly IJournalStorage _storage;
    private readonly IReadOnlyList<int> _segments;
    private SegmentScanner? _scanner;
    private ulong _nextSequence;
    private Bytes32 _chain;
    private int _index;

    public JournalReader(IJournalStorage storage)
    {
        _storage = storage;
        _segments = [.. storage.Segments];
    }

    /// <summary>Why the reading ended before the end of the last segment; null when it did not.</summary>
    public Refusal? Fault { get; private set; }

    /// <summary>The chain value behind the record that was read last: who keeps it elsewhere can tell later whether anything before it was changed.</summary>
    public Bytes32 Chain => _scanner?.Chain ?? default;

    /// <summary>The next record; false at the end or at a fault.</summary>
    public bool TryNext([NotNullWhen(true)] out JournalItem? item)
    {
        item = null;
        while (Fault is null)
        {
            if (_scanner is null && !TryOpenNext())
                return false;

            switch (_scanner!.TryRead(out var body))
            {
                case RecordStatus.Sound:
                    var header = _scanner.Header;
                    if (EntryCodec.Read(header.Kind, header.Version, body) is not { } entry)
                    {
                        Fault = At(_scanner.Offset - header.RecordLength, $"Record {header.Sequence} is sound, but its body is not one of kind {header.Kind}.");
                        return false;
                    }

                    item = new JournalItem(new Sequence(header.Sequence), ToTime(header.TimeMicroseconds), entry);
                    return true;
                case var _ when _scanner.Offset == _scanner.SegmentLength:
                    (_nextSequence, _chain) = (_scanner.NextSequence, _scanner.Chain);
                    if (_index == _segments.Count)
                        return false;
                    _scanner = null;
                    break;
                default:
                    var last = _index == _segments.Count;
                    Fault = At(_scanner.Offset, last ? "The record is cut or damaged: a torn tail, which opening the journal for writing cuts off, or damage." : "The record is damaged, and more segments follow.");
                    return false;
            }
        }

        return false;
    }

    /// <summary>Every record up to the end or the fault.</summary>
    public IEnumerable<JournalItem> ReadAll()
    {
        while (TryNext(out var item))
            yield return item;
    }

    private bool TryOpenNext()
    {
        if (_index == _segments.Count)
            return false;
        var isFirst = _index == 0;
        _scanner = new SegmentScanner(_storage, _segments[_index++]);
        if (!_scanner.TryReadHeader())
        {
            Fault = At(0, "The segment's header is cut or damaged.");
            return false;
        }

        // The oldest segments may have been removed after their time; what is left must hang together.
        if (isFirst || (_scanner.NextSequence == _nextSequence && _scanner.Chain.Equals(_chain)))
            return true;
        Fault = At(0, $"The segment does not continue the one before it: record {_nextSequence} is expected, and it begins with {_scanner.NextSequence}.");
        return false;
    }

    private Refusal At(long offset, string reason) => new($"segment {_segments[_index - 1]}, offset {offset}", reason);

    private static DateTimeOffset ToTime(long microseconds)
    {
        var ticks = ((Int128)microseconds * TimeSpan.TicksPerMicrosecond) + DateTimeOffset.UnixEpoch.Ticks;
        return new DateTimeOffset((long)Int128.Clamp(ticks, 0, DateTime.MaxValue.Ticks), TimeSpan.Zero);
    }
}
