using Tributary.Finance.Amounts;
using Tributary.Primitives.Bytes;

namespace Tributary.Rollup.Segments;

/// <summary>How a contract ended.</summary>
/// <param name="Htlc">Which one.</param>
/// <param name="Hash">SHA-256 of its preimage.</param>
/// <param name="Claimed">Paid to its recipient, against the preimage in the body; otherwise back to its sender.</param>
public readonly record struct HtlcOutcome(HtlcId Htlc, Bytes32 Hash, bool Claimed);
