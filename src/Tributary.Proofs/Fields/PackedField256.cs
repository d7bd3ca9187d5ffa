using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Tributary.Proofs.Fields;

/// <summary>Eight lanes in one AVX2 register; the method is that of <see cref="PackedField512"/>.</summary>
public readonly unsafe struct PackedField256 : IPackedField<PackedField256>, IEquatable<PackedField256>
{
    private readonly Vector256<uint> _lanes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private PackedField256(Vector256<uint> lanes) => _lanes = lanes;

    /// <summary>True where the processor has the instructions.</summary>
    public static bool IsSupported => Avx2.IsSupported;

    public static int Width => 8;

    public static int LogWidth => 3;

    public static PackedField256 Zero => default;

    public static PackedField256 One => Broadcast(KoalaBear.One.Word);

    private static Vector256<uint> P
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector256.Create(KoalaBear.Modulus);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PackedField256 FromBase(KoalaBear value) => Broadcast(value.Word);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PackedField256 Load(uint* words) => new(Vector256.Load(words));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(uint* words, PackedField256 value) => value._lanes.Store(words);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PackedField256 Broadcast(uint word) => new(Vector256.Create(word));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PackedField256 operator +(PackedField256 left, PackedField256 right)
    {
        var sum = left._lanes + right._lanes;
        return new PackedField256(Vector256.Min(sum, sum - P));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PackedField256 operator -(PackedField256 left, PackedField256 right) => new(Wrap(left._lanes - right._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PackedField256 operator -(PackedField256 value) => Zero - value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PackedField256 operator *(PackedField256 left, PackedField256 right)
    {
        var even = ReduceHigh(Avx2.Multiply(left._lanes, right._lanes));
        var odd = ReduceHigh(Avx2.Multiply(Odd(left._lanes), Odd(right._lanes)));
        return new PackedField256(Wrap(Merge(even, odd)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PackedField256 Cube(PackedField256 value) =>
        new(Wrap(Merge(CubeHigh(value._lanes), CubeHigh(Odd(value._lanes)))));

    /// <summary>The signed cube takes x + (c − p) as it is, between −p and p.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PackedField256 CubeOfSum(PackedField256 value, KoalaBear constant) =>
        Cube(new PackedField256(value._lanes + Vector256.Create(constant.Word - KoalaBear.Modulus)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PackedField256 DivideByPowerOfTwo(PackedField256 value, int exponent)
    {
        var low = value._lanes & Vector256.Create((1u << exponent) - 1);
        var high = value._lanes >>> exponent;
        return new PackedField256(Wrap(high - (low * Vector256.Create(127u << (24 - exponent)))));
    }

    public static void Transpose(PackedField256* rows)
    {
        var v = (Vector256<uint>*)rows;
        for (var g = 0; g < 8; g += 4)
        {
            var t0 = Avx2.UnpackLow(v[g], v[g + 1]).AsUInt64();
            var t1 = Avx2.UnpackHigh(v[g], v[g + 1]).AsUInt64();
            var t2 = Avx2.UnpackLow(v[g + 2], v[g + 3]).AsUInt64();
            var t3 = Avx2.UnpackHigh(v[g + 2], v[g + 3]).AsUInt64();
            v[g] = Avx2.UnpackLow(t0, t2).AsUInt32();
            v[g + 1] = Avx2.UnpackHigh(t0, t2).AsUInt32();
            v[g + 2] = Avx2.UnpackLow(t1, t3).AsUInt32();
            v[g + 3] = Avx2.UnpackHigh(t1, t3).AsUInt32();
        }

        for (var j = 0; j < 4; j++)
        {
            var (first, second) = (v[j], v[4 + j]);
            v[j] = Avx2.Permute2x128(first, second, 0x20);
            v[4 + j] = Avx2.Permute2x128(first, second, 0x31);
        }
    }

    public static void AccumulateWeighted(uint* values, nint stride, int count, uint* weights, PackedField256* sums)
    {
        for (var k = 0; k < count; k++)
        {
            var value = Load(values);
            sums[0] += value * Broadcast(weights[0]);
            sums[1] += value * Broadcast(weights[1]);
            sums[2] += value * Broadcast(weights[2]);
            sums[3] += value * Broadcast(weights[3]);
            sums[4] += value * Broadcast(weights[4]);
            values += stride;
            weights += Extension.Degree;
        }
    }

    public static void AccumulateInner(uint* column, int vectors, uint* weights, nint weightStride, PackedField256* sum)
    {
        for (var i = 0; i < vectors; i++)
        {
            var value = Load(column);
            for (var k = 0; k < Extension.Degree; k++)
                sum[k] += value * Load(weights + (k * weightStride));
            column += 8;
            weights += 8;
        }
    }

    public static bool operator ==(PackedField256 left, PackedField256 right) => left.Equals(right);

    public static bool operator !=(PackedField256 left, PackedField256 right) => !left.Equals(right);

    public bool Equals(PackedField256 other) => _lanes == other._lanes;

    public override bool Equals([NotNullWhen(true)] object? obj) => obj is PackedField256 other && Equals(other);

    public override int GetHashCode() => _lanes.GetHashCode();

    public override string ToString() => _lanes.ToString();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Odd(Vector256<uint> lanes) => (lanes.AsUInt64() >>> 32).AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Wrap(Vector256<uint> signed) => Vector256.Min(signed, signed + P);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Merge(Vector256<ulong> even, Vector256<ulong> odd) =>
        Avx2.Blend((even >>> 32).AsUInt32(), odd.AsUInt32(), 0b10101010);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> ReduceHigh(Vector256<ulong> c)
    {
        var q = Avx2.Multiply(c.AsUInt32(), Vector256.Create(KoalaBear.MontgomeryInverse));
        return c - Avx2.Multiply(q.AsUInt32(), P);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<long> ReduceSignedHigh(Vector256<long> c)
    {
        var q = Avx2.Multiply(c.AsInt32(), Vector256.Create(unchecked((int)KoalaBear.MontgomeryInverse)));
        return c - Avx2.Multiply(q.AsInt32(), P.AsInt32());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> CubeHigh(Vector256<uint> value)
    {
        var square = ReduceSignedHigh(Avx2.Multiply(value.AsInt32(), value.AsInt32())) >>> 32;
        return ReduceSignedHigh(Avx2.Multiply(square.AsInt32(), value.AsInt32())).AsUInt64();
    }
}
