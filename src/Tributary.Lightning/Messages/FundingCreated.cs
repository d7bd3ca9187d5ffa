using Tributary.Bitcoin.Transactions;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Messages;

/// <summary>Names the funding output and signs the fundee's first commitment transaction (BOLT 2).</summary>
public sealed record FundingCreated : LightningMessage
{
    public override MessageType Type => MessageType.FundingCreated;

    public required ChannelId TemporaryChannelId { get; init; }

    public required TxId FundingTxId { get; init; }

    public required ushort FundingOutputIndex { get; init; }

    public required CompactSignature Signature { get; init; }

    internal static FundingCreated Read(ref MessageReader reader) => new()
    {
        TemporaryChannelId = reader.ChannelId("temporary_channel_id"),
        FundingTxId = reader.TxId("funding_txid"),
        FundingOutputIndex = reader.UInt16("funding_output_index"),
        Signature = reader.Signature("signature"),
        UnknownTlvs = reader.Extension(),
    };

    protected internal override void WritePayload(ByteWriter writer)
    {
        writer.WriteBytes32(TemporaryChannelId.Value);
        writer.WriteBytes32(FundingTxId.Value);
        writer.WriteUInt16BigEndian(FundingOutputIndex);
        writer.WriteSignature(Signature);
        writer.WriteExtension(UnknownTlvs);
    }
}
