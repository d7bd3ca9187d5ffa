using Tributary.Lightning.Wire;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Messages;

/// <summary>Changes the feerate; from the funder only (BOLT 2).</summary>
public sealed record UpdateFee : LightningMessage
{
    public override MessageType Type => MessageType.UpdateFee;

    public required ChannelId ChannelId { get; init; }

    public required FeeratePerKw Feerate { get; init; }

    internal static UpdateFee Read(ref MessageReader reader) => new()
    {
        ChannelId = reader.ChannelId("channel_id"),
        Feerate = reader.Feerate("feerate_per_kw"),
        UnknownTlvs = reader.Extension(),
    };

    protected internal override void WritePayload(ByteWriter writer)
    {
        writer.WriteBytes32(ChannelId.Value);
        writer.WriteFeerate(Feerate);
        writer.WriteExtension(UnknownTlvs);
    }
}
