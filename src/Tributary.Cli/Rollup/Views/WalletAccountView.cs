namespace Tributary.Cli.Rollup.Views;

/// <summary>An account of a wallet.</summary>
internal sealed record WalletAccountView(uint Place, uint? Account, ulong? BalanceSat, ulong? AnchoredBalanceSat, uint? NextIndex, IReadOnlyList<Tributary.Rollup.Api.AssetBalanceView> Assets);
