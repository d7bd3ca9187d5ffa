using Tributary.Lightning.Wire;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Messages;

/// <summary>The sender's two signatures of the channel announcement (BOLT 7).</summary>
public sealed record AnnouncementSignatures : LightningMessage
{
    public override MessageType Type => MessageType.AnnouncementSignatures;

    public required ChannelId ChannelId { get; init; }

    public required ShortChannelId ShortChannelId { get; init; }

    public required CompactSignature NodeSignature { get; init; }

    public required CompactSignature BitcoinSignature { get; init; }

    internal static AnnouncementSignatures Read(ref MessageReader reader) => new()
    {
        ChannelId = reader.ChannelId("channel_id"),
        ShortChannelId = reader.ShortChannelId("short_channel_id"),
        NodeSignature = reader.Signature("node_signature"),
        BitcoinSignature = reader.Signature("bitcoin_signature"),
        UnknownTlvs = reader.Extension(),
    };

    protected internal override void WritePayload(ByteWriter writer)
    {
        writer.WriteBytes32(ChannelId.Value);
        ShortChannelId.WriteTo(writer);
        writer.WriteSignature(NodeSignature);
        writer.WriteSignature(BitcoinSignature);
        writer.WriteExtension(UnknownTlvs);
    }
}
