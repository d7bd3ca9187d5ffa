using Tributary.Lightning.Wire;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Messages;

/// <summary>Offers a fee for the closing transaction and signs it (BOLT 2).</summary>
public sealed record ClosingSigned : LightningMessage
{
    public override MessageType Type => MessageType.ClosingSigned;

    public required ChannelId ChannelId { get; init; }

    public required Satoshis Fee { get; init; }

    public required CompactSignature Signature { get; init; }

    public FeeRange? FeeRange { get; init; }

    internal static ClosingSigned Read(ref MessageReader reader) => new()
    {
        ChannelId = reader.ChannelId("channel_id"),
        Fee = reader.Satoshis("fee_satoshis"),
        Signature = reader.Signature("signature"),
        UnknownTlvs = reader.Extension(1),
        FeeRange = reader.TlvFeeRange(1, "fee_range"),
    };

    protected internal override void WritePayload(ByteWriter writer)
    {
        writer.WriteBytes32(ChannelId.Value);
        writer.WriteSatoshis(Fee);
        writer.WriteSignature(Signature);
        writer.WriteExtension(UnknownTlvs, MessageWriter.Record(1, FeeRange is { } feeRange ? output => WriteRange(output, feeRange) : null));
    }

    private static void WriteRange(ByteWriter writer, FeeRange range)
    {
        writer.WriteSatoshis(range.Min);
        writer.WriteSatoshis(range.Max);
    }
}
