using Tributary.Lightning.Wire;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Messages;

/// <summary>Signs the peer's next commitment transaction and its HTLC transactions (BOLT 2).</summary>
public sealed record CommitmentSigned : LightningMessage
{
    public override MessageType Type => MessageType.CommitmentSigned;

    public required ChannelId ChannelId { get; init; }

    public required CompactSignature Signature { get; init; }

    /// <summary>In the order of the HTLC outputs.</summary>
    public required IReadOnlyList<CompactSignature> HtlcSignatures { get; init; }

    internal static CommitmentSigned Read(ref MessageReader reader) => new()
    {
        ChannelId = reader.ChannelId("channel_id"),
        Signature = reader.Signature("signature"),
        HtlcSignatures = reader.Signatures("htlc_signature"),
        UnknownTlvs = reader.Extension(),
    };

    protected internal override void WritePayload(ByteWriter writer)
    {
        writer.WriteBytes32(ChannelId.Value);
        writer.WriteSignature(Signature);
        writer.WriteSignatures(HtlcSignatures);
        writer.WriteExtension(UnknownTlvs);
    }
}
