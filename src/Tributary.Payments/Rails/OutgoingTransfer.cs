using Tributary.Payments.Intents;

namespace Tributary.Payments.Rails;

/// <summary>Money that is to go out. It is stored before the rail hears of it and never changes.</summary>
/// <param name="Id">The refund's or payout's own name: the rail pays it once.</param>
/// <param name="Destination">See <see cref="OutgoingDestination.Destination"/>.</param>
/// <param name="Amount">What the receiver gets, in the rail's asset.</param>
/// <param name="FeeMax">The most that may be spent on fees, in the rail's asset.</param>
/// <param name="Origin">The attempt whose money goes back; null for a payout.</param>
public sealed record OutgoingTransfer(string Id, string Destination, long Amount, long FeeMax, PaymentAttempt? Origin)
{
    /// <summary>When it was stored.</summary>
    public DateTimeOffset CreatedAt { get; init; }
}
