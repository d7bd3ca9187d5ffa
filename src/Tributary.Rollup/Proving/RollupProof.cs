using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;
using Tributary.Rollup.Segments;

namespace Tributary.Rollup.Proving;

/// <summary>
/// A proof of a segment as it is served: <c>TRBP</c>, version (2 bytes), hints with their length, and the proof of the machine, which goes to the end.
/// </summary>
/// <param name="Hints">What a verifier without the state needs to state the claim. Untrusted.</param>
/// <param name="Proof">The proof of the machine.</param>
public sealed record RollupProof(ReadOnlyMemory<byte> Hints, ReadOnlyMemory<byte> Proof)
{
    /// <summary>The format described here.</summary>
    public const ushort Version = 1;

    private static ReadOnlySpan<byte> Magic => "TRBP"u8;

    /// <summary>The bytes.</summary>
    public byte[] Write()
    {
        var writer = new ByteWriter(Proof.Length + Hints.Length + 16);
        writer.WriteBytes(Magic);
        writer.WriteUInt16LittleEndian(Version);
        writer.WriteCompactSizeBytes(Hints.Span);
        writer.WriteBytes(Proof.Span);
        return writer.ToArray();
    }

    /// <summary>Reads bytes.</summary>
    public static Result<RollupProof, Refusal> Read(ReadOnlyMemory<byte> bytes)
    {
        var reader = new SpanReader(bytes.Span);
        if (!reader.TryReadBytes(Magic.Length, out var magic) || !magic.SequenceEqual(Magic))
            return new Refusal("proof.format", "not a proof of a segment");
        if (!reader.TryReadUInt16LittleEndian(out var version) || version != Version)
            return new Refusal("proof.version", $"only version {Version} is known");
        if (!reader.TryReadCompactSizeBytes(out var hints) || hints.Length > SegmentHints.MaxLength)
            return new Refusal("proof.hints", "cut short or too long");
        return new RollupProof(bytes.Slice(reader.Position - hints.Length, hints.Length), bytes[reader.Position..]);
    }
}
