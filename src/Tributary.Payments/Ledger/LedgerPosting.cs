namespace Tributary.Payments.Ledger;

/// <summary>One line of a transaction: positive debits the account, negative credits it.</summary>
public readonly record struct LedgerPosting(AccountKind Account, Asset Asset, long Amount);
