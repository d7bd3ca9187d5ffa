using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Tributary.Primitives.Bytes;

/// <summary>Thirty-two bytes by value: the carrier of hashes and x-only keys. Public data only; equality is not constant-time.</summary>
[InlineArray(32)]
[SuppressMessage("Design", "CA1051", Justification = "An inline array has one field by definition.")]
public struct Bytes32 : IEquatable<Bytes32>, IComparable<Bytes32>
{
    /// <summary>Size in bytes.</summary>
    public const int Length = 32;

    private byte _element;

    /// <summary>Copies 32 bytes.</summary>
    public Bytes32(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Length)
            throw new ArgumentException("A Bytes32 takes 32 bytes.", nameof(bytes));
        bytes.CopyTo(MemoryMarshal.CreateSpan(ref _element, Length));
    }

    /// <summary>The bytes, read in place.</summary>
    [UnscopedRef]
    public readonly ReadOnlySpan<byte> Span => MemoryMarshal.CreateReadOnlySpan(in _element, Length);

    /// <summary>True for 32 zero bytes.</summary>
    public readonly bool IsZero => !Span.ContainsAnyExcept((byte)0);

    public readonly byte[] ToArray() => Span.ToArray();

    public readonly bool Equals(Bytes32 other) => Span.SequenceEqual(other.Span);

    public override readonly bool Equals([NotNullWhen(true)] object? obj) => obj is Bytes32 other && Equals(other);

    public override readonly int GetHashCode() =>
        HashCode.Combine(MemoryMarshal.Read<ulong>(Span), MemoryMarshal.Read<ulong>(Span[16..]));

    /// <summary>Orders by the bytes from the first to the last.</summary>
    public readonly int CompareTo(Bytes32 other) => Span.SequenceCompareTo(other.Span);

    /// <summary>The bytes in hex, first byte first.</summary>
    public override readonly string ToString() => Convert.ToHexStringLower(Span);

    /// <summary>The bytes in hex, last byte first: how Bitcoin shows transaction and block ids.</summary>
    public readonly string ToReversedHex()
    {
        Span<byte> reversed = stackalloc byte[Length];
        Span.CopyTo(reversed);
        reversed.Reverse();
        return Convert.ToHexStringLower(reversed);
    }

    /// <summary>Reads 64 hex digits, first byte first.</summary>
    public static bool TryParse(ReadOnlySpan<char> hex, out Bytes32 value)
    {
        Span<byte> bytes = stackalloc byte[Length];
        if (!Hex.TryDecode(hex, bytes))
        {
            value = default;
            return false;
        }

        value = new Bytes32(bytes);
        return true;
    }

    /// <summary>Reads 64 hex digits, last byte first.</summary>
    public static bool TryParseReversed(ReadOnlySpan<char> hex, out Bytes32 value)
    {
        Span<byte> bytes = stackalloc byte[Length];
        if (!Hex.TryDecode(hex, bytes))
        {
            value = default;
            return false;
        }

        bytes.Reverse();
        value = new Bytes32(bytes);
        return true;
    }

    public static bool operator ==(Bytes32 left, Bytes32 right) => left.Equals(right);

    public static bool operator !=(Bytes32 left, Bytes32 right) => !left.Equals(right);

    public static bool operator <(Bytes32 left, Bytes32 right) => left.CompareTo(right) < 0;

    public static bool operator >(Bytes32 left, Bytes32 right) => left.CompareTo(right) > 0;

    public static bool operator <=(Bytes32 left, Bytes32 right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Bytes32 left, Bytes32 right) => left.CompareTo(right) >= 0;
}
