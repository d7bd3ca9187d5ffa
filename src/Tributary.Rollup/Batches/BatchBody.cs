using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;
using Tributary.Rollup.Segments;

namespace Tributary.Rollup.Batches;

/// <summary>What is posted behind a batch's header: the bodies of its segments in order, each with its length. Equal bodies have equal bytes.</summary>
public sealed record BatchBody(IReadOnlyList<SegmentBody> Segments)
{
    /// <summary>Segments at most.</summary>
    public const int SegmentsMax = 256;

    /// <summary>The bytes.</summary>
    public byte[] Write()
    {
        if (Segments.Count is 0 or > SegmentsMax)
            throw new InvalidOperationException($"A batch has from 1 to {SegmentsMax} segments.");
        var writer = new ByteWriter(4096);
        foreach (var segment in Segments)
            writer.WriteCompactSizeBytes(segment.Write());
        return writer.ToArray();
    }

    /// <summary>Reads the bodies of so many segments; any other bytes than <see cref="Write"/> gives are refused.</summary>
    public static Result<BatchBody, Refusal> Read(int segments, ReadOnlySpan<byte> bytes)
    {
        if (segments is 0 or > SegmentsMax)
            return new Refusal("batch.segments", $"is {segments}; a batch has from 1 to {SegmentsMax}");
        var reader = new SpanReader(bytes);
        var bodies = new List<SegmentBody>();
        for (var i = 0; i < segments; i++)
        {
            if (!reader.TryReadCompactSizeBytes(out var body))
                return new Refusal($"batch.body[{i}]", "is cut short");
            if (!SegmentBody.Read(body).TryGet(out var segment, out var refusal))
                return new Refusal($"batch.body[{i}].{refusal.Field}", refusal.Reason);
            bodies.Add(segment);
        }

        return reader.IsAtEnd ? new BatchBody(bodies) : new Refusal("batch.body", $"has {reader.Remaining} bytes too many");
    }
}
