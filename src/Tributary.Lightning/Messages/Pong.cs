using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Messages;

/// <summary>Answers a ping (BOLT 1).</summary>
public sealed record Pong : LightningMessage
{
    public override MessageType Type => MessageType.Pong;

    public required ReadOnlyMemory<byte> Ignored { get; init; }

    internal static Pong Read(ref MessageReader reader) => new()
    {
        Ignored = reader.Counted("ignored"),
        UnknownTlvs = reader.Extension(),
    };

    protected internal override void WritePayload(ByteWriter writer)
    {
        writer.WriteCounted(Ignored.Span);
        writer.WriteExtension(UnknownTlvs);
    }
}
