using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Tributary.Crypto.Native;
using Tributary.Primitives.Contracts;

namespace Tributary.Crypto;

/// <summary>Schnorr signatures of BIP 340. Verifying does not allocate.</summary>
public static unsafe class Schnorr
{
    /// <summary>Bytes of a signature.</summary>
    public const int SignatureLength = 64;

    /// <summary>True for a valid signature of the message (of any length) under the key; false for any bytes that are not that.</summary>
    [SkipLocalsInit]
    public static bool Verify(ReadOnlySpan<byte> xOnly32, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature64)
    {
        if (xOnly32.Length != XOnlyPublicKey.Length || signature64.Length != SignatureLength)
            return false;

        Opaque64 key;
        fixed (byte* input = xOnly32, text = message, signature = signature64)
        {
            var context = Secp256k1.Context;
            return Secp256k1Native.XOnlyParse(context, (byte*)&key, input) == 1
                && Secp256k1Native.SchnorrVerify(context, signature, text, (nuint)message.Length, (byte*)&key) == 1;
        }
    }

    /// <summary>As the other overload, for a key that is already parsed.</summary>
    public static bool Verify(in XOnlyPublicKey publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature64)
    {
        if (signature64.Length != SignatureLength)
            return false;

        fixed (byte* text = message, signature = signature64)
        fixed (XOnlyPublicKey* key = &publicKey)
            return Secp256k1Native.SchnorrVerify(Secp256k1.Context, signature, text, (nuint)message.Length, (byte*)key) == 1;
    }

    /// <summary>
    /// Signs the message (a hash of 32 bytes in Bitcoin; BIP 340 allows any length). Auxiliary randomness of 32 bytes, from
    /// <see cref="IEntropy"/>, protects the nonce against faults and side channels.
    /// </summary>
    public static void Sign(SecretKey secretKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> auxRandom32, Span<byte> signature64)
    {
        Lengths.Require(auxRandom32, 32, nameof(auxRandom32));
        Lengths.RequireRoom(signature64, SignatureLength, nameof(signature64));
        fixed (byte* text = message, pair = secretKey.KeyPair, aux = auxRandom32, output = signature64)
        {
            var parameters = new Secp256k1Native.SchnorrSignParameters
            {
                Magic = Secp256k1Native.SchnorrSignParameters.ExpectedMagic,
                NonceFunction = null,
                NonceData = aux,
            };
            Secp256k1.Require(
                Secp256k1Native.SchnorrSign(Secp256k1.Context, output, text, (nuint)message.Length, pair, &parameters), "sign");
        }
    }

    /// <summary>As the other overload, with fresh auxiliary randomness.</summary>
    public static void Sign(SecretKey secretKey, ReadOnlySpan<byte> message, IEntropy entropy, Span<byte> signature64)
    {
        Span<byte> auxRandom = stackalloc byte[32];
        entropy.Fill(auxRandom);
        Sign(secretKey, message, auxRandom, signature64);
        CryptographicOperations.ZeroMemory(auxRandom);
    }
}
