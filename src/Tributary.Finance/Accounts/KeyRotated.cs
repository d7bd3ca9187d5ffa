using Tributary.Finance.Amounts;
using Tributary.Finance.Engine;
using Tributary.Primitives.Bytes;

namespace Tributary.Finance.Accounts;

/// <summary>An account has another key.</summary>
public sealed record KeyRotated(AccountId Account, Bytes32 KeyRoot) : FinanceEvent;
