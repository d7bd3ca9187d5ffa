using System.Security.Cryptography;
using Tributary.Intelligence.Journal.Storage;
using Tributary.Primitives.Bytes;

namespace Tributary.Intelligence.Journal.Format;

/// <summary>Walks over the records of one segment through a window of bounded size, checking checksum, numbering and chain.</summary>
internal sealed class SegmentScanner
{
    private const int MaxRecordLength = RecordHeader.Length + JournalLimits.MaxBodyLength + RecordHeader.ChainLength;
    private const int WindowLength = 2 * MaxRecordLength;

    private readonly IJournalStorage _storage;
    private readonly int _segment;
    private readonly byte[] _window;
    private long _windowStart;
    private int _windowLength;

    public SegmentScanner(IJournalStorage storage, int segment)
    {
        _storage = storage;
        _segment = segment;
        SegmentLength = storage.Length(segment);
        _window = new byte[(int)Math.Min(WindowLength, Math.Max(SegmentHeader.Length, SegmentLength))];
    }

    /// <summary>Bytes of the segment when the scan began.</summary>
    public long SegmentLength { get; }

    /// <summary>Where the next record begins: behind the last one that was sound.</summary>
    public long Offset { get; private set; }

    /// <summary>The number that the next record must have.</summary>
    public ulong NextSequence { get; private set; }

    /// <summary>The chain value behind the last sound record.</summary>
    public Bytes32 Chain { get; private set; }

    /// <summary>The header of the record that was read last.</summary>
    public RecordHeader Header { get; private set; }

    /// <summary>Reads the segment's header; false when it is cut or damaged.</summary>
    public bool TryReadHeader()
    {
        if (!SegmentHeader.TryRead(Bytes(0, SegmentHeader.Length), out var header) || header.Segment != _segment)
            return false;
        Offset = SegmentHeader.Length;
        NextSequence = header.FirstSequence;
        Chain = header.Chain;
        return true;
    }

    /// <summary>Reads the next record and moves behind it when it is sound and belongs here. The body is valid until the next call.</summary>
    public RecordStatus TryRead(out ReadOnlySpan<byte> body)
    {
        // The chain value of the record before lies right in front of this one.
        var chained = Bytes(Offset - Bytes32.Length, Bytes32.Length + MaxRecordLength);
        var bytes = chained[Bytes32.Length..];
        var status = RecordHeader.Read(bytes, out var header);
        body = default;
        if (status != RecordStatus.Sound)
            return status;
        var chainOffset = RecordHeader.Length + header.BodyLength;
        Span<byte> chain = stackalloc byte[Bytes32.Length];
        SHA256.HashData(chained[..(Bytes32.Length + chainOffset)], chain);
        if (header.Sequence != NextSequence || !chain.SequenceEqual(bytes.Slice(chainOffset, RecordHeader.ChainLength)))
            return RecordStatus.Damaged;

        Header = header;
        Chain = new Bytes32(chain);
        Offset += header.RecordLength;
        NextSequence++;
        body = bytes.Slice(RecordHeader.Length, header.BodyLength);
        return RecordStatus.Sound;
    }

    /// <summary>
    /// Looks behind a record that is not sound for one that is, and that was written when the broken one was already on disk for certain.
    /// </summary>
    public bool IsFollowedByProofOfSync()
    {
        var magic = "TJR1"u8;
        var offset = Offset + 1;
        while (offset + RecordHeader.Length <= SegmentLength)
        {
            var bytes = Bytes(offset, _window.Length);
            var found = bytes.IndexOf(magic);
            if (found < 0)
            {
                offset += Math.Max(1, bytes.Length - magic.Length + 1);
                continue;
            }

            offset += found;
            var candidate = Bytes(offset, MaxRecordLength);
            if (RecordHeader.Read(candidate, out var header) == RecordStatus.Sound && header.Sequence > NextSequence && header.SyncedThrough >= NextSequence)
                return true;
            offset++;
        }

        return false;
    }

    // What the window holds at an offset, up to a length; the window moves on when it does not hold enough.
    private ReadOnlySpan<byte> Bytes(long offset, int most)
    {
        var wanted = (int)Math.Min(most, Math.Max(0, SegmentLength - offset));
        if (offset < _windowStart || offset + wanted > _windowStart + _windowLength)
        {
            _windowStart = offset;
            _windowLength = 0;
            while (_windowLength < _window.Length)
            {
                var read = _storage.Read(_segment, offset + _windowLength, _window.AsSpan(_windowLength));
                if (read == 0)
                    break;
                _windowLength += read;
            }
        }

        var start = (int)(offset - _windowStart);
        return _window.AsSpan(start, Math.Max(0, Math.Min(wanted, _windowLength - start)));
    }
}
