using Tributary.Crypto;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Channels;

/// <summary>An HTLC that the peer offers, irrevocably committed on both sides.</summary>
/// <param name="Id">The peer's number for it.</param>
/// <param name="Amount">What it moves.</param>
/// <param name="PaymentHash">SHA-256 of the preimage.</param>
/// <param name="CltvExpiry">Block height.</param>
/// <param name="Onion">The 1,366 bytes of BOLT 4.</param>
/// <param name="PathKey">Of a blinded route.</param>
/// <param name="ExceedsDustExposure">
/// It has no output, and with it more would go to the miners on a unilateral close than we bear: it is to be failed, and no preimage given
/// (BOLT 2).
/// </param>
public sealed record IncomingHtlc(
    ulong Id,
    MilliSatoshis Amount,
    Bytes32 PaymentHash,
    uint CltvExpiry,
    ReadOnlyMemory<byte> Onion,
    PublicKey? PathKey,
    bool ExceedsDustExposure);
