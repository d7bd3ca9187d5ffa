using Tributary.Finance.Amounts;

namespace Tributary.Finance.Engine;

/// <summary>The operator was paid for an operation, in satoshis.</summary>
public sealed record FeePaid(AccountId Account, Amount Fee) : FinanceEvent;
