using Tributary.Payments.Intents;
using Tributary.Payments.Rails;

namespace Tributary.Payments.Outgoing;

/// <summary>A destination with the rail that reaches it.</summary>
/// <param name="Rail">The rail.</param>
/// <param name="Destination">As the rail read it.</param>
/// <param name="Amount">What the receiver gets.</param>
/// <param name="ReceiverFee">What of the whole the receiver pays for the way.</param>
public sealed record OutgoingRoute(RailKind Rail, OutgoingDestination Destination, long Amount, long ReceiverFee)
{
    /// <summary>The most that may be spent on the way.</summary>
    public long FeeMax => ReceiverFee > 0 ? ReceiverFee : Destination.FeeMax;
}
