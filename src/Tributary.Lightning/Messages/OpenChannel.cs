using Tributary.Bitcoin.Scripts;
using Tributary.Crypto;
using Tributary.Lightning.Features;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Messages;

/// <summary>Proposes a channel, establishment version 1 (BOLT 2).</summary>
public sealed record OpenChannel : LightningMessage
{
    public override MessageType Type => MessageType.OpenChannel;

    public required Bytes32 ChainHash { get; init; }

    public required ChannelId TemporaryChannelId { get; init; }

    public required Satoshis FundingAmount { get; init; }

    /// <summary>What the funder gives to the other side at the start.</summary>
    public required MilliSatoshis PushAmount { get; init; }

    public required Satoshis DustLimit { get; init; }

    public required MilliSatoshis MaxHtlcValueInFlight { get; init; }

    public required Satoshis ChannelReserve { get; init; }

    public required MilliSatoshis HtlcMinimum { get; init; }

    public required FeeratePerKw Feerate { get; init; }

    /// <summary>Blocks that the receiver has to wait for its own outputs.</summary>
    public required ushort ToSelfDelay { get; init; }

    public required ushort MaxAcceptedHtlcs { get; init; }

    public required PublicKey FundingKey { get; init; }

    public required PublicKey RevocationBasepoint { get; init; }

    public required PublicKey PaymentBasepoint { get; init; }

    public required PublicKey DelayedPaymentBasepoint { get; init; }

    public required PublicKey HtlcBasepoint { get; init; }

    public required PublicKey FirstPerCommitmentPoint { get; init; }

    /// <summary>Bit 0: announce the channel.</summary>
    public required byte ChannelFlags { get; init; }

    /// <summary>Where the funds go at a cooperative close; empty for "said later".</summary>
    public Script? UpfrontShutdownScript { get; init; }

    /// <summary>The bits of <see cref="Features.ChannelType"/>.</summary>
    public FeatureVector? ChannelTypeBits { get; init; }

    internal static OpenChannel Read(ref MessageReader reader) => new()
    {
        ChainHash = reader.Bytes32("chain_hash"),
        TemporaryChannelId = reader.ChannelId("temporary_channel_id"),
        FundingAmount = reader.Satoshis("funding_satoshis"),
        PushAmount = reader.MilliSatoshis("push_msat"),
        DustLimit = reader.Satoshis("dust_limit_satoshis"),
        MaxHtlcValueInFlight = reader.Limit("max_htlc_value_in_flight_msat"),
        ChannelReserve = reader.Satoshis("channel_reserve_satoshis"),
        HtlcMinimum = reader.Limit("htlc_minimum_msat"),
        Feerate = reader.Feerate("feerate_per_kw"),
        ToSelfDelay = reader.UInt16("to_self_delay"),
        MaxAcceptedHtlcs = reader.UInt16("max_accepted_htlcs"),
        FundingKey = reader.Point("funding_pubkey"),
        RevocationBasepoint = reader.Point("revocation_basepoint"),
        PaymentBasepoint = reader.Point("payment_basepoint"),
        DelayedPaymentBasepoint = reader.Point("delayed_payment_basepoint"),
        HtlcBasepoint = reader.Point("htlc_basepoint"),
        FirstPerCommitmentPoint = reader.Point("first_per_commitment_point"),
        ChannelFlags = reader.Byte("channel_flags"),
        UnknownTlvs = reader.Extension(0, 1),
        UpfrontShutdownScript = reader.TlvScript(0),
        ChannelTypeBits = reader.TlvFeatures(1),
    };

    protected internal override void WritePayload(ByteWriter writer)
    {
        writer.WriteBytes32(ChainHash);
        writer.WriteBytes32(TemporaryChannelId.Value);
        writer.WriteSatoshis(FundingAmount);
        writer.WriteMilliSatoshis(PushAmount);
        writer.WriteSatoshis(DustLimit);
        writer.WriteLimit(MaxHtlcValueInFlight);
        writer.WriteSatoshis(ChannelReserve);
        writer.WriteLimit(HtlcMinimum);
        writer.WriteFeerate(Feerate);
        writer.WriteUInt16BigEndian(ToSelfDelay);
        writer.WriteUInt16BigEndian(MaxAcceptedHtlcs);
        writer.WritePoint(FundingKey);
        writer.WritePoint(RevocationBasepoint);
        writer.WritePoint(PaymentBasepoint);
        writer.WritePoint(DelayedPaymentBasepoint);
        writer.WritePoint(HtlcBasepoint);
        writer.WritePoint(FirstPerCommitmentPoint);
        writer.WriteByte(ChannelFlags);
        writer.WriteExtension(
            UnknownTlvs,
            MessageWriter.Record(0, UpfrontShutdownScript?.ToArray()),
            MessageWriter.Record(1, ChannelTypeBits?.Span.ToArray()));
    }
}
