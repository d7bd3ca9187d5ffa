using Tributary.Primitives.Bytes;
using Tributary.Rollup.Anchoring;
using Tributary.Rollup.Segments;

namespace Tributary.Rollup.Sequencing;

/// <summary>A batch that is ready to be anchored and proven.</summary>
/// <param name="Header">What stands before the body.</param>
/// <param name="Body">As it is posted.</param>
/// <param name="Segments">What proofs are made from.</param>
public sealed record ClosedBatch(BatchHeader Header, ReadOnlyMemory<byte> Body, IReadOnlyList<Segment> Segments)
{
    /// <summary>The payload of its envelope.</summary>
    public byte[] Payload()
    {
        var writer = new ByteWriter(BatchHeader.Length + Body.Length);
        Header.WriteTo(writer);
        writer.WriteBytes(Body.Span);
        return writer.ToArray();
    }
}
