using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;
using Tributary.Proofs.Transcripts;

namespace Tributary.Proofs.Stark;

/// <summary>How a proof starts: format, key, parameters, and the heights that the prover chose.</summary>
internal static class ProofHeader
{
    /// <summary>The format described in docs/rollup/proofs.md.</summary>
    public const ushort Version = 1;

    private static ReadOnlySpan<byte> Magic => "TPRF"u8;

    public static void Write(ByteWriter writer, VerifyingKey key, IReadOnlyList<int> logHeights)
    {
        writer.WriteBytes(Magic);
        writer.WriteUInt16LittleEndian(Version);
        writer.WriteBytes32(key.Digest);
        key.Parameters.Write(writer);
        foreach (var logHeight in logHeights)
            writer.WriteByte((byte)logHeight);
    }

    /// <summary>Reads the heights; refuses another format, another key and other parameters.</summary>
    public static Result<int[], Refusal> Read(ref SpanReader reader, VerifyingKey key)
    {
        if (!reader.TryReadBytes(Magic.Length, out var magic) || !magic.SequenceEqual(Magic))
            return new Refusal("format", "not a proof");
        if (!reader.TryReadUInt16LittleEndian(out var version) || version != Version)
            return new Refusal("version", $"only version {Version} is known");
        if (!reader.TryReadBytes32(out var digest) || digest != key.Digest)
            return new Refusal("key", "a proof for another machine, other parameters or other fixed columns");
        if (!ProofParameters.TryRead(ref reader, out var parameters) || parameters != key.Parameters)
            return new Refusal("parameters", "not those of the key");
        var logHeights = new int[key.Machine.Tables.Count];
        for (var table = 0; table < logHeights.Length; table++)
        {
            if (!reader.TryReadByte(out var logHeight))
                return new Refusal($"heights[{table}]", "cut short");
            logHeights[table] = logHeight;
        }

        return logHeights;
    }

    /// <summary>What the transcript starts with: everything that is fixed before the first commitment.</summary>
    public static void Absorb(Transcript transcript, VerifyingKey key, Statement statement, IReadOnlyList<int> logHeights)
    {
        transcript.Absorb("version", Version);
        transcript.Absorb("key", key.Digest);
        var writer = new ByteWriter();
        key.Parameters.Write(writer);
        transcript.Absorb("parameters", writer.WrittenSpan);
        transcript.Absorb("heights", [.. logHeights.Select(logHeight => (byte)logHeight)]);
        foreach (var values in statement.PublicValues)
            transcript.Absorb("public", [.. values]);
        transcript.Absorb("messages", (ulong)statement.Messages.Count);
        foreach (var message in statement.Messages)
        {
            transcript.Absorb("message.bus", (((ulong)message.Bus.Number) << 1) | (message.IsSend ? 1UL : 0));
            transcript.Absorb("message", [.. message.Elements]);
        }
    }
}
