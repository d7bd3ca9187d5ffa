namespace Tributary.Cli.Node.Views;

/// <summary>An invoice.</summary>
internal sealed record InvoiceView(string Invoice, string PaymentHash, long? AmountMsat, string ExpiresAt, string? Preimage, string? Warning);
