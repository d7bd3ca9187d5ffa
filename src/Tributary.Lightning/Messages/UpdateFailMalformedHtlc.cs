using Tributary.Lightning.Wire;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Messages;

/// <summary>Gives an HTLC back whose onion could not be read (BOLT 2).</summary>
public sealed record UpdateFailMalformedHtlc : LightningMessage
{
    public override MessageType Type => MessageType.UpdateFailMalformedHtlc;

    public required ChannelId ChannelId { get; init; }

    public required ulong Id { get; init; }

    public required Bytes32 Sha256OfOnion { get; init; }

    /// <summary>With BADONION set, as BOLT 4 numbers them.</summary>
    public required ushort FailureCode { get; init; }

    internal static UpdateFailMalformedHtlc Read(ref MessageReader reader) => new()
    {
        ChannelId = reader.ChannelId("channel_id"),
        Id = reader.UInt64("id"),
        Sha256OfOnion = reader.Bytes32("sha256_of_onion"),
        FailureCode = reader.UInt16("failure_code"),
        UnknownTlvs = reader.Extension(),
    };

    protected internal override void WritePayload(ByteWriter writer)
    {
        writer.WriteBytes32(ChannelId.Value);
        writer.WriteUInt64BigEndian(Id);
        writer.WriteBytes32(Sha256OfOnion);
        writer.WriteUInt16BigEndian(FailureCode);
        writer.WriteExtension(UnknownTlvs);
    }
}
