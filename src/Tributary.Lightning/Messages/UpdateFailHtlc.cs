using Tributary.Lightning.Wire;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Messages;

/// <summary>Gives an HTLC back with an encrypted reason (BOLT 2).</summary>
public sealed record UpdateFailHtlc : LightningMessage
{
    public override MessageType Type => MessageType.UpdateFailHtlc;

    public required ChannelId ChannelId { get; init; }

    public required ulong Id { get; init; }

    /// <summary>The error onion of BOLT 4.</summary>
    public required ReadOnlyMemory<byte> Reason { get; init; }

    public ReadOnlyMemory<byte>? AttributionData { get; init; }

    internal static UpdateFailHtlc Read(ref MessageReader reader) => new()
    {
        ChannelId = reader.ChannelId("channel_id"),
        Id = reader.UInt64("id"),
        Reason = reader.Counted("reason"),
        UnknownTlvs = reader.Extension(1),
        AttributionData = reader.TlvBytes(1),
    };

    protected internal override void WritePayload(ByteWriter writer)
    {
        writer.WriteBytes32(ChannelId.Value);
        writer.WriteUInt64BigEndian(Id);
        writer.WriteCounted(Reason.Span);
        writer.WriteExtension(UnknownTlvs, MessageWriter.Record(1, AttributionData?.ToArray()));
    }
}
