using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Messages;

/// <summary>A message of a type that is not known here: ignored when the type is odd, the end of the connection when it is even (BOLT 1).</summary>
public sealed record UnknownMessage : LightningMessage
{
    internal UnknownMessage(MessageType type, byte[] payload)
    {
        Type = type;
        Payload = payload;
    }

    public override MessageType Type { get; }

    /// <summary>What followed the type.</summary>
    public ReadOnlyMemory<byte> Payload { get; }

    /// <summary>True when the connection has to be closed.</summary>
    public bool EndsConnection => ((ushort)Type & 1) == 0;

    protected internal override void WritePayload(ByteWriter writer) => writer.WriteBytes(Payload.Span);
}
