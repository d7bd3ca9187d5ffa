using Tributary.Finance.Amounts;
using Tributary.Finance.Engine;

namespace Tributary.Finance.Htlcs;

/// <summary>A contract paid its sender back.</summary>
public sealed record HtlcRefunded(HtlcId Htlc, HtlcLeaf Terms) : FinanceEvent;
