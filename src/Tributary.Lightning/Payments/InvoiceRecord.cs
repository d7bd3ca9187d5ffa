using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Payments;

/// <summary>What happened to an invoice of ours, as the log keeps it under the payment hash. Written by <see cref="InvoiceRecordCodec"/>.</summary>
/// <param name="PaymentHash">The invoice.</param>
public abstract record InvoiceRecord(Bytes32 PaymentHash)
{
    /// <summary>It may be paid from now on.</summary>
    public sealed record Created(InvoiceSheet Sheet) : InvoiceRecord(Sheet.PaymentHash);

    /// <summary>All parts are here and held.</summary>
    public sealed record Accepted(Bytes32 PaymentHash, MilliSatoshis Amount, long At) : InvoiceRecord(PaymentHash);

    /// <summary>The preimage is given for these parts, and for no others ever: durable before it is.</summary>
    public sealed record Settled(Bytes32 PaymentHash, Bytes32 Preimage, MilliSatoshis Amount, IReadOnlyList<HtlcKey> Parts, long At) : InvoiceRecord(PaymentHash);

    /// <summary>Nobody can pay it any more.</summary>
    public sealed record Cancelled(Bytes32 PaymentHash, string Reason, long At) : InvoiceRecord(PaymentHash);

    /// <summary>Somebody else keeps the details of an invoice that is over; a hash that was paid stays known.</summary>
    public sealed record Archived(Bytes32 PaymentHash) : InvoiceRecord(PaymentHash);
}
