using Tributary.Lightning.Wire;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Messages;

/// <summary>What one side of a channel asks for forwarding (BOLT 7).</summary>
public sealed record ChannelUpdate : LightningMessage
{
    public override MessageType Type => MessageType.ChannelUpdate;

    public required CompactSignature Signature { get; init; }

    public required Bytes32 ChainHash { get; init; }

    public required ShortChannelId ShortChannelId { get; init; }

    /// <summary>Seconds since 1970; the newest wins.</summary>
    public required uint Timestamp { get; init; }

    /// <summary>Bit 0 always; bit 1: not to be passed on.</summary>
    public required byte MessageFlags { get; init; }

    /// <summary>Bit 0: which end; bit 1: disabled.</summary>
    public required byte ChannelFlags { get; init; }

    /// <summary>Blocks.</summary>
    public required ushort CltvExpiryDelta { get; init; }

    public required MilliSatoshis HtlcMinimum { get; init; }

    public required uint FeeBaseMilliSatoshis { get; init; }

    public required uint FeeProportionalMillionths { get; init; }

    public required MilliSatoshis HtlcMaximum { get; init; }

    /// <summary>What follows the fields: covered by the signature, not understood here.</summary>
    public ReadOnlyMemory<byte> ExcessData { get; init; }

    /// <summary>Which end of the channel speaks: 0 for the smaller node id, 1 for the other.</summary>
    public int Direction => ChannelFlags & 1;

    /// <summary>The channel takes no HTLC in this direction.</summary>
    public bool IsDisabled => (ChannelFlags & 2) != 0;

    /// <summary>The update is for the peer alone.</summary>
    public bool IsPrivate => (MessageFlags & 2) != 0;

    /// <summary>The hash that the node signs: everything after the signature. A limit beyond 2^63 is not kept, so such an update fails its check.</summary>
    public Bytes32 SignedHash() => SignedContent.Hash(this, CompactSignature.Length);

    internal static ChannelUpdate Read(ref MessageReader reader) => new()
    {
        Signature = reader.Signature("signature"),
        ChainHash = reader.Bytes32("chain_hash"),
        ShortChannelId = reader.ShortChannelId("short_channel_id"),
        Timestamp = reader.UInt32("timestamp"),
        MessageFlags = reader.Byte("message_flags"),
        ChannelFlags = reader.Byte("channel_flags"),
        CltvExpiryDelta = reader.UInt16("cltv_expiry_delta"),
        HtlcMinimum = reader.Limit("htlc_minimum_msat"),
        FeeBaseMilliSatoshis = reader.UInt32("fee_base_msat"),
        FeeProportionalMillionths = reader.UInt32("fee_proportional_millionths"),
        HtlcMaximum = reader.Limit("htlc_maximum_msat"),
        ExcessData = reader.Excess(),
    };

    protected internal override void WritePayload(ByteWriter writer)
    {
        writer.WriteSignature(Signature);
        writer.WriteBytes32(ChainHash);
        ShortChannelId.WriteTo(writer);
        writer.WriteUInt32BigEndian(Timestamp);
        writer.WriteByte(MessageFlags);
        writer.WriteByte(ChannelFlags);
        writer.WriteUInt16BigEndian(CltvExpiryDelta);
        writer.WriteLimit(HtlcMinimum);
        writer.WriteUInt32BigEndian(FeeBaseMilliSatoshis);
        writer.WriteUInt32BigEndian(FeeProportionalMillionths);
        writer.WriteLimit(HtlcMaximum);
        writer.WriteBytes(ExcessData.Span);
    }
}
