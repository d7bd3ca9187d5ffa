using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Messages;

/// <summary>Asks for a pong of a chosen length (BOLT 1).</summary>
public sealed record Ping : LightningMessage
{
    /// <summary>From this length on no answer is wanted.</summary>
    public const ushort NoPongLength = 65532;

    public override MessageType Type => MessageType.Ping;

    /// <summary>Bytes that the answer is to carry; from 65,532 on there is none.</summary>
    public required ushort PongLength { get; init; }

    public required ReadOnlyMemory<byte> Ignored { get; init; }

    internal static Ping Read(ref MessageReader reader) => new()
    {
        PongLength = reader.UInt16("num_pong_bytes"),
        Ignored = reader.Counted("ignored"),
        UnknownTlvs = reader.Extension(),
    };

    protected internal override void WritePayload(ByteWriter writer)
    {
        writer.WriteUInt16BigEndian(PongLength);
        writer.WriteCounted(Ignored.Span);
        writer.WriteExtension(UnknownTlvs);
    }
}
