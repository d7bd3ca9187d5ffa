using Tributary.Bitcoin.Transactions;

namespace Tributary.Rollup.Withdrawals;

/// <summary>What a step of the payer has done.</summary>
/// <param name="Transaction">The payout that is on its way; null where nothing is due.</param>
public readonly record struct PayoutStep(Transaction? Transaction)
{
    /// <summary>Nothing is due.</summary>
    public static PayoutStep Nothing => default;
}
