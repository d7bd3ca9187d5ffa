using Tributary.Lightning.Wire;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Payments;

/// <summary>What is to be done about outgoing payments once the records of the same step are durable.</summary>
public abstract record PaymentEffect
{
    private PaymentEffect()
    {
    }

    /// <summary>
    /// The channel offers an HTLC. The channel's own record may share the log batch with the step's; it answers
    /// <see cref="OutgoingPayments.HtlcOffered"/> or <see cref="OutgoingPayments.HtlcRefused"/>.
    /// </summary>
    public sealed record OfferHtlc(
        Bytes32 PaymentHash, ushort Attempt, ChannelId Channel, MilliSatoshis Amount, uint CltvExpiry, ReadOnlyMemory<byte> Onion) : PaymentEffect;

    /// <summary>The payment has ended: once in its life, unless it failed and is begun anew.</summary>
    public sealed record Finished(OutgoingPayment Payment) : PaymentEffect;
}
