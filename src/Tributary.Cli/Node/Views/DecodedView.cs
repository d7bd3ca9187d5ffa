namespace Tributary.Cli.Node.Views;

/// <summary>What an invoice says.</summary>
internal sealed record DecodedView(
    string Payee,
    string PaymentHash,
    long? AmountMsat,
    string Network,
    string? Description,
    string? DescriptionHash,
    string CreatedAt,
    string ExpiresAt,
    uint MinFinalCltvExpiryDelta,
    int RouteHints);
