using Tributary.Crypto;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Payments;

/// <summary>An HTLC that a peer offers, irrevocably committed on both sides.</summary>
/// <param name="Key">The channel and the peer's number for it.</param>
/// <param name="Amount">What it moves.</param>
/// <param name="PaymentHash">SHA-256 of the preimage.</param>
/// <param name="CltvExpiry">Block height.</param>
/// <param name="Onion">The 1,366 bytes of BOLT 4.</param>
/// <param name="PathKey">Of a blinded route.</param>
/// <param name="ExceedsDustExposure">No preimage may be given for it (BOLT 2).</param>
public sealed record ReceivedHtlc(
    HtlcKey Key, MilliSatoshis Amount, Bytes32 PaymentHash, uint CltvExpiry, ReadOnlyMemory<byte> Onion, PublicKey? PathKey = null, bool ExceedsDustExposure = false);
