using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Tributary.Crypto.Native;

namespace Tributary.Crypto;

/// <summary>
/// A point of secp256k1 other than infinity, parsed once and ready for use. A default instance holds no point: comparing it is safe,
/// every other use throws <see cref="InvalidOperationException"/>.
/// </summary>
public readonly unsafe struct PublicKey : IEquatable<PublicKey>, IComparable<PublicKey>
{
    /// <summary>Bytes of the compressed form (SEC 1: 02 or 03, then x).</summary>
    public const int CompressedLength = 33;

    /// <summary>Bytes of the uncompressed form (SEC 1: 04, then x and y).</summary>
    public const int UncompressedLength = 65;

    internal readonly Opaque64 Opaque;

    internal PublicKey(Opaque64 opaque) => Opaque = opaque;

    /// <summary>Reads 33 bytes (02, 03) or 65 bytes (04, and the hybrid 06 and 07 that consensus accepts); false for anything else.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out PublicKey key)
    {
        Unsafe.SkipInit(out key);
        fixed (byte* input = bytes)
        fixed (PublicKey* output = &key)
        {
            if (bytes.Length is CompressedLength or UncompressedLength
                && Secp256k1Native.PublicKeyParse(Secp256k1.Context, (byte*)output, input, (nuint)bytes.Length) == 1)
            {
                return true;
            }
        }

        key = default;
        return false;
    }

    /// <summary>The sum of the points; false when there are none or the sum is the point at infinity.</summary>
    public static bool Combine(ReadOnlySpan<PublicKey> keys, out PublicKey sum)
    {
        sum = default;
        if (keys.IsEmpty)
            return false;

        var pointers = keys.Length <= 32 ? stackalloc nint[keys.Length] : new nint[keys.Length];
        fixed (PublicKey* first = keys)
        fixed (nint* list = pointers)
        fixed (PublicKey* output = &sum)
        {
            // The library takes no notice of an operand that holds no point.
            for (var i = 0; i < keys.Length; i++)
            {
                keys[i].RequirePoint();
                pointers[i] = (nint)(first + i);
            }

            if (Secp256k1Native.PublicKeyCombine(Secp256k1.Context, (byte*)output, (byte**)list, (nuint)keys.Length) == 1)
                return true;
        }

        sum = default;
        return false;
    }

    /// <summary>Writes the compressed form into the first 33 bytes.</summary>
    public void WriteCompressed(Span<byte> destination33) => Write(destination33, CompressedLength, Secp256k1Native.Compressed);

    /// <summary>Writes the uncompressed form into the first 65 bytes.</summary>
    public void WriteUncompressed(Span<byte> destination65) => Write(destination65, UncompressedLength, Secp256k1Native.Uncompressed);

    /// <summary>The compressed form, 33 bytes.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[CompressedLength];
        WriteCompressed(bytes);
        return bytes;
    }

    /// <summary>The x coordinate as BIP 340 uses it, and whether y is odd.</summary>
    public XOnlyPublicKey ToXOnly(out bool oddY)
    {
        Opaque64 xOnly;
        int parity;
        fixed (PublicKey* self = &this)
            Secp256k1.Require(Secp256k1Native.XOnlyFromPublicKey(Secp256k1.Context, (byte*)&xOnly, &parity, (byte*)self), "take the x coordinate");
        oddY = parity != 0;
        return new XOnlyPublicKey(xOnly);
    }

    /// <summary>The x coordinate as BIP 340 uses it.</summary>
    public XOnlyPublicKey ToXOnly() => ToXOnly(out _);

    /// <summary>This point plus tweak·G; false when the tweak is not below the group order or the sum is infinity.</summary>
    public bool TweakAdd(ReadOnlySpan<byte> tweak32, out PublicKey tweaked)
    {
        Lengths.Require(tweak32, 32, nameof(tweak32));
        tweaked = this;
        RequirePoint();
        fixed (byte* tweak = tweak32)
        fixed (PublicKey* output = &tweaked)
        {
            if (Secp256k1Native.PublicKeyTweakAdd(Secp256k1.Context, (byte*)output, tweak) == 1)
                return true;
        }

        tweaked = default;
        return false;
    }

    /// <summary>
    /// This point times the tweak; false when the tweak is zero or not below the group order. Not constant-time in the tweak: a secret
    /// factor goes through <see cref="Ecdh"/>.
    /// </summary>
    public bool TweakMultiply(ReadOnlySpan<byte> tweak32, out PublicKey tweaked)
    {
        Lengths.Require(tweak32, 32, nameof(tweak32));
        tweaked = this;
        RequirePoint();
        fixed (byte* tweak = tweak32)
        fixed (PublicKey* output = &tweaked)
        {
            if (Secp256k1Native.PublicKeyTweakMultiply(Secp256k1.Context, (byte*)output, tweak) == 1)
                return true;
        }

        tweaked = default;
        return false;
    }

    /// <summary>The point with the other y.</summary>
    public PublicKey Negate()
    {
        var negated = this;
        Secp256k1.Require(Secp256k1Native.PublicKeyNegate(Secp256k1.Context, (byte*)&negated), "negate a public key");
        return negated;
    }

    /// <summary>True for the same point.</summary>
    public bool Equals(PublicKey other) => CompareTo(other) == 0;

    public override bool Equals([NotNullWhen(true)] object? obj) => obj is PublicKey other && Equals(other);

    /// <summary>Orders by the compressed form, as BIP 67 and Lightning's node ordering do; a default instance comes first.</summary>
    public int CompareTo(PublicKey other)
    {
        fixed (PublicKey* self = &this)
            return Secp256k1Native.PublicKeyCompare(Secp256k1.Context, (byte*)self, (byte*)&other);
    }

    public override int GetHashCode()
    {
        if (IsDefault)
            return 0;

        Span<byte> bytes = stackalloc byte[CompressedLength];
        WriteCompressed(bytes);
        var hash = default(HashCode);
        hash.AddBytes(bytes);
        return hash.ToHashCode();
    }

    /// <summary>The compressed form in hex.</summary>
    public override string ToString()
    {
        if (IsDefault)
            return "(no point)";

        Span<byte> bytes = stackalloc byte[CompressedLength];
        WriteCompressed(bytes);
        return Convert.ToHexStringLower(bytes);
    }

    public static bool operator ==(PublicKey left, PublicKey right) => left.Equals(right);

    public static bool operator !=(PublicKey left, PublicKey right) => !left.Equals(right);

    public static bool operator <(PublicKey left, PublicKey right) => left.CompareTo(right) < 0;

    public static bool operator >(PublicKey left, PublicKey right) => left.CompareTo(right) > 0;

    public static bool operator <=(PublicKey left, PublicKey right) => left.CompareTo(right) <= 0;

    public static bool operator >=(PublicKey left, PublicKey right) => left.CompareTo(right) >= 0;

    internal void RequirePoint()
    {
        if (IsDefault)
            Secp256k1.Require(0, "use a public key");
    }

    // The only 64 zero bytes there are: no point has both coordinates zero.
    private bool IsDefault => !((ReadOnlySpan<byte>)Opaque).ContainsAnyExcept((byte)0);

    private void Write(Span<byte> destination, int length, uint flags)
    {
        if (destination.Length < length)
            throw new ArgumentException($"The key takes {length} bytes.", nameof(destination));

        var written = (nuint)length;
        fixed (byte* output = destination)
        fixed (PublicKey* self = &this)
            Secp256k1.Require(Secp256k1Native.PublicKeySerialize(Secp256k1.Context, output, &written, (byte*)self, flags), "write a public key");
    }
}
