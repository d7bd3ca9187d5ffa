using Tributary.Lightning.Invoices;

namespace Tributary.Lightning.Payments;

/// <summary>A new invoice, to be given out once the step's records are durable.</summary>
public sealed record CreatedInvoice(Invoice Invoice, InvoiceStep Step);
