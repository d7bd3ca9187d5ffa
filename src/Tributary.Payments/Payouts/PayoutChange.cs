using Tributary.Payments.Ledger;

namespace Tributary.Payments.Payouts;

/// <summary>What an input changes, to be written in one database transaction; no event means nothing.</summary>
public sealed record PayoutChange(Payout Payout, LedgerTransaction? Ledger, string? Event);
