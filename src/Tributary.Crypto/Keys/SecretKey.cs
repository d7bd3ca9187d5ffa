using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Tributary.Crypto.Native;
using Tributary.Primitives.Contracts;

namespace Tributary.Crypto;

/// <summary>
/// A secret scalar of secp256k1: 1 to n − 1. Zeroed on Dispose, never printed, compared in constant time. Reading it takes an explicit
/// <see cref="WriteTo"/>. Safe for use by many threads until it is disposed of; use after that throws <see cref="ObjectDisposedException"/>.
/// </summary>
[DebuggerDisplay("secret key")]
public sealed unsafe class SecretKey : IDisposable
{
    /// <summary>Size in bytes.</summary>
    public const int Length = 32;

    private const int KeyPairLength = 96;

    private readonly SecretBytes _scalar;
    private PublicKeyBox? _publicKey;
    private SecretBytes? _keyPair;

    private SecretKey(SecretBytes scalar) => _scalar = scalar;

    /// <summary>The matching point; computed once.</summary>
    public PublicKey PublicKey => (_publicKey ??= new PublicKeyBox(ComputePublicKey())).Key;

    /// <summary>The scalar in place, for the calls of this project.</summary>
    internal ReadOnlySpan<byte> Scalar => _scalar.Span;

    /// <summary>libsecp256k1's key pair for Schnorr signatures; computed once, since it costs as much as a signature.</summary>
    internal ReadOnlySpan<byte> KeyPair
    {
        get
        {
            if (_keyPair is { } cached)
                return cached.Span;

            var created = CreateKeyPair();
            if (Interlocked.CompareExchange(ref _keyPair, created, null) is { } earlier)
            {
                created.Dispose();
                return earlier.Span;
            }

            return created.Span;
        }
    }

    /// <summary>Copies 32 bytes, big endian; false when the length is another or the number is not between 1 and n − 1.</summary>
    public static bool TryCreate(ReadOnlySpan<byte> bytes32, [NotNullWhen(true)] out SecretKey? key)
    {
        key = null;
        if (bytes32.Length != Length)
            return false;

        fixed (byte* secret = bytes32)
        {
            if (Secp256k1Native.SecretKeyVerify(Secp256k1.Context, secret) != 1)
                return false;
        }

        key = new SecretKey(new SecretBytes(bytes32));
        return true;
    }

    /// <summary>A fresh key.</summary>
    /// <exception cref="InvalidOperationException">The entropy is broken: a hundred draws held no valid scalar.</exception>
    public static SecretKey Generate(IEntropy entropy)
    {
        Span<byte> bytes = stackalloc byte[Length];
        try
        {
            // A draw fails with probability 2^-128; a source that fails again and again is not random.
            for (var attempt = 0; attempt < 100; attempt++)
            {
                entropy.Fill(bytes);
                if (TryCreate(bytes, out var key))
                    return key;
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }

        throw new InvalidOperationException("The entropy source yields no valid secret key.");
    }

    /// <summary>The sum of the scalars, the key to the sum of the points; false when there are none or the sum is zero.</summary>
    public static bool Combine(ReadOnlySpan<SecretKey> keys, [NotNullWhen(true)] out SecretKey? sum)
    {
        // The library knows no zero, which a sum on the way may be although the whole is not: here it is the absence of a sum.
        SecretBytes? total = null;
        foreach (var key in keys)
        {
            if (total is null)
            {
                total = new SecretBytes(key._scalar.Span);
                continue;
            }

            fixed (byte* output = total.Span, addend = key._scalar.Span)
            {
                if (Secp256k1Native.SecretKeyTweakAdd(Secp256k1.Context, output, addend) == 1)
                    continue;
            }

            total.Dispose();
            total = null;
        }

        sum = total is null ? null : new SecretKey(total);
        return sum is not null;
    }

    /// <summary>This scalar plus the tweak; false when the tweak is not below the group order or the sum is zero.</summary>
    public bool TweakAdd(ReadOnlySpan<byte> tweak32, [NotNullWhen(true)] out SecretKey? tweaked)
    {
        Lengths.Require(tweak32, 32, nameof(tweak32));
        var scalar = new SecretBytes(_scalar.Span);
        fixed (byte* output = scalar.Span, tweak = tweak32)
            return Finish(scalar, Secp256k1Native.SecretKeyTweakAdd(Secp256k1.Context, output, tweak), out tweaked);
    }

    /// <summary>This scalar times the tweak; false when the tweak is zero or not below the group order.</summary>
    public bool TweakMultiply(ReadOnlySpan<byte> tweak32, [NotNullWhen(true)] out SecretKey? tweaked)
    {
        Lengths.Require(tweak32, 32, nameof(tweak32));
        var scalar = new SecretBytes(_scalar.Span);
        fixed (byte* output = scalar.Span, tweak = tweak32)
            return Finish(scalar, Secp256k1Native.SecretKeyTweakMultiply(Secp256k1.Context, output, tweak), out tweaked);
    }

    /// <summary>
    /// The key to the point <see cref="XOnlyPublicKey.TweakAdd(ReadOnlySpan{byte}, out PublicKey)"/> yields (BIP 341: negated first when
    /// this point's y is odd); false when the tweak is not below the group order or the sum is zero.
    /// </summary>
    public bool TweakAddXOnly(ReadOnlySpan<byte> tweak32, [NotNullWhen(true)] out SecretKey? tweaked)
    {
        Lengths.Require(tweak32, 32, nameof(tweak32));
        using var pair = new SecretBytes(KeyPair);
        fixed (byte* keyPair = pair.Span, tweak = tweak32)
        {
            if (Secp256k1Native.KeyPairXOnlyTweakAdd(Secp256k1.Context, keyPair, tweak) != 1)
            {
                tweaked = null;
                return false;
            }

            var scalar = new SecretBytes(Length);
            fixed (byte* output = scalar.Span)
                return Finish(scalar, Secp256k1Native.KeyPairSecret(Secp256k1.Context, output, keyPair), out tweaked);
        }
    }

    /// <summary>n minus this scalar: the key to the point with the other y.</summary>
    public SecretKey Negate()
    {
        var scalar = new SecretBytes(_scalar.Span);
        fixed (byte* output = scalar.Span)
            Secp256k1.Require(Secp256k1Native.SecretKeyNegate(Secp256k1.Context, output), "negate a secret key");
        return new SecretKey(scalar);
    }

    /// <summary>A copy with a life of its own.</summary>
    public SecretKey Clone() => new(new SecretBytes(_scalar.Span));

    /// <summary>Copies the scalar into the first 32 bytes, big endian. The caller zeroes them.</summary>
    public void WriteTo(Span<byte> destination32)
    {
        Lengths.RequireRoom(destination32, Length, nameof(destination32));
        _scalar.Span.CopyTo(destination32);
    }

    /// <summary>True for the same scalar; takes the same time either way.</summary>
    public bool ConstantTimeEquals(SecretKey other) => _scalar.ConstantTimeEquals(other._scalar);

    public void Dispose()
    {
        _scalar.Dispose();
        _keyPair?.Dispose();
    }

    /// <summary>Never the key.</summary>
    public override string ToString() => "(secret key)";

    private static bool Finish(SecretBytes scalar, int result, [NotNullWhen(true)] out SecretKey? key)
    {
        if (result == 1)
        {
            key = new SecretKey(scalar);
            return true;
        }

        scalar.Dispose();
        key = null;
        return false;
    }

    private PublicKey ComputePublicKey()
    {
        PublicKey key;
        fixed (byte* secret = _scalar.Span)
            Secp256k1.Require(Secp256k1Native.PublicKeyCreate(Secp256k1.Context, (byte*)&key, secret), "compute a public key");
        return key;
    }

    private SecretBytes CreateKeyPair()
    {
        var pair = new SecretBytes(KeyPairLength);
        fixed (byte* output = pair.Span, secret = _scalar.Span)
            Secp256k1.Require(Secp256k1Native.KeyPairCreate(Secp256k1.Context, output, secret), "create a key pair");
        return pair;
    }

    // A reference is published whole; a 64-byte struct could be read half written.
    private sealed class PublicKeyBox(PublicKey key)
    {
        internal PublicKey Key { get; } = key;
    }
}
