using Tributary.Finance.Amounts;
using Tributary.Finance.Engine;

namespace Tributary.Finance.Pools;

/// <summary>The reserves of a pool after a count.</summary>
public sealed record Synced(AssetId Asset0, AssetId Asset1, UInt128 Reserve0, UInt128 Reserve1) : FinanceEvent;
