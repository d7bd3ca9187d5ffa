namespace Tributary.Payments.Refunds;

/// <summary>Which price of bitcoin a refund uses.</summary>
public enum RefundRateKind
{
    /// <summary>The rate of the payment: the bitcoin that came goes back.</summary>
    Original,

    /// <summary>The price of now: the same value in the shop's currency, and never more bitcoin than came.</summary>
    Current,
}
