namespace Tributary.Payments.Risk;

/// <summary>Why a review was closed.</summary>
public enum ReviewClosing
{
    /// <summary>A person let the payment pass.</summary>
    Approved,

    /// <summary>The payment was cancelled.</summary>
    Canceled,

    /// <summary>It was cancelled or refunded as a fraud.</summary>
    RefundedAsFraud,

    /// <summary>It was refunded.</summary>
    Refunded,

    /// <summary>The payer's bank took it back.</summary>
    Disputed,
}
