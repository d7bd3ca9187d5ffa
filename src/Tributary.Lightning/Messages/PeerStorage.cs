using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Messages;

/// <summary>Asks the peer to keep a blob (BOLT 1).</summary>
public sealed record PeerStorage : LightningMessage
{
    public override MessageType Type => MessageType.PeerStorage;

    /// <summary>At most 65,531 bytes, encrypted by its owner.</summary>
    public required ReadOnlyMemory<byte> Blob { get; init; }

    internal static PeerStorage Read(ref MessageReader reader) => new()
    {
        Blob = reader.Counted("blob"),
        UnknownTlvs = reader.Extension(),
    };

    protected internal override void WritePayload(ByteWriter writer)
    {
        writer.WriteCounted(Blob.Span);
        writer.WriteExtension(UnknownTlvs);
    }
}
