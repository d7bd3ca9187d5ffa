using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Messages;

/// <summary>Asks for the announcements of channels (BOLT 7).</summary>
public sealed record QueryShortChannelIds : LightningMessage
{
    public override MessageType Type => MessageType.QueryShortChannelIds;

    public required Bytes32 ChainHash { get; init; }

    /// <summary>Read by <see cref="EncodedIds"/>.</summary>
    public required ReadOnlyMemory<byte> EncodedShortIds { get; init; }

    /// <summary>An encoding byte and a BigSize for each id: what is wanted of it.</summary>
    public ReadOnlyMemory<byte>? QueryFlags { get; init; }

    internal static QueryShortChannelIds Read(ref MessageReader reader) => new()
    {
        ChainHash = reader.Bytes32("chain_hash"),
        EncodedShortIds = reader.Counted("encoded_short_ids"),
        UnknownTlvs = reader.Extension(1),
        QueryFlags = reader.TlvBytes(1),
    };

    protected internal override void WritePayload(ByteWriter writer)
    {
        writer.WriteBytes32(ChainHash);
        writer.WriteCounted(EncodedShortIds.Span);
        writer.WriteExtension(UnknownTlvs, MessageWriter.Record(1, QueryFlags?.ToArray()));
    }
}
