using Tributary.Crypto;

namespace Tributary.Lightning.Invoices;

/// <summary>Who signed an invoice.</summary>
/// <param name="Key">The node id.</param>
/// <param name="IsNamed">A field names it; otherwise it was recovered.</param>
internal sealed record InvoicePayee(PublicKey Key, bool IsNamed);
