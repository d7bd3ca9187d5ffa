using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Tributary.Lightning.Wire;

/// <summary>An ECDSA signature as messages carry it: r and s, 32 bytes each. Any 64 bytes; only verifying tells more.</summary>
[InlineArray(Length)]
[SuppressMessage("Design", "CA1051", Justification = "An inline array has one field by definition.")]
public struct CompactSignature : IEquatable<CompactSignature>
{
    /// <summary>Size in bytes.</summary>
    public const int Length = 64;

    private byte _element;

    /// <summary>Copies 64 bytes.</summary>
    public CompactSignature(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Length)
            throw new ArgumentException("A compact signature takes 64 bytes.", nameof(bytes));
        bytes.CopyTo(MemoryMarshal.CreateSpan(ref _element, Length));
    }

    /// <summary>The bytes, read in place.</summary>
    [UnscopedRef]
    public readonly ReadOnlySpan<byte> Span => MemoryMarshal.CreateReadOnlySpan(in _element, Length);

    public readonly bool Equals(CompactSignature other) => Span.SequenceEqual(other.Span);

    public override readonly bool Equals([NotNullWhen(true)] object? obj) => obj is CompactSignature other && Equals(other);

    public override readonly int GetHashCode() => HashCode.Combine(MemoryMarshal.Read<ulong>(Span), MemoryMarshal.Read<ulong>(Span[32..]));

    public override readonly string ToString() => Convert.ToHexStringLower(Span);

    public static bool operator ==(CompactSignature left, CompactSignature right) => left.Equals(right);

    public static bool operator !=(CompactSignature left, CompactSignature right) => !left.Equals(right);
}
