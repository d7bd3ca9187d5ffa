using Tributary.Finance.Amounts;
using Tributary.Finance.Engine;

namespace Tributary.Finance.Pools;

/// <summary>A pool gave away what it held beyond its reserves.</summary>
public sealed record Skimmed(AssetId Asset0, AssetId Asset1, AccountId To, Amount Amount0, Amount Amount1) : FinanceEvent;
