using Tributary.Finance.Amounts;
using Tributary.Finance.Engine;

namespace Tributary.Finance.Assets;

/// <summary>Units of an asset came to be in an account.</summary>
public sealed record Issued(AssetId Asset, AccountId To, Amount Amount) : FinanceEvent;
