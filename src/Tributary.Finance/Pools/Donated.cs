using Tributary.Finance.Amounts;
using Tributary.Finance.Engine;

namespace Tributary.Finance.Pools;

/// <summary>A pool was given something.</summary>
public sealed record Donated(AssetId Asset0, AssetId Asset1, AccountId By, Amount Amount0, Amount Amount1) : FinanceEvent;
