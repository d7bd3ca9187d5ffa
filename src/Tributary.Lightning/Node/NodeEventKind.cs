namespace Tributary.Lightning.Node;

/// <summary>What a <see cref="NodeEvent"/> tells of. The numbers are on disk.</summary>
public enum NodeEventKind : byte
{
    /// <summary>A channel can be used for the first time.</summary>
    ChannelOpened = 1,

    /// <summary>A channel is over; the text says why.</summary>
    ChannelClosed = 2,

    /// <summary>An invoice, or a payment without one, was paid in full: the money is ours.</summary>
    PaymentReceived = 3,

    /// <summary>The payment for a hold invoice is here and waits for <c>settle</c> or <c>cancel</c>.</summary>
    PaymentHeld = 4,

    /// <summary>An outgoing payment reached its payee; the preimage proves it.</summary>
    PaymentSent = 5,

    /// <summary>An outgoing payment failed for good: nothing of it is under way.</summary>
    PaymentFailed = 6,

    /// <summary>A person should look.</summary>
    Alarm = 7,
}
