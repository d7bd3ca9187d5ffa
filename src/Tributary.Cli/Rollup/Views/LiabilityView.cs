using Tributary.Rollup.Liabilities;

namespace Tributary.Cli.Rollup.Views;

/// <summary>What the vault holds on Bitcoin and what it owes, in satoshis.</summary>
internal sealed record LiabilityView(
    bool IsCovered, long VaultSat, long SupplySat, long UnpaidWithdrawalsSat, long WaitingDepositsSat, long UnclaimedDepositsSat, long SurplusSat, bool IsSupplyProven)
{
    internal static LiabilityView Of(LiabilityReport report) => new(
        report.IsCovered,
        report.VaultCoins.Value,
        report.Supply.Value,
        report.UnpaidWithdrawals.Value,
        report.WaitingDeposits.Value,
        report.UnclaimedDeposits.Value,
        report.Surplus.Value,
        report.IsProven);
}
