using Tributary.Intelligence.Journal.Entries;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;

namespace Tributary.Intelligence.Journal.Format;

/// <summary>Makes records of entries: the part of a journal without threads, clock or disk. One owner.</summary>
/// <param name="chain">The chain value behind the last record.</param>
internal sealed class RecordEncoder(Bytes32 chain)
{
    private readonly ByteWriter _record = new(capacity: 4_096);
    private RecordChain _chain = new() { Value = chain };

    /// <summary>Encodes an entry as the record of a number, which must be the next one. Refused: an entry beyond the bounds of the format.</summary>
    /// <returns>The record, valid until the next call.</returns>
    public Result<ReadOnlyMemory<byte>, Refusal> Encode(JournalEntry entry, ulong sequence, DateTimeOffset now)
    {
        _record.Clear();
        new RecordHeader(ToMicroseconds(now), (byte)entry.Kind, entry.Version).Write(_record.GetSpan(RecordHeader.Length));
        _record.Advance(RecordHeader.Length);
        entry.WriteBody(_record);
        var bodyLength = _record.Length - RecordHeader.Length;
        if (bodyLength > JournalLimits.MaxBodyLength)
            return new Refusal("entry", $"The entry takes {bodyLength} bytes, and a record holds {JournalLimits.MaxBodyLength}.");
        _chain.Value = _chain.Next(sequence, _record.WrittenSpan);
        _record.WriteBytes32(_chain.Value);
        return _record.WrittenMemory;
    }

    private static long ToMicroseconds(DateTimeOffset time) => (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
}
