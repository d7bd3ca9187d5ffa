using Tributary.Finance.Amounts;
using Tributary.Finance.Engine;
using Tributary.Primitives.Bytes;

namespace Tributary.Finance.Accounts;

/// <summary>An account was opened.</summary>
public sealed record AccountRegistered(AccountId Account, Bytes32 KeyRoot) : FinanceEvent;
