using Tributary.Lightning.Wire;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;

namespace Tributary.Lightning.Messages;

/// <summary>
/// The arrays of BOLT 7's queries: an encoding byte, then the elements. Only the plain encoding is read and written; zlib (1) must no longer be
/// used, and inflating a stranger's bytes is not worth its risk.
/// </summary>
public static class EncodedIds
{
    private const byte Plain = 0;

    /// <summary>Reads short channel ids, in ascending order.</summary>
    public static Result<ShortChannelId[], Refusal> ReadIds(ReadOnlySpan<byte> encoded)
    {
        if (!TryReadElements(encoded, ShortChannelId.Size, "encoded_short_ids", out var elements, out var refusal))
            return refusal;

        var reader = new SpanReader(elements);
        var ids = new ShortChannelId[elements.Length / ShortChannelId.Size];
        for (var i = 0; i < ids.Length; i++)
        {
            _ = ShortChannelId.TryRead(ref reader, out ids[i]);
            if (i > 0 && ids[i] <= ids[i - 1])
                return new Refusal("encoded_short_ids", "is not in ascending order");
        }

        return ids;
    }

    /// <summary>Writes short channel ids; the caller sorts them.</summary>
    public static byte[] WriteIds(ReadOnlySpan<ShortChannelId> ids)
    {
        var writer = new ByteWriter(1 + (ids.Length * ShortChannelId.Size));
        writer.WriteByte(Plain);
        foreach (var id in ids)
            id.WriteTo(writer);
        return writer.ToArray();
    }

    /// <summary>Reads the timestamps of <c>reply_channel_range</c>: of each id's two updates, zero for none.</summary>
    public static Result<UpdatePair[], Refusal> ReadTimestamps(ReadOnlySpan<byte> encoded) =>
        TryReadElements(encoded, 2 * sizeof(uint), "timestamps_tlv", out var elements, out var refusal) ? ReadPairs(elements) : refusal;

    /// <summary>Writes timestamps.</summary>
    public static byte[] WriteTimestamps(ReadOnlySpan<UpdatePair> timestamps) => [Plain, .. WriteChecksums(timestamps)];

    /// <summary>Reads the checksums of <c>reply_channel_range</c>, which have no encoding byte.</summary>
    public static Result<UpdatePair[], Refusal> ReadChecksums(ReadOnlySpan<byte> bytes) =>
        bytes.Length % (2 * sizeof(uint)) == 0 ? ReadPairs(bytes) : new Refusal("checksums_tlv", "ends within an element");

    /// <summary>Writes checksums.</summary>
    public static byte[] WriteChecksums(ReadOnlySpan<UpdatePair> checksums)
    {
        var writer = new ByteWriter(checksums.Length * 2 * sizeof(uint));
        foreach (var (first, second) in checksums)
        {
            writer.WriteUInt32BigEndian(first);
            writer.WriteUInt32BigEndian(second);
        }

        return writer.ToArray();
    }

    /// <summary>Reads the flags of <c>query_short_channel_ids</c>: a BigSize for each id.</summary>
    public static Result<ulong[], Refusal> ReadQueryFlags(ReadOnlySpan<byte> encoded)
    {
        if (!TryReadElements(encoded, 1, "query_flags", out var elements, out var refusal))
            return refusal;

        var reader = new SpanReader(elements);
        var flags = new List<ulong>();
        while (!reader.IsAtEnd)
        {
            if (!reader.TryReadBigSize(out var flag))
                return new Refusal("query_flags", "has a number that is cut short or not minimal");
            flags.Add(flag);
        }

        return flags.ToArray();
    }

    /// <summary>Writes flags.</summary>
    public static byte[] WriteQueryFlags(ReadOnlySpan<ulong> flags)
    {
        var writer = new ByteWriter(1 + flags.Length);
        writer.WriteByte(Plain);
        foreach (var flag in flags)
            writer.WriteBigSize(flag);
        return writer.ToArray();
    }

    private static UpdatePair[] ReadPairs(ReadOnlySpan<byte> elements)
    {
        var reader = new SpanReader(elements);
        var pairs = new UpdatePair[elements.Length / (2 * sizeof(uint))];
        for (var i = 0; i < pairs.Length; i++)
        {
            _ = reader.TryReadUInt32BigEndian(out var first);
            _ = reader.TryReadUInt32BigEndian(out var second);
            pairs[i] = new UpdatePair(first, second);
        }

        return pairs;
    }

    private static bool TryReadElements(
        ReadOnlySpan<byte> encoded, int size, string field, out ReadOnlySpan<byte> elements, [System.Diagnostics.CodeAnalysis.NotNullWhen(false)] out Refusal? refusal)
    {
        elements = encoded.IsEmpty ? default : encoded[1..];
        refusal = encoded switch
        {
            [] => new Refusal(field, "has no encoding byte"),
            [not Plain, ..] => new Refusal(field, "is in an encoding that must not be used"),
            _ when elements.Length % size != 0 => new Refusal(field, "ends within an element"),
            _ => null,
        };
        return refusal is null;
    }
}
