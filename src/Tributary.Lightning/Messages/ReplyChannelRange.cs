using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Messages;

/// <summary>Part of the answer to a query for a range (BOLT 7).</summary>
public sealed record ReplyChannelRange : LightningMessage
{
    public override MessageType Type => MessageType.ReplyChannelRange;

    public required Bytes32 ChainHash { get; init; }

    public required uint FirstBlock { get; init; }

    public required uint NumberOfBlocks { get; init; }

    public required byte SyncComplete { get; init; }

    /// <summary>Read by <see cref="EncodedIds"/>.</summary>
    public required ReadOnlyMemory<byte> EncodedShortIds { get; init; }

    /// <summary>An encoding byte and two 32-bit timestamps for each id.</summary>
    public ReadOnlyMemory<byte>? Timestamps { get; init; }

    /// <summary>Two 32-bit checksums for each id.</summary>
    public ReadOnlyMemory<byte>? Checksums { get; init; }

    internal static ReplyChannelRange Read(ref MessageReader reader) => new()
    {
        ChainHash = reader.Bytes32("chain_hash"),
        FirstBlock = reader.UInt32("first_blocknum"),
        NumberOfBlocks = reader.UInt32("number_of_blocks"),
        SyncComplete = reader.Byte("sync_complete"),
        EncodedShortIds = reader.Counted("encoded_short_ids"),
        UnknownTlvs = reader.Extension(1, 3),
        Timestamps = reader.TlvBytes(1),
        Checksums = reader.TlvBytes(3),
    };

    protected internal override void WritePayload(ByteWriter writer)
    {
        writer.WriteBytes32(ChainHash);
        writer.WriteUInt32BigEndian(FirstBlock);
        writer.WriteUInt32BigEndian(NumberOfBlocks);
        writer.WriteByte(SyncComplete);
        writer.WriteCounted(EncodedShortIds.Span);
        writer.WriteExtension(
            UnknownTlvs,
            MessageWriter.Record(1, Timestamps?.ToArray()),
            MessageWriter.Record(3, Checksums?.ToArray()));
    }
}
