using Tributary.Finance.Amounts;
using Tributary.Finance.Engine;

namespace Tributary.Finance.Pools;

/// <summary>One asset was swapped for the other.</summary>
public sealed record Swapped(AssetId Asset0, AssetId Asset1, AccountId By, Amount Amount0In, Amount Amount1In, Amount Amount0Out, Amount Amount1Out) : FinanceEvent;
