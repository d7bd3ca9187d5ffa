using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Messages;

/// <summary>Ends the answer to a query for channels (BOLT 7).</summary>
public sealed record ReplyShortChannelIdsEnd : LightningMessage
{
    public override MessageType Type => MessageType.ReplyShortChannelIdsEnd;

    public required Bytes32 ChainHash { get; init; }

    public required byte FullInformation { get; init; }

    internal static ReplyShortChannelIdsEnd Read(ref MessageReader reader) => new()
    {
        ChainHash = reader.Bytes32("chain_hash"),
        FullInformation = reader.Byte("full_information"),
        UnknownTlvs = reader.Extension(),
    };

    protected internal override void WritePayload(ByteWriter writer)
    {
        writer.WriteBytes32(ChainHash);
        writer.WriteByte(FullInformation);
        writer.WriteExtension(UnknownTlvs);
    }
}
