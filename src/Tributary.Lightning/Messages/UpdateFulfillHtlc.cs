using Tributary.Lightning.Wire;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Messages;

/// <summary>Settles an HTLC with its preimage (BOLT 2).</summary>
public sealed record UpdateFulfillHtlc : LightningMessage
{
    public override MessageType Type => MessageType.UpdateFulfillHtlc;

    public required ChannelId ChannelId { get; init; }

    public required ulong Id { get; init; }

    public required Bytes32 PaymentPreimage { get; init; }

    public ReadOnlyMemory<byte>? AttributionData { get; init; }

    internal static UpdateFulfillHtlc Read(ref MessageReader reader) => new()
    {
        ChannelId = reader.ChannelId("channel_id"),
        Id = reader.UInt64("id"),
        PaymentPreimage = reader.Bytes32("payment_preimage"),
        UnknownTlvs = reader.Extension(1),
        AttributionData = reader.TlvBytes(1),
    };

    protected internal override void WritePayload(ByteWriter writer)
    {
        writer.WriteBytes32(ChannelId.Value);
        writer.WriteUInt64BigEndian(Id);
        writer.WriteBytes32(PaymentPreimage);
        writer.WriteExtension(UnknownTlvs, MessageWriter.Record(1, AttributionData?.ToArray()));
    }
}
