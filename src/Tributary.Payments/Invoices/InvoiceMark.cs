namespace Tributary.Payments.Invoices;

/// <summary>
/// What a person said an invoice is. It is a word beside the payment and moves no money: an invoice that was paid some other way, or that the store
/// will not serve.
/// </summary>
public enum InvoiceMark
{
    Settled,
    Invalid,
}
