using Tributary.Lightning.Onions;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Payments;

/// <summary>What is to be done about payments that come in, once the records of the same step are durable.</summary>
public abstract record InvoiceEffect
{
    private InvoiceEffect()
    {
    }

    /// <summary>The channel takes the HTLC with the preimage. May come again after a restart.</summary>
    public sealed record FulfillHtlc(HtlcKey Htlc, Bytes32 Preimage) : InvoiceEffect;

    /// <summary>The channel gives the HTLC back.</summary>
    public sealed record FailHtlc(HtlcKey Htlc, ReadOnlyMemory<byte> Reason) : InvoiceEffect;

    /// <summary>The channel gives the HTLC back as one whose onion cannot be read.</summary>
    public sealed record FailMalformedHtlc(HtlcKey Htlc, Bytes32 Sha256OfOnion, FailureCode Code) : InvoiceEffect;

    /// <summary>A payment is held: settle or cancel it before its expiry comes near.</summary>
    /// <param name="Invoice">Which one.</param>
    /// <param name="EarliestExpiry">Block height of the part that expires first.</param>
    public sealed record Accepted(ReceivedInvoice Invoice, uint EarliestExpiry) : InvoiceEffect;

    /// <summary>Paid. Once in an invoice's life.</summary>
    public sealed record Settled(ReceivedInvoice Invoice) : InvoiceEffect;

    /// <summary>Nobody can pay it any more. Once in an invoice's life.</summary>
    public sealed record Cancelled(ReceivedInvoice Invoice) : InvoiceEffect;
}
