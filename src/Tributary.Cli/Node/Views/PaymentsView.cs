namespace Tributary.Cli.Node.Views;

/// <summary>Payments.</summary>
internal sealed record PaymentsView(IReadOnlyList<PaymentView> Payments);
