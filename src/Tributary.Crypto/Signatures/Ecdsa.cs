using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Tributary.Crypto.Native;

namespace Tributary.Crypto;

/// <summary>ECDSA on secp256k1. Signatures made here have the low S of BIP 146 and nonces by RFC 6979. Nothing here allocates.</summary>
public static unsafe class Ecdsa
{
    /// <summary>Bytes of r and s, 32 each, big endian.</summary>
    public const int CompactLength = 64;

    /// <summary>The most bytes that a DER signature takes.</summary>
    public const int DerLengthMax = 72;

    /// <summary>
    /// The check of Bitcoin's consensus rules: a key of 33 or 65 bytes (hybrid ones included), a signature in lax DER with either S.
    /// False for any bytes that are not that.
    /// </summary>
    [SkipLocalsInit]
    public static bool VerifyLax(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> derSignatureWithoutHashType, ReadOnlySpan<byte> hash32)
    {
        if (hash32.Length != 32 || publicKey.Length is not (PublicKey.CompressedLength or PublicKey.UncompressedLength))
            return false;

        Opaque64 key, signature;
        fixed (byte* input = publicKey, hash = hash32)
        {
            var context = Secp256k1.Context;
            if (Secp256k1Native.PublicKeyParse(context, (byte*)&key, input, (nuint)publicKey.Length) != 1
                || !TryParseLax(derSignatureWithoutHashType, &signature))
            {
                return false;
            }

            _ = Secp256k1Native.SignatureNormalize(context, (byte*)&signature, (byte*)&signature);
            return Secp256k1Native.EcdsaVerify(context, (byte*)&signature, hash, (byte*)&key) == 1;
        }
    }

    /// <summary>The strict check: r and s below the group order and s in its lower half; false otherwise, or when the signature is of another message.</summary>
    [SkipLocalsInit]
    public static bool Verify(in PublicKey publicKey, ReadOnlySpan<byte> compact64, ReadOnlySpan<byte> hash32)
    {
        if (compact64.Length != CompactLength || hash32.Length != 32)
            return false;

        Opaque64 signature;
        fixed (byte* compact = compact64, hash = hash32)
        fixed (PublicKey* key = &publicKey)
        {
            var context = Secp256k1.Context;
            return Secp256k1Native.SignatureParseCompact(context, (byte*)&signature, compact) == 1
                && Secp256k1Native.EcdsaVerify(context, (byte*)&signature, hash, (byte*)key) == 1;
        }
    }

    /// <summary>Signs; the nonce follows RFC 6979, so the same key and hash give the same signature.</summary>
    public static void Sign(SecretKey secretKey, ReadOnlySpan<byte> hash32, Span<byte> compact64) =>
        SignWith(secretKey, hash32, extraEntropy32: default, compact64);

    /// <summary>
    /// Signs, again and again with a counter as extra entropy until r is below 2^255: the DER form then takes at most 71 bytes, which makes
    /// fees predictable. The counter goes in as Bitcoin Core does it, so the signatures are the same.
    /// </summary>
    public static void SignLowR(SecretKey secretKey, ReadOnlySpan<byte> hash32, Span<byte> compact64)
    {
        SignWith(secretKey, hash32, extraEntropy32: default, compact64);
        Span<byte> extra = stackalloc byte[32];
        extra.Clear();
        for (uint counter = 1; compact64[0] >= 0x80; counter++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(extra, counter);
            SignWith(secretKey, hash32, extra, compact64);
        }
    }

    /// <summary>Signs so that the public key can be recovered.</summary>
    public static RecoverableSignature SignRecoverable(SecretKey secretKey, ReadOnlySpan<byte> hash32)
    {
        Lengths.Require(hash32, 32, nameof(hash32));
        var signature = stackalloc byte[65];
        var compact = stackalloc byte[CompactLength];
        int recoveryId;
        fixed (byte* hash = hash32, secret = secretKey.Scalar)
        {
            var context = Secp256k1.Context;
            Secp256k1.Require(Secp256k1Native.EcdsaSignRecoverable(context, signature, hash, secret, null, null), "sign");
            Secp256k1.Require(Secp256k1Native.RecoverableSerializeCompact(context, compact, &recoveryId, signature), "write a signature");
        }

        return new RecoverableSignature(new ReadOnlySpan<byte>(compact, CompactLength), recoveryId);
    }

    /// <summary>The public key under which the signature is valid for this hash; false when there is none.</summary>
    public static bool TryRecover(in RecoverableSignature signature, ReadOnlySpan<byte> hash32, out PublicKey publicKey)
    {
        publicKey = default;
        if (hash32.Length != 32)
            return false;

        var parsed = stackalloc byte[65];
        fixed (byte* compact = signature.Span, hash = hash32)
        fixed (PublicKey* key = &publicKey)
        {
            var context = Secp256k1.Context;
            if (Secp256k1Native.RecoverableParseCompact(context, parsed, compact, signature.RecoveryId) == 1
                && Secp256k1Native.EcdsaRecover(context, (byte*)key, parsed, hash) == 1)
            {
                return true;
            }
        }

        publicKey = default;
        return false;
    }

    /// <summary>Writes the DER form (without a hash type) and returns its length, at most 72.</summary>
    /// <exception cref="ArgumentException">r or s is not below the group order, or the destination is shorter than the signature.</exception>
    public static int CompactToDer(ReadOnlySpan<byte> compact64, Span<byte> der72)
    {
        Lengths.Require(compact64, CompactLength, nameof(compact64));
        Opaque64 signature;
        var length = (nuint)der72.Length;
        fixed (byte* compact = compact64, der = der72)
        {
            var context = Secp256k1.Context;
            if (Secp256k1Native.SignatureParseCompact(context, (byte*)&signature, compact) != 1)
                throw new ArgumentException("r or s is not below the group order.", nameof(compact64));
            if (der72.IsEmpty || Secp256k1Native.SignatureSerializeDer(context, der, &length, (byte*)&signature) != 1)
                throw new ArgumentException("The signature does not fit.", nameof(der72));
        }

        return (int)length;
    }

    /// <summary>
    /// Reads strict DER (BIP 66, without a hash type) into r and s; false for anything else, numbers that are not below the group order
    /// included. S is not changed.
    /// </summary>
    public static bool TryParseDer(ReadOnlySpan<byte> der, Span<byte> compact64)
    {
        Lengths.RequireRoom(compact64, CompactLength, nameof(compact64));
        if (der.IsEmpty)
            return false;

        Opaque64 signature;
        var canonical = stackalloc byte[DerLengthMax];
        var length = (nuint)DerLengthMax;
        fixed (byte* input = der, compact = compact64)
        {
            // The library reads negative numbers and ones that are not below the group order as zero; written again, they differ.
            var context = Secp256k1.Context;
            return Secp256k1Native.SignatureParseDer(context, (byte*)&signature, input, (nuint)der.Length) == 1
                && Secp256k1Native.SignatureSerializeDer(context, canonical, &length, (byte*)&signature) == 1
                && der.SequenceEqual(new ReadOnlySpan<byte>(canonical, (int)length))
                && Secp256k1Native.SignatureSerializeCompact(context, compact, (byte*)&signature) == 1;
        }
    }

    /// <summary>
    /// Reads lax DER as consensus does (see <see cref="VerifyLax"/>) into r and s; numbers that are not below the group order come out as
    /// zeros. False when there are no two integers. S is not changed.
    /// </summary>
    public static bool TryParseLaxDer(ReadOnlySpan<byte> der, Span<byte> compact64)
    {
        Lengths.RequireRoom(compact64, CompactLength, nameof(compact64));
        Opaque64 signature;
        fixed (byte* compact = compact64)
            return TryParseLax(der, &signature) && Secp256k1Native.SignatureSerializeCompact(Secp256k1.Context, compact, (byte*)&signature) == 1;
    }

    /// <summary>True when the signature, read as lax DER without its hash type, has S in the lower half (the policy of BIP 146).</summary>
    public static bool IsLowS(ReadOnlySpan<byte> der)
    {
        Opaque64 signature;
        return TryParseLax(der, &signature) && Secp256k1Native.SignatureNormalize(Secp256k1.Context, null, (byte*)&signature) == 0;
    }

    /// <summary>Replaces S by its lower-half twin where it is high; true when it was. False also when the bytes are no signature.</summary>
    public static bool NormalizeS(Span<byte> compact64)
    {
        Lengths.Require(compact64, CompactLength, nameof(compact64));
        Opaque64 signature;
        fixed (byte* compact = compact64)
        {
            var context = Secp256k1.Context;
            return Secp256k1Native.SignatureParseCompact(context, (byte*)&signature, compact) == 1
                && Secp256k1Native.SignatureNormalize(context, (byte*)&signature, (byte*)&signature) == 1
                && Secp256k1Native.SignatureSerializeCompact(context, compact, (byte*)&signature) == 1;
        }
    }

    [SkipLocalsInit]
    private static bool TryParseLax(ReadOnlySpan<byte> der, Opaque64* signature)
    {
        var compact = stackalloc byte[CompactLength];
        var numbers = new Span<byte>(compact, CompactLength);
        if (!LaxDer.TryParse(der, numbers, out _))
            return false;

        if (Secp256k1Native.SignatureParseCompact(Secp256k1.Context, (byte*)signature, compact) == 1)
            return true;

        // r or s is not below the group order: a signature that no message has, yet one that could be read.
        numbers.Clear();
        return Secp256k1Native.SignatureParseCompact(Secp256k1.Context, (byte*)signature, compact) == 1;
    }

    private static void SignWith(SecretKey secretKey, ReadOnlySpan<byte> hash32, ReadOnlySpan<byte> extraEntropy32, Span<byte> compact64)
    {
        Lengths.Require(hash32, 32, nameof(hash32));
        Lengths.RequireRoom(compact64, CompactLength, nameof(compact64));
        Opaque64 signature;
        fixed (byte* hash = hash32, secret = secretKey.Scalar, extra = extraEntropy32, compact = compact64)
        {
            var context = Secp256k1.Context;
            Secp256k1.Require(Secp256k1Native.EcdsaSign(context, (byte*)&signature, hash, secret, null, extra), "sign");
            Secp256k1.Require(Secp256k1Native.SignatureSerializeCompact(context, compact, (byte*)&signature), "write a signature");
        }
    }
}
