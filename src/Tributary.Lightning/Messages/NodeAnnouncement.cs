using Tributary.Lightning.Features;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Messages;

/// <summary>Tells of a node: its name, colour and addresses (BOLT 7).</summary>
public sealed record NodeAnnouncement : LightningMessage
{
    public override MessageType Type => MessageType.NodeAnnouncement;

    public required CompactSignature Signature { get; init; }

    public required FeatureVector Features { get; init; }

    /// <summary>Seconds since 1970; the newest wins.</summary>
    public required uint Timestamp { get; init; }

    public required NodeId NodeId { get; init; }

    public required RgbColor Color { get; init; }

    public required NodeAlias Alias { get; init; }

    /// <summary>Descriptors, read by <see cref="NodeAddresses"/>.</summary>
    public required ReadOnlyMemory<byte> Addresses { get; init; }

    /// <summary>What follows the fields: covered by the signature, not understood here.</summary>
    public ReadOnlyMemory<byte> ExcessData { get; init; }

    /// <summary>The hash that the node signs: everything after the signature.</summary>
    public Bytes32 SignedHash() => SignedContent.Hash(this, CompactSignature.Length);

    internal static NodeAnnouncement Read(ref MessageReader reader) => new()
    {
        Signature = reader.Signature("signature"),
        Features = reader.Features("features"),
        Timestamp = reader.UInt32("timestamp"),
        NodeId = reader.NodeId("node_id"),
        Color = RgbColor.Read(reader.Fixed("rgb_color", RgbColor.Size)),
        Alias = new NodeAlias(reader.Bytes32("alias")),
        Addresses = reader.Counted("addresses"),
        ExcessData = reader.Excess(),
    };

    protected internal override void WritePayload(ByteWriter writer)
    {
        writer.WriteSignature(Signature);
        writer.WriteCounted(Features.Span);
        writer.WriteUInt32BigEndian(Timestamp);
        writer.WriteBytes(NodeId.Span);
        Color.WriteTo(writer);
        writer.WriteBytes32(Alias.Value);
        writer.WriteCounted(Addresses.Span);
        writer.WriteBytes(ExcessData.Span);
    }
}
