namespace Tributary.Cli.Rollup.Views;

/// <summary>An operation that a wallet signed.</summary>
internal sealed record WalletOperationView(uint Place, string Operation, string What, string State, ulong? Batch, string? Why);
