using Tributary.Finance.Amounts;
using Tributary.Finance.Engine;

namespace Tributary.Finance.Pools;

/// <summary>Liquidity came into a pool.</summary>
public sealed record LiquidityAdded(AssetId Asset0, AssetId Asset1, AccountId By, Amount Amount0, Amount Amount1, Amount Liquidity) : FinanceEvent;
