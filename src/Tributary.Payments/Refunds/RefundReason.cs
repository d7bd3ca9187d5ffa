namespace Tributary.Payments.Refunds;

/// <summary>Why money goes back.</summary>
public enum RefundReason
{
    /// <summary>The merchant gave no reason.</summary>
    None,
    Duplicate,
    Fraudulent,
    RequestedByCustomer,

    /// <summary>More came than was asked, or too late: nobody has to ask for it.</summary>
    Excess,
}
