using System.Numerics;
using System.Text;
using Tributary.Crypto;
using Tributary.Primitives.Bytes;

namespace Tributary.Bitcoin.Interop.Tests.Differential;

/// <summary>A key with its public forms, and signatures in all the ways that scripts may meet them.</summary>
internal sealed class TestKey
{
    private static readonly BigInteger s_order = BigInteger.Parse(
        "0fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", System.Globalization.NumberStyles.HexNumber, null);

    private readonly SecretKey _secret;

    public TestKey(int index)
        : this(Create(index))
    {
    }

    private TestKey(SecretKey secret)
    {
        _secret = secret;
        Compressed = secret.PublicKey.ToBytes();
        Uncompressed = new byte[65];
        secret.PublicKey.WriteUncompressed(Uncompressed);
        Hybrid = [(byte)(6 | (Uncompressed[64] & 1)), .. Uncompressed.AsSpan(1)];
        XOnly = secret.PublicKey.ToXOnly().ToBytes();
    }

    public byte[] Compressed { get; }

    public byte[] Uncompressed { get; }

    /// <summary>06 or 07 and both coordinates, which consensus accepts.</summary>
    public byte[] Hybrid { get; }

    public byte[] XOnly { get; }

    public byte[] Hash160(byte[] key)
    {
        var hash = new byte[20];
        Hashes.Hash160(key, hash);
        return hash;
    }

    public TestKey TweakedBy(Bytes32 tweak) => _secret.TweakAddXOnly(tweak.Span, out var tweaked) ? new TestKey(tweaked) : throw new InvalidOperationException("no such key");

    /// <summary>DER and the hash type.</summary>
    public byte[] SignEcdsa(Bytes32 hash, int hashType, bool highS = false)
    {
        var compact = new byte[64];
        Ecdsa.Sign(_secret, hash.Span, compact);
        if (highS)
            NegateS(compact);
        var der = new byte[72];
        var length = Ecdsa.CompactToDer(compact, der);
        return [.. der.AsSpan(0, length), (byte)hashType];
    }

    public byte[] SignSchnorr(Bytes32 hash)
    {
        var signature = new byte[64];
        Schnorr.Sign(_secret, hash.Span, new byte[32], signature);
        return signature;
    }

    private static SecretKey Create(int index) =>
        SecretKey.TryCreate(Hashes.Sha256(Encoding.UTF8.GetBytes($"differential {index}")).Span, out var key) ? key : throw new InvalidOperationException("no such key");

    private static void NegateS(byte[] compact)
    {
        var s = new BigInteger(compact.AsSpan(32), isUnsigned: true, isBigEndian: true);
        var negated = (s_order - s).ToByteArray(isUnsigned: true, isBigEndian: true);
        compact.AsSpan(32).Clear();
        negated.CopyTo(compact.AsSpan(64 - negated.Length));
    }
}
