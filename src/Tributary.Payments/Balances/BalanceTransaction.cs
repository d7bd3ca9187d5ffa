using Tributary.Payments.Ledger;

namespace Tributary.Payments.Balances;

/// <summary>An entry of the ledger as it changed what a store may spend.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Reason">The entry's reason ("intent_money_settled").</param>
/// <param name="Source">The object that it happened to.</param>
/// <param name="At">When.</param>
/// <param name="Asset">Of which asset.</param>
/// <param name="Amount">What came to the store, or left it when negative; before fees.</param>
/// <param name="Fee">What the network took.</param>
public sealed record BalanceTransaction(string Id, string Reason, string Source, DateTimeOffset At, Asset Asset, long Amount, long Fee)
{
    /// <summary>What it is to the balance.</summary>
    public BalanceKind Kind => Source[..Math.Max(0, Source.IndexOf('_', StringComparison.Ordinal))] switch
    {
        "pi" when Amount >= 0 => BalanceKind.Charge,
        "re" => Amount <= 0 ? BalanceKind.Refund : BalanceKind.RefundFailure,
        "po" => Amount <= 0 ? BalanceKind.Payout : BalanceKind.PayoutFailure,
        _ => BalanceKind.Adjustment,
    };
}
