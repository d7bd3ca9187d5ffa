using Tributary.Finance.Amounts;
using Tributary.Finance.Engine;

namespace Tributary.Finance.Transfers;

/// <summary>Units of an asset changed hands.</summary>
public sealed record Transferred(AssetId Asset, AccountId From, AccountId To, Amount Amount) : FinanceEvent;
