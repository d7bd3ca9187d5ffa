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
public sealed record BalanceTransaction(string Id, string Reason, string Source, DateTimeOffset At, Asset Asset, long Amount, long Fee);
