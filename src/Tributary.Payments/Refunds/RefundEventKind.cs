namespace Tributary.Payments.Refunds;

/// <summary>What is told to the outside about a refund.</summary>
public enum RefundEventKind
{
    Created,
    Updated,
    Failed,

    /// <summary>About the payment that it belongs to: money of it went back.</summary>
    ChargeRefunded,
}
