using Tributary.Finance.Amounts;
using Tributary.Finance.Engine;

namespace Tributary.Finance.Assets;

/// <summary>There is a new asset.</summary>
public sealed record AssetCreated(AssetId Asset, AccountId Issuer, Amount Limit) : FinanceEvent;
