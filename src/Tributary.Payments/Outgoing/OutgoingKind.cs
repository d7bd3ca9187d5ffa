namespace Tributary.Payments.Outgoing;

/// <summary>Why money goes out.</summary>
public enum OutgoingKind
{
    Refund,
    Payout,
}
