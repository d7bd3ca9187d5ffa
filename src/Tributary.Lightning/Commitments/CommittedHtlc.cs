using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Commitments;

/// <summary>An HTLC as a commitment transaction carries it.</summary>
/// <param name="IsOffered">The broadcaster offers it; otherwise it receives it.</param>
/// <param name="Id">The number its offerer gave it: ids of the two directions overlap.</param>
/// <param name="Amount">What it moves.</param>
/// <param name="PaymentHash">SHA-256 of the preimage.</param>
/// <param name="CltvExpiry">The block height from which it can be taken back.</param>
public readonly record struct CommittedHtlc(bool IsOffered, ulong Id, MilliSatoshis Amount, Bytes32 PaymentHash, uint CltvExpiry);
