using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Messages;

/// <summary>Asks for gossip of a span of time from now on (BOLT 7).</summary>
public sealed record GossipTimestampFilter : LightningMessage
{
    public override MessageType Type => MessageType.GossipTimestampFilter;

    public required Bytes32 ChainHash { get; init; }

    public required uint FirstTimestamp { get; init; }

    public required uint TimestampRange { get; init; }

    internal static GossipTimestampFilter Read(ref MessageReader reader) => new()
    {
        ChainHash = reader.Bytes32("chain_hash"),
        FirstTimestamp = reader.UInt32("first_timestamp"),
        TimestampRange = reader.UInt32("timestamp_range"),
        UnknownTlvs = reader.Extension(),
    };

    protected internal override void WritePayload(ByteWriter writer)
    {
        writer.WriteBytes32(ChainHash);
        writer.WriteUInt32BigEndian(FirstTimestamp);
        writer.WriteUInt32BigEndian(TimestampRange);
        writer.WriteExtension(UnknownTlvs);
    }
}
