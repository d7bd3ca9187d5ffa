using Tributary.Finance.Amounts;
using Tributary.Finance.Engine;
using Tributary.Primitives.Bytes;

namespace Tributary.Finance.Htlcs;

/// <summary>A contract paid its recipient; the preimage is known to all.</summary>
public sealed record HtlcClaimed(HtlcId Htlc, HtlcLeaf Terms, Bytes32 Preimage) : FinanceEvent;
