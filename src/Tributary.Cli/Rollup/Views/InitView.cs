namespace Tributary.Cli.Rollup.Views;

/// <summary>A rollup that was made: "unfunded" or "begun".</summary>
internal sealed record InitView(
    string State, string Data, string Network, string Parameters, string? Rollup, string? GenesisTransaction, int FromHeight, string Address, long WalletSat, string? Words);
