using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Tributary.Crypto.Native;
using Tributary.Primitives.Bytes;

namespace Tributary.Crypto;

/// <summary>
/// A BIP 340 public key: the point with this x coordinate and an even y, parsed once. A default instance holds no point: comparing it is
/// safe, every other use throws <see cref="InvalidOperationException"/>.
/// </summary>
public readonly unsafe struct XOnlyPublicKey : IEquatable<XOnlyPublicKey>, IComparable<XOnlyPublicKey>
{
    /// <summary>Bytes of the serialized form.</summary>
    public const int Length = 32;

    internal readonly Opaque64 Opaque;

    internal XOnlyPublicKey(Opaque64 opaque) => Opaque = opaque;

    /// <summary>Reads 32 bytes; false when the length is another or no point has this x coordinate.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out XOnlyPublicKey key)
    {
        Unsafe.SkipInit(out key);
        fixed (byte* input = bytes)
        fixed (XOnlyPublicKey* output = &key)
        {
            if (bytes.Length == Length && Secp256k1Native.XOnlyParse(Secp256k1.Context, (byte*)output, input) == 1)
                return true;
        }

        key = default;
        return false;
    }

    /// <summary>
    /// True when the output key is the internal key plus tweak·G with this parity of y: the commitment check of BIP 341's script path.
    /// False for any bytes that are no key, no tweak, or of another length.
    /// </summary>
    public static bool CheckTapTweak(ReadOnlySpan<byte> outputX32, bool outputOddY, ReadOnlySpan<byte> internalX32, ReadOnlySpan<byte> tweak32)
    {
        if (outputX32.Length != Length || tweak32.Length != 32 || !TryParse(internalX32, out var internalKey))
            return false;

        fixed (byte* output = outputX32, tweak = tweak32)
            return Secp256k1Native.XOnlyTweakAddCheck(Secp256k1.Context, output, outputOddY ? 1 : 0, (byte*)&internalKey, tweak) == 1;
    }

    /// <summary>Writes the x coordinate into the first 32 bytes.</summary>
    public void WriteTo(Span<byte> destination32)
    {
        Lengths.RequireRoom(destination32, Length, nameof(destination32));
        fixed (byte* output = destination32)
        fixed (XOnlyPublicKey* self = &this)
            Secp256k1.Require(Secp256k1Native.XOnlySerialize(Secp256k1.Context, output, (byte*)self), "write an x-only key");
    }

    /// <summary>The x coordinate.</summary>
    public Bytes32 ToBytes32()
    {
        Span<byte> bytes = stackalloc byte[Length];
        WriteTo(bytes);
        return new Bytes32(bytes);
    }

    /// <summary>The x coordinate in a new array.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[Length];
        WriteTo(bytes);
        return bytes;
    }

    /// <summary>The whole point: this x with the even y.</summary>
    public PublicKey ToPublicKey()
    {
        Span<byte> compressed = stackalloc byte[PublicKey.CompressedLength];
        compressed[0] = 2;
        WriteTo(compressed[1..]);
        _ = PublicKey.TryParse(compressed, out var key);
        return key;
    }

    /// <summary>This point plus tweak·G; false when the tweak is not below the group order or the sum is infinity.</summary>
    public bool TweakAdd(ReadOnlySpan<byte> tweak32, out PublicKey tweaked)
    {
        Lengths.Require(tweak32, 32, nameof(tweak32));
        if (IsDefault)
            Secp256k1.Require(0, "use an x-only key");

        Unsafe.SkipInit(out tweaked);
        fixed (byte* tweak = tweak32)
        fixed (XOnlyPublicKey* self = &this)
        fixed (PublicKey* output = &tweaked)
        {
            if (Secp256k1Native.XOnlyTweakAdd(Secp256k1.Context, (byte*)output, (byte*)self, tweak) == 1)
                return true;
        }

        tweaked = default;
        return false;
    }

    /// <summary>As the other overload, with the result as x coordinate and parity: BIP 341's output key.</summary>
    public bool TweakAdd(ReadOnlySpan<byte> tweak32, out XOnlyPublicKey tweaked, out bool oddY)
    {
        if (TweakAdd(tweak32, out PublicKey point))
        {
            tweaked = point.ToXOnly(out oddY);
            return true;
        }

        (tweaked, oddY) = (default, false);
        return false;
    }

    public bool Equals(XOnlyPublicKey other) => CompareTo(other) == 0;

    public override bool Equals([NotNullWhen(true)] object? obj) => obj is XOnlyPublicKey other && Equals(other);

    /// <summary>Orders by the x coordinate; a default instance comes first.</summary>
    public int CompareTo(XOnlyPublicKey other)
    {
        fixed (XOnlyPublicKey* self = &this)
            return Secp256k1Native.XOnlyCompare(Secp256k1.Context, (byte*)self, (byte*)&other);
    }

    public override int GetHashCode() => IsDefault ? 0 : ToBytes32().GetHashCode();

    /// <summary>The x coordinate in hex.</summary>
    public override string ToString() => IsDefault ? "(no point)" : ToBytes32().ToString();

    public static bool operator ==(XOnlyPublicKey left, XOnlyPublicKey right) => left.Equals(right);

    public static bool operator !=(XOnlyPublicKey left, XOnlyPublicKey right) => !left.Equals(right);

    public static bool operator <(XOnlyPublicKey left, XOnlyPublicKey right) => left.CompareTo(right) < 0;

    public static bool operator >(XOnlyPublicKey left, XOnlyPublicKey right) => left.CompareTo(right) > 0;

    public static bool operator <=(XOnlyPublicKey left, XOnlyPublicKey right) => left.CompareTo(right) <= 0;

    public static bool operator >=(XOnlyPublicKey left, XOnlyPublicKey right) => left.CompareTo(right) >= 0;

    private bool IsDefault => !((ReadOnlySpan<byte>)Opaque).ContainsAnyExcept((byte)0);
}
