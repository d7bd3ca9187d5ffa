using Tributary.Finance.State;
using Tributary.Primitives.Bytes;
using Tributary.Rollup.State;

namespace Tributary.Rollup.Segments;

/// <summary>
/// What comes with a proof so that a verifier without the state can state what is proven: the next indices and the leaves that operations look at, in
/// the order in which they do. Nothing here is trusted; a proof holds all of it against the root.
/// </summary>
internal static class SegmentHints
{
    /// <summary>Bytes of hints at most.</summary>
    public const int MaxLength = 1 << 22;

    public static void WriteIndex(ByteWriter writer, uint index) => writer.WriteCompactSize(index);

    public static void WriteLeaf(ByteWriter writer, ReadOnlySpan<byte> value)
    {
        writer.WriteByte(value.IsEmpty ? (byte)0 : (byte)1);
        writer.WriteBytes(value);
    }

    public static uint? ReadIndex(ref SpanReader reader) => reader.TryReadCompactSize(out var index) && index <= uint.MaxValue ? (uint)index : null;

    public static byte[]? ReadLeaf(ref SpanReader reader, LeafKind kind)
    {
        if (!reader.TryReadByte(out var present) || present > 1)
            return null;
        if (present == 0)
            return [];
        return reader.TryReadBytes(LeafLayout.Length(kind), out var bytes) ? bytes.ToArray() : null;
    }
}
