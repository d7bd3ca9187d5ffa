using Tributary.Crypto;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Onions;

/// <summary>The layout of an onion (BOLT 4): version, ephemeral key, payloads, HMAC. Payment onions have one size, message onions any.</summary>
internal static class OnionPacket
{
    internal const byte Version = 0;

    internal const int HmacLength = Bytes32.Length;

    internal const int PayloadsStart = 1 + PublicKey.CompressedLength;

    /// <summary>Bytes around the payloads.</summary>
    internal const int Overhead = PayloadsStart + HmacLength;

    /// <summary>Payload bytes of an HTLC's onion.</summary>
    internal const int PaymentPayloadsLength = 1300;
}
