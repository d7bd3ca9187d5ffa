using Tributary.Lightning.Onions;
using Tributary.Lightning.Routing;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Payments;

/// <summary>
/// What happened to an outgoing payment, as the log keeps it under the payment's hash. <see cref="OutgoingPayments"/> is nothing but these
/// applied in order; <see cref="PaymentRecordCodec"/> writes them.
/// </summary>
/// <param name="PaymentHash">The payment.</param>
public abstract record PaymentRecord(Bytes32 PaymentHash)
{
    /// <summary>The order was taken. A payment that failed may begin anew.</summary>
    public sealed record Started(PaymentOrder Order) : PaymentRecord(Order.PaymentHash);

    /// <summary>An HTLC is about to be offered: durable before it is.</summary>
    /// <param name="PaymentHash">The payment.</param>
    /// <param name="Attempt">Counted from one.</param>
    /// <param name="Route">Its way.</param>
    /// <param name="Height">The best block when it was made: expiries count from it.</param>
    /// <param name="SessionKey">Of the onion, to read the error that may come back.</param>
    /// <param name="StartedAt">Milliseconds since 1970.</param>
    public sealed record AttemptStarted(Bytes32 PaymentHash, ushort Attempt, Route Route, uint Height, Bytes32 SessionKey, long StartedAt)
        : PaymentRecord(PaymentHash);

    /// <summary>The channel took the HTLC under this number.</summary>
    public sealed record AttemptOffered(Bytes32 PaymentHash, ushort Attempt, HtlcKey Htlc) : PaymentRecord(PaymentHash);

    /// <summary>The HTLC is irrevocably gone, or never was.</summary>
    /// <param name="PaymentHash">The payment.</param>
    /// <param name="Attempt">Which one.</param>
    /// <param name="Hop">Who said so, counted from zero; -1 when it was our own channel, -2 when nobody can tell.</param>
    /// <param name="Code">What it said; <see cref="FailureCode.None"/> when it said nothing that can be read.</param>
    /// <param name="Lessons">For the attempts after it.</param>
    public sealed record AttemptFailed(Bytes32 PaymentHash, ushort Attempt, sbyte Hop, FailureCode Code, IReadOnlyList<PaymentLesson> Lessons)
        : PaymentRecord(PaymentHash);

    /// <summary>The preimage came: the payment is made.</summary>
    public sealed record AttemptFulfilled(Bytes32 PaymentHash, ushort Attempt, Bytes32 Preimage, long At) : PaymentRecord(PaymentHash);

    /// <summary>The payment is over without success; nothing is out.</summary>
    public sealed record Failed(Bytes32 PaymentHash, PaymentFailure Reason, string Text, long At) : PaymentRecord(PaymentHash);

    /// <summary>No attempt is to begin any more.</summary>
    public sealed record Abandoned(Bytes32 PaymentHash) : PaymentRecord(PaymentHash);

    /// <summary>Somebody else keeps the details of a payment that is over; the hash stays known.</summary>
    public sealed record Archived(Bytes32 PaymentHash) : PaymentRecord(PaymentHash);
}
