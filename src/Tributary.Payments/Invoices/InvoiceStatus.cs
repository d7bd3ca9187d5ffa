namespace Tributary.Payments.Invoices;

/// <summary>Where an invoice stands, in BTCPay's terms.</summary>
public enum InvoiceStatus
{
    New,
    Processing,
    Settled,
    Expired,
    Invalid,
}
