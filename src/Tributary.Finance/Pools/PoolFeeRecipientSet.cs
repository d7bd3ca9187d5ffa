using Tributary.Finance.Amounts;
using Tributary.Finance.Engine;

namespace Tributary.Finance.Pools;

/// <summary>The protocol fee of all pools has another recipient.</summary>
public sealed record PoolFeeRecipientSet(AccountId Recipient) : FinanceEvent;
