using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Tributary.Proofs.Fields;

/// <summary>The packing of one lane: plain scalar arithmetic, for machines without vectors and as the oracle in tests.</summary>
public readonly unsafe struct PackedScalar : IPackedField<PackedScalar>, IEquatable<PackedScalar>
{
    private readonly KoalaBear _value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private PackedScalar(KoalaBear value) => _value = value;

    public static int Width => 1;

    public static int LogWidth => 0;

    public static PackedScalar Zero => default;

    public static PackedScalar One => new(KoalaBear.One);

    public static PackedScalar FromBase(KoalaBear value) => new(value);

    public static PackedScalar Load(uint* words) => new(KoalaBear.FromWordUnchecked(*words));

    public static void Store(uint* words, PackedScalar value) => *words = value._value.Word;

    public static PackedScalar Broadcast(uint word) => new(KoalaBear.FromWordUnchecked(word));

    public static void Transpose(PackedScalar* rows)
    {
    }

    public static void AccumulateWeighted(uint* values, nint stride, int count, uint* weights, PackedScalar* sums)
    {
        for (var k = 0; k < count; k++)
        {
            var value = Load(values + (k * stride));
            for (var i = 0; i < Extension.Degree; i++)
                sums[i] += value * Broadcast(weights[(Extension.Degree * k) + i]);
        }
    }

    public static void AccumulateInner(uint* column, int vectors, uint* weights, nint weightStride, PackedScalar* sum)
    {
        for (var i = 0; i < vectors; i++)
        {
            var value = Load(column + i);
            for (var k = 0; k < Extension.Degree; k++)
                sum[k] += value * Load(weights + (k * weightStride) + i);
        }
    }

    public static PackedScalar operator +(PackedScalar left, PackedScalar right) => new(left._value + right._value);

    public static PackedScalar operator -(PackedScalar left, PackedScalar right) => new(left._value - right._value);

    public static PackedScalar operator -(PackedScalar value) => new(-value._value);

    public static PackedScalar operator *(PackedScalar left, PackedScalar right) => new(left._value * right._value);

    public static bool operator ==(PackedScalar left, PackedScalar right) => left.Equals(right);

    public static bool operator !=(PackedScalar left, PackedScalar right) => !left.Equals(right);

    public bool Equals(PackedScalar other) => _value == other._value;

    public override bool Equals([NotNullWhen(true)] object? obj) => obj is PackedScalar other && Equals(other);

    public override int GetHashCode() => _value.GetHashCode();

    public override string ToString() => _value.ToString();
}
