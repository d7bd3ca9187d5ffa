namespace Tributary.Cli.Node.Views;

/// <summary>A payment.</summary>
internal sealed record PaymentView(
    string PaymentHash, string Direction, string State, long AmountMsat, long FeeMsat, string? Preimage, string? Reason, string CreatedAt, string? Description, string? Invoice);
