using Tributary.Finance.Amounts;
using Tributary.Finance.Engine;

namespace Tributary.Finance.Htlcs;

/// <summary>An amount was locked.</summary>
public sealed record HtlcLocked(HtlcId Htlc, HtlcLeaf Terms) : FinanceEvent;
