using Tributary.Finance.Amounts;
using Tributary.Finance.Engine;

namespace Tributary.Finance.Assets;

/// <summary>A deposit was credited.</summary>
public sealed record Deposited(ulong Number, AssetId Asset, AccountId To, Amount Amount) : FinanceEvent;
