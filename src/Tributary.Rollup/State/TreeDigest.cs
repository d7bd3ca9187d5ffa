using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Tributary.Finance.State;
using Tributary.Primitives.Bytes;
using Tributary.Proofs.Fields;

namespace Tributary.Rollup.State;

/// <summary>A digest of the state tree: eight field elements, 248 bits. Its default stands for a node that has not been computed.</summary>
[InlineArray(Elements)]
[SuppressMessage("Design", "CA1051", Justification = "An inline array has one field by definition.")]
public struct TreeDigest : IEquatable<TreeDigest>, IEmptiable
{
    /// <summary>Field elements.</summary>
    public const int Elements = 8;

    private KoalaBear _element;

    public TreeDigest(ReadOnlySpan<KoalaBear> elements)
    {
        if (elements.Length != Elements)
            throw new ArgumentException($"A digest has {Elements} elements.", nameof(elements));
        elements.CopyTo(MemoryMarshal.CreateSpan(ref _element, Elements));
    }

    /// <summary>The elements, read in place.</summary>
    [UnscopedRef]
    public readonly ReadOnlySpan<KoalaBear> Span => MemoryMarshal.CreateReadOnlySpan(in _element, Elements);

    public readonly bool IsEmpty => Span.IndexOfAnyExcept(KoalaBear.Zero) < 0;

    /// <summary>The elements of digests that stand one after the other.</summary>
    internal static Span<KoalaBear> ElementsOf(Span<TreeDigest> digests) => MemoryMarshal.Cast<TreeDigest, KoalaBear>(digests);

    /// <summary>The digest as bytes: each element as an integer below p, four bytes, little endian.</summary>
    public readonly Bytes32 ToBytes32()
    {
        Span<byte> bytes = stackalloc byte[Bytes32.Length];
        for (var i = 0; i < Elements; i++)
            BinaryPrimitives.WriteUInt32LittleEndian(bytes[(4 * i)..], Span[i].Value);
        return new Bytes32(bytes);
    }

    /// <summary>The digest with these bytes; false where an element is not below p.</summary>
    public static bool TryFromBytes32(Bytes32 bytes, out TreeDigest digest)
    {
        digest = default;
        for (var i = 0; i < Elements; i++)
        {
            var value = BinaryPrimitives.ReadUInt32LittleEndian(bytes.Span[(4 * i)..]);
            if (value >= KoalaBear.Modulus)
                return false;
            digest[i] = KoalaBear.FromUInt32(value);
        }

        return true;
    }

    public readonly bool Equals(TreeDigest other) => Span.SequenceEqual(other.Span);

    public override readonly bool Equals([NotNullWhen(true)] object? obj) => obj is TreeDigest other && Equals(other);

    public override readonly int GetHashCode() => HashCode.Combine(Span[0], Span[1], Span[2]);

    /// <summary>The bytes in hex.</summary>
    public override readonly string ToString() => ToBytes32().ToString();

    public static bool operator ==(TreeDigest left, TreeDigest right) => left.Equals(right);

    public static bool operator !=(TreeDigest left, TreeDigest right) => !left.Equals(right);
}
