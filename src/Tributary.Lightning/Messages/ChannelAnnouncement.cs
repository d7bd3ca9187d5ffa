using Tributary.Lightning.Features;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Messages;

/// <summary>Proves that a channel exists and between whom (BOLT 7).</summary>
public sealed record ChannelAnnouncement : LightningMessage
{
    public override MessageType Type => MessageType.ChannelAnnouncement;

    public required CompactSignature NodeSignature1 { get; init; }

    public required CompactSignature NodeSignature2 { get; init; }

    public required CompactSignature BitcoinSignature1 { get; init; }

    public required CompactSignature BitcoinSignature2 { get; init; }

    public required FeatureVector Features { get; init; }

    public required Bytes32 ChainHash { get; init; }

    public required ShortChannelId ShortChannelId { get; init; }

    public required NodeId NodeId1 { get; init; }

    public required NodeId NodeId2 { get; init; }

    public required NodeId BitcoinKey1 { get; init; }

    public required NodeId BitcoinKey2 { get; init; }

    /// <summary>What follows the fields: covered by the signature, not understood here.</summary>
    public ReadOnlyMemory<byte> ExcessData { get; init; }

    /// <summary>The hash that all four signatures sign: everything after them.</summary>
    public Bytes32 SignedHash() => SignedContent.Hash(this, 4 * CompactSignature.Length);

    internal static ChannelAnnouncement Read(ref MessageReader reader) => new()
    {
        NodeSignature1 = reader.Signature("node_signature_1"),
        NodeSignature2 = reader.Signature("node_signature_2"),
        BitcoinSignature1 = reader.Signature("bitcoin_signature_1"),
        BitcoinSignature2 = reader.Signature("bitcoin_signature_2"),
        Features = reader.Features("features"),
        ChainHash = reader.Bytes32("chain_hash"),
        ShortChannelId = reader.ShortChannelId("short_channel_id"),
        NodeId1 = reader.NodeId("node_id_1"),
        NodeId2 = reader.NodeId("node_id_2"),
        BitcoinKey1 = reader.NodeId("bitcoin_key_1"),
        BitcoinKey2 = reader.NodeId("bitcoin_key_2"),
        ExcessData = reader.Excess(),
    };

    protected internal override void WritePayload(ByteWriter writer)
    {
        writer.WriteSignature(NodeSignature1);
        writer.WriteSignature(NodeSignature2);
        writer.WriteSignature(BitcoinSignature1);
        writer.WriteSignature(BitcoinSignature2);
        writer.WriteCounted(Features.Span);
        writer.WriteBytes32(ChainHash);
        ShortChannelId.WriteTo(writer);
        writer.WriteBytes(NodeId1.Span);
        writer.WriteBytes(NodeId2.Span);
        writer.WriteBytes(BitcoinKey1.Span);
        writer.WriteBytes(BitcoinKey2.Span);
        writer.WriteBytes(ExcessData.Span);
    }
}
