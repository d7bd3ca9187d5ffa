using Tributary.Crypto;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Messages;

/// <summary>Offers an HTLC (BOLT 2).</summary>
public sealed record UpdateAddHtlc : LightningMessage
{
    /// <summary>Bytes of the onion.</summary>
    public const int OnionLength = 1366;

    public override MessageType Type => MessageType.UpdateAddHtlc;

    public required ChannelId ChannelId { get; init; }

    /// <summary>Counts the sender's offers from zero.</summary>
    public required ulong Id { get; init; }

    public required MilliSatoshis Amount { get; init; }

    public required Bytes32 PaymentHash { get; init; }

    /// <summary>Block height.</summary>
    public required uint CltvExpiry { get; init; }

    /// <summary><see cref="OnionLength"/> bytes of BOLT 4.</summary>
    public required ReadOnlyMemory<byte> Onion { get; init; }

    /// <summary>The path key of a blinded route.</summary>
    public PublicKey? PathKey { get; init; }

    internal static UpdateAddHtlc Read(ref MessageReader reader) => new()
    {
        ChannelId = reader.ChannelId("channel_id"),
        Id = reader.UInt64("id"),
        Amount = reader.MilliSatoshis("amount_msat"),
        PaymentHash = reader.Bytes32("payment_hash"),
        CltvExpiry = reader.UInt32("cltv_expiry"),
        Onion = reader.Fixed("onion_routing_packet", OnionLength).ToArray(),
        UnknownTlvs = reader.Extension(0),
        PathKey = reader.TlvPoint(0, "path_key"),
    };

    protected internal override void WritePayload(ByteWriter writer)
    {
        writer.WriteBytes32(ChannelId.Value);
        writer.WriteUInt64BigEndian(Id);
        writer.WriteMilliSatoshis(Amount);
        writer.WriteBytes32(PaymentHash);
        writer.WriteUInt32BigEndian(CltvExpiry);
        writer.WriteBytes(Onion.Span);
        writer.WriteExtension(UnknownTlvs, MessageWriter.Record(0, PathKey?.ToBytes()));
    }
}
