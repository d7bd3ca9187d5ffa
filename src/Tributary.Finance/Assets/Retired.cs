using Tributary.Finance.Amounts;
using Tributary.Finance.Engine;

namespace Tributary.Finance.Assets;

/// <summary>Units of an asset exist no more.</summary>
public sealed record Retired(AssetId Asset, AccountId From, Amount Amount) : FinanceEvent;
