using Tributary.Rollup.Withdrawals;

namespace Tributary.Cli.Rollup.Views;

/// <summary>A withdrawal that the vault has not paid.</summary>
internal sealed record WithdrawalView(ulong Number, uint Account, long Sat, string State, ulong Batch, int AnchoredAt)
{
    internal static WithdrawalView Of(OwedWithdrawal owed) =>
        new(owed.What.Number, owed.What.From.Value, owed.Amount.Value, owed.State.ToString().ToLowerInvariant(), owed.Batch, owed.AnchoredAt);
}
