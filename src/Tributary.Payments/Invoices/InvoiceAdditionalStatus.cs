namespace Tributary.Payments.Invoices;

/// <summary>What is remarkable about where an invoice stands, in BTCPay's terms.</summary>
public enum InvoiceAdditionalStatus
{
    None,
    PaidPartial,
    PaidLate,
    PaidOver,

    /// <summary>A person said so, not the money.</summary>
    Marked,
}
