using Tributary.Crypto;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Channels;

/// <summary>An HTLC that we want to offer.</summary>
/// <param name="Amount">What it moves.</param>
/// <param name="PaymentHash">SHA-256 of the preimage.</param>
/// <param name="CltvExpiry">Block height.</param>
/// <param name="Onion">The 1,366 bytes of BOLT 4.</param>
/// <param name="PathKey">Of a blinded route.</param>
public sealed record HtlcOffer(MilliSatoshis Amount, Bytes32 PaymentHash, uint CltvExpiry, ReadOnlyMemory<byte> Onion, PublicKey? PathKey = null);
