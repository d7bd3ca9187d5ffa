using System.Collections.Immutable;

namespace Tributary.Intelligence.Models;

/// <summary>The categories that go left at a node.</summary>
/// <param name="Bits">A bit for each code from 0: set when the code goes left.</param>
/// <param name="UnseenLeft">Where codes beyond the bits, and values that are no code, go.</param>
public sealed record CategorySet(ImmutableArray<uint> Bits, bool UnseenLeft)
{
    /// <summary>Whether a value that is not NaN goes left.</summary>
    public bool Contains(float value) =>
        CategoryCode.TryRead(value, out var code) && code >> 5 < Bits.Length ? (Bits[code >> 5] >> (code & 31) & 1) != 0 : UnseenLeft;

    public bool Equals(CategorySet? other) => other is not null && UnseenLeft == other.UnseenLeft && Bits.AsSpan().SequenceEqual(other.Bits.AsSpan());

    public override int GetHashCode() => HashCode.Combine(Bits.Length, UnseenLeft, Bits.IsEmpty ? 0 : Bits[0]);
}
