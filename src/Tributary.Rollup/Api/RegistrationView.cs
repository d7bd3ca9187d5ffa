namespace Tributary.Rollup.Api;

/// <summary>An account that was opened, or that the key had already.</summary>
public sealed record RegistrationView(uint Account, ReceiptView? Receipt);
