using Tributary.Payments.Ledger;

namespace Tributary.Payments.Reporting;

/// <summary>A line of the ledger, for people.</summary>
/// <param name="TransactionId">Lines of one transaction belong together and balance.</param>
/// <param name="Reason">What happened ("payment_settled").</param>
/// <param name="At">When.</param>
/// <param name="Account">The account.</param>
/// <param name="Asset">What it counts.</param>
/// <param name="Amount">Positive debits the account, negative credits it.</param>
public sealed record LedgerLine(string TransactionId, string Reason, DateTimeOffset At, AccountKind Account, Asset Asset, long Amount);
