namespace Tributary.Lightning.Payments;

/// <summary>Why a payment failed for good.</summary>
public enum PaymentFailure
{
    None,

    /// <summary>No path is left within the limits.</summary>
    NoRoute,

    /// <summary>The time for it is over.</summary>
    DeadlinePassed,

    /// <summary>The invoice is too old.</summary>
    InvoiceExpired,

    /// <summary>As many attempts were made as were allowed.</summary>
    AttemptsExhausted,

    /// <summary>The payee does not take it: unknown, paid already, too little or too late.</summary>
    PayeeRefused,

    /// <summary>The payment was called off between two attempts.</summary>
    Abandoned,
}
