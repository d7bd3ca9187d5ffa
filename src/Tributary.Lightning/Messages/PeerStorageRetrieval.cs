using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Messages;

/// <summary>Gives back the blob that was kept for the peer (BOLT 1).</summary>
public sealed record PeerStorageRetrieval : LightningMessage
{
    public override MessageType Type => MessageType.PeerStorageRetrieval;

    public required ReadOnlyMemory<byte> Blob { get; init; }

    internal static PeerStorageRetrieval Read(ref MessageReader reader) => new()
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
