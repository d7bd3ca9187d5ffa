using Tributary.Finance.Amounts;
using Tributary.Finance.Engine;

namespace Tributary.Finance.Pools;

/// <summary>There is a new pool.</summary>
public sealed record PoolCreated(AssetId Asset0, AssetId Asset1, AssetId Liquidity) : FinanceEvent;
