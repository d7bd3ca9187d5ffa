namespace Tributary.Lightning.Node;

/// <summary>
/// What a <see cref="NodeEvent"/> tells of. The numbers are on disk. An invoice ends with exactly one of <see cref="PaymentReceived"/>,
/// <see cref="InvoiceCancelled"/> and <see cref="InvoiceExpired"/>; an outgoing payment, for each time it is asked for, with one of
/// <see cref="PaymentSent"/> and <see cref="PaymentFailed"/>. It makes no difference whether the channel was on chain by then.
/// </summary>
public enum NodeEventKind : byte
{
    /// <summary>A channel can be used for the first time.</summary>
    ChannelOpened = 1,

    /// <summary>A channel is over; the text says why.</summary>
    ChannelClosed = 2,

    /// <summary>An invoice, or a payment without one, was paid in full: the preimage is given away and the money is ours, in the channel or to be claimed on chain.</summary>
    PaymentReceived = 3,

    /// <summary>The payment for a hold invoice is here and waits for <c>settle</c> or <c>cancel</c>; <see cref="NodeEvent.Hold"/> says how long.</summary>
    PaymentHeld = 4,

    /// <summary>An outgoing payment reached its payee; the preimage proves it.</summary>
    PaymentSent = 5,

    /// <summary>An outgoing payment failed for good: nothing of it is under way.</summary>
    PaymentFailed = 6,

    /// <summary>A person should look.</summary>
    Alarm = 7,

    /// <summary>An invoice was called off, or its held payment went back: nobody can pay it any more. The text says why.</summary>
    InvoiceCancelled = 8,

    /// <summary>An invoice's time was over before anybody paid it.</summary>
    InvoiceExpired = 9,

    /// <summary>An HTLC of a payment that was received has been claimed on chain, deep enough to stay. Once for each HTLC, after <see cref="PaymentReceived"/>.</summary>
    ClaimedOnChain = 10,

    /// <summary>An HTLC of a payment that was received could not be claimed on chain before the peer took it back: that money is not ours. Once for each HTLC.</summary>
    LostOnChain = 11,
}
