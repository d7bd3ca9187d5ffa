using Tributary.Lightning.Wire;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Messages;

/// <summary>Signs the funder's first commitment transaction: it may broadcast the funding once this is verified and stored (BOLT 2).</summary>
public sealed record FundingSigned : LightningMessage
{
    public override MessageType Type => MessageType.FundingSigned;

    public required ChannelId ChannelId { get; init; }

    public required CompactSignature Signature { get; init; }

    internal static FundingSigned Read(ref MessageReader reader) => new()
    {
        ChannelId = reader.ChannelId("channel_id"),
        Signature = reader.Signature("signature"),
        UnknownTlvs = reader.Extension(),
    };

    protected internal override void WritePayload(ByteWriter writer)
    {
        writer.WriteBytes32(ChannelId.Value);
        writer.WriteSignature(Signature);
        writer.WriteExtension(UnknownTlvs);
    }
}
