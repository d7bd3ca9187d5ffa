using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;
using Tributary.Storage.Logs;

namespace Tributary.Lightning.Node.Journal;

/// <summary>An entry of the node's log: machine kind, machine key, record bytes.</summary>
internal static class LogEntry
{
    private const int HeaderLength = 1 + Bytes32.Length;

    /// <summary>Adds an entry to a batch.</summary>
    internal static void Write(LogBatch batch, ByteWriter scratch, EntryKind kind, Bytes32 key, ReadOnlySpan<byte> record)
    {
        scratch.Clear();
        scratch.WriteByte((byte)kind);
        scratch.WriteBytes32(key);
        scratch.WriteBytes(record);
        batch.Add(scratch.WrittenSpan);
    }

    /// <summary>The bytes of an entry, for a snapshot.</summary>
    internal static byte[] ToArray(EntryKind kind, Bytes32 key, ReadOnlySpan<byte> record)
    {
        var entry = new byte[HeaderLength + record.Length];
        entry[0] = (byte)kind;
        key.Span.CopyTo(entry.AsSpan(1));
        record.CopyTo(entry.AsSpan(HeaderLength));
        return entry;
    }

    /// <summary>Takes an entry apart; a kind that is not known is refused, never skipped.</summary>
    internal static Refusal? Read(ReadOnlySpan<byte> entry, out EntryKind kind, out Bytes32 key, out ReadOnlySpan<byte> record)
    {
        kind = default;
        key = default;
        record = default;
        if (entry.Length < HeaderLength)
            return new Refusal("entry", "is cut short");
        kind = (EntryKind)entry[0];
        if (kind is < EntryKind.Channel or > EntryKind.ClaimsState)
            return new Refusal("entry.kind", $"{entry[0]} is not known to this version: was the folder written by a newer one?");
        key = new Bytes32(entry.Slice(1, Bytes32.Length));
        record = entry[HeaderLength..];
        return null;
    }
}
