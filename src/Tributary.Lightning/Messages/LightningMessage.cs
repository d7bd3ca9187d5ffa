using Tributary.Lightning.Wire;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;

namespace Tributary.Lightning.Messages;

/// <summary>A message between peers (BOLT 1, 2 and 7): immutable, with the extension records that are not known kept as they came.</summary>
public abstract record LightningMessage
{
    /// <summary>The two bytes that stand first on the wire.</summary>
    public abstract MessageType Type { get; }

    /// <summary>Odd records of the extension whose meaning is not known; written back in their places.</summary>
    public TlvStream UnknownTlvs { get; init; } = TlvStream.Empty;

    /// <summary>
    /// Reads one decrypted message. A type that is not known comes back as <see cref="UnknownMessage"/>, which says whether the connection
    /// may go on; a refusal means that it may not.
    /// </summary>
    public static Result<LightningMessage, Refusal> Read(ReadOnlySpan<byte> bytes)
    {
        var header = new SpanReader(bytes);
        if (!header.TryReadUInt16BigEndian(out var type))
            return new Refusal("type", "is cut short");

        var reader = new MessageReader(header.Rest);
        if (MessageTable.Read((MessageType)type, ref reader) is not { } message)
            return new UnknownMessage((MessageType)type, header.Rest.ToArray());
        return reader.Refusal is { } refusal ? new Refusal($"{(MessageType)type}.{refusal.Field}", refusal.Reason) : message;
    }

    /// <summary>Appends type, fields and extension.</summary>
    public void Write(ByteWriter writer)
    {
        writer.WriteUInt16BigEndian((ushort)Type);
        WritePayload(writer);
    }

    /// <summary>Type, fields and extension.</summary>
    public byte[] ToArray()
    {
        var writer = new ByteWriter();
        Write(writer);
        return writer.ToArray();
    }

    /// <summary>Appends fields and extension.</summary>
    protected internal abstract void WritePayload(ByteWriter writer);
}
