namespace Tributary.Payments.Balances;

/// <summary>An object's entry in the ledger, as far as it touches what the store may spend.</summary>
/// <param name="Source">The object.</param>
/// <param name="Transaction">What it did to the balance.</param>
public sealed record SourceEntry(string Source, BalanceTransaction Transaction);
