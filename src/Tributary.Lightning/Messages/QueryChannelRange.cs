using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Messages;

/// <summary>Asks which channels were funded in a range of blocks (BOLT 7).</summary>
public sealed record QueryChannelRange : LightningMessage
{
    public override MessageType Type => MessageType.QueryChannelRange;

    public required Bytes32 ChainHash { get; init; }

    public required uint FirstBlock { get; init; }

    public required uint NumberOfBlocks { get; init; }

    /// <summary>Bit 0: timestamps wanted; bit 1: checksums wanted.</summary>
    public ulong? Options { get; init; }

    internal static QueryChannelRange Read(ref MessageReader reader) => new()
    {
        ChainHash = reader.Bytes32("chain_hash"),
        FirstBlock = reader.UInt32("first_blocknum"),
        NumberOfBlocks = reader.UInt32("number_of_blocks"),
        UnknownTlvs = reader.Extension(1),
        Options = reader.TlvBigSize(1, "query_option"),
    };

    protected internal override void WritePayload(ByteWriter writer)
    {
        writer.WriteBytes32(ChainHash);
        writer.WriteUInt32BigEndian(FirstBlock);
        writer.WriteUInt32BigEndian(NumberOfBlocks);
        writer.WriteExtension(UnknownTlvs, MessageWriter.Record(1, Options is { } options ? output => output.WriteBigSize(options) : null));
    }
}
