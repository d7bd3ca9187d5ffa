using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Tributary.Proofs.Memory;

namespace Tributary.Proofs.Fields;

/// <summary>
/// Sixteen lanes in one AVX-512 register. The processor multiplies 32-bit lanes into 64-bit ones, so a product works on the even lanes and,
/// shifted down, on the odd lanes; the two halves meet again after the Montgomery reduction.
/// </summary>
public readonly unsafe struct PackedField512 : IPackedField<PackedField512>, IEquatable<PackedField512>
{
    private readonly Vector512<uint> _lanes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal PackedField512(Vector512<uint> lanes) => _lanes = lanes;

    /// <summary>True where the processor has the instructions.</summary>
    public static bool IsSupported => Avx512F.IsSupported;

    public static int Width => 16;

    public static int LogWidth => 4;

    public static PackedField512 Zero => default;

    public static PackedField512 One => Broadcast(KoalaBear.One.Word);

    internal Vector512<uint> Lanes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _lanes;
    }

    private static Vector512<uint> P
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.Create(KoalaBear.Modulus);
    }

    /// <summary>p·2³²: what a 64-bit sum of products must stay below to be reducible.</summary>
    private static Vector512<ulong> ReductionLimit
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.Create((ulong)KoalaBear.Modulus << 32);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PackedField512 FromBase(KoalaBear value) => Broadcast(value.Word);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PackedField512 Load(uint* words) => new(Vector512.Load(words));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(uint* words, PackedField512 value) => value._lanes.Store(words);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PackedField512 Broadcast(uint word) => new(Vector512.Create(word));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PackedField512 operator +(PackedField512 left, PackedField512 right)
    {
        var sum = left._lanes + right._lanes;
        return new PackedField512(Vector512.Min(sum, sum - P));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PackedField512 operator -(PackedField512 left, PackedField512 right) => new(Wrap(left._lanes - right._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PackedField512 operator -(PackedField512 value) => Zero - value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PackedField512 operator *(PackedField512 left, PackedField512 right)
    {
        var even = Avx512F.Multiply(left._lanes, right._lanes);
        var odd = Avx512F.Multiply(Odd(left._lanes), Odd(right._lanes));
        return new PackedField512(Wrap(Merge(ReduceHigh(even), ReduceHigh(odd))));
    }

    /// <summary>
    /// x³ without bringing x² to its canonical form: the reduction leaves it between −p and p, and the signed multiplication takes it so.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PackedField512 Cube(PackedField512 value)
    {
        var even = value._lanes;
        var odd = Odd(value._lanes);
        return new PackedField512(Wrap(Merge(CubeHigh(even), CubeHigh(odd))));
    }

    /// <summary>The signed cube takes x + (c − p) as it is, between −p and p.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PackedField512 CubeOfSum(PackedField512 value, KoalaBear constant) =>
        Cube(new PackedField512(value._lanes + Vector512.Create(constant.Word - KoalaBear.Modulus)));

    /// <summary>
    /// With p = 127·2²⁴ + 1, 2⁻ᵏ ≡ −127·2²⁴⁻ᵏ: the low k bits times that constant stay below p, the high bits are shifted down.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PackedField512 DivideByPowerOfTwo(PackedField512 value, int exponent)
    {
        var low = value._lanes & Vector512.Create((1u << exponent) - 1);
        var high = value._lanes >>> exponent;
        return new PackedField512(Wrap(high - (low * Vector512.Create(127u << (24 - exponent)))));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Quintic<PackedField512> MultiplyQuintic(in Quintic<PackedField512> a, in Quintic<PackedField512> b)
    {
        MultiplyHalf(
            a.C0._lanes, a.C1._lanes, a.C2._lanes, a.C3._lanes, a.C4._lanes,
            b.C0._lanes, b.C1._lanes, b.C2._lanes, b.C3._lanes, b.C4._lanes,
            out var even0, out var even1, out var even2, out var even3, out var even4);
        MultiplyHalf(
            Odd(a.C0._lanes), Odd(a.C1._lanes), Odd(a.C2._lanes), Odd(a.C3._lanes), Odd(a.C4._lanes),
            Odd(b.C0._lanes), Odd(b.C1._lanes), Odd(b.C2._lanes), Odd(b.C3._lanes), Odd(b.C4._lanes),
            out var odd0, out var odd1, out var odd2, out var odd3, out var odd4);
        return new Quintic<PackedField512>(
            new PackedField512(Wrap(Merge(even0, odd0))),
            new PackedField512(Wrap(Merge(even1, odd1))),
            new PackedField512(Wrap(Merge(even2, odd2))),
            new PackedField512(Wrap(Merge(even3, odd3))),
            new PackedField512(Wrap(Merge(even4, odd4))));
    }

    /// <summary>Three rounds of exchanges: words within quads, quads within 128-bit lanes, 128-bit lanes within the register.</summary>
    public static void Transpose(PackedField512* rows)
    {
        var v = (Vector512<uint>*)rows;
        for (var g = 0; g < 16; g += 4)
        {
            var t0 = Avx512F.UnpackLow(v[g], v[g + 1]).AsUInt64();
            var t1 = Avx512F.UnpackHigh(v[g], v[g + 1]).AsUInt64();
            var t2 = Avx512F.UnpackLow(v[g + 2], v[g + 3]).AsUInt64();
            var t3 = Avx512F.UnpackHigh(v[g + 2], v[g + 3]).AsUInt64();
            v[g] = Avx512F.UnpackLow(t0, t2).AsUInt32();
            v[g + 1] = Avx512F.UnpackHigh(t0, t2).AsUInt32();
            v[g + 2] = Avx512F.UnpackLow(t1, t3).AsUInt32();
            v[g + 3] = Avx512F.UnpackHigh(t1, t3).AsUInt32();
        }

        for (var j = 0; j < 4; j++)
        {
            var low01 = Avx512F.Shuffle4x128(v[j], v[4 + j], 0x44);
            var high01 = Avx512F.Shuffle4x128(v[j], v[4 + j], 0xee);
            var low23 = Avx512F.Shuffle4x128(v[8 + j], v[12 + j], 0x44);
            var high23 = Avx512F.Shuffle4x128(v[8 + j], v[12 + j], 0xee);
            v[j] = Avx512F.Shuffle4x128(low01, low23, 0x88);
            v[4 + j] = Avx512F.Shuffle4x128(low01, low23, 0xdd);
            v[8 + j] = Avx512F.Shuffle4x128(high01, high23, 0x88);
            v[12 + j] = Avx512F.Shuffle4x128(high01, high23, 0xdd);
        }
    }

    public static void AccumulateWeighted(uint* values, nint stride, int count, uint* weights, PackedField512* sums)
    {
        Accumulators acc = default;
        var k = 0;
        for (; k + 2 <= count; k += 2)
        {
            Prefetch.Ahead(values);
            Prefetch.Ahead(values + stride);
            acc.Add(Vector512.Load(values), weights);
            acc.Add(Vector512.Load(values + stride), weights + Extension.Degree);
            acc.Fold();
            values += 2 * stride;
            weights += 2 * Extension.Degree;
        }

        if (k < count)
        {
            acc.Add(Vector512.Load(values), weights);
            acc.Fold();
        }

        acc.AddTo(sums);
    }

    public static void AccumulateInner(uint* column, int vectors, uint* weights, nint weightStride, PackedField512* sum)
    {
        Accumulators acc = default;
        var i = 0;
        for (; i + 2 <= vectors; i += 2)
        {
            acc.Add(Vector512.Load(column), weights, weightStride);
            acc.Add(Vector512.Load(column + 16), weights + 16, weightStride);
            acc.Fold();
            column += 32;
            weights += 32;
        }

        if (i < vectors)
        {
            acc.Add(Vector512.Load(column), weights, weightStride);
            acc.Fold();
        }

        acc.AddTo(sum);
    }

    public static bool operator ==(PackedField512 left, PackedField512 right) => left.Equals(right);

    public static bool operator !=(PackedField512 left, PackedField512 right) => !left.Equals(right);

    public bool Equals(PackedField512 other) => _lanes == other._lanes;

    public override bool Equals([NotNullWhen(true)] object? obj) => obj is PackedField512 other && Equals(other);

    public override int GetHashCode() => _lanes.GetHashCode();

    public override string ToString() => _lanes.ToString();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<uint> Odd(Vector512<uint> lanes) => (lanes.AsUInt64() >>> 32).AsUInt32();

    /// <summary>Brings lanes between −p and p to their canonical form.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<uint> Wrap(Vector512<uint> signed) => Vector512.Min(signed, signed + P);

    /// <summary>Takes the high words of both halves into one vector of lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<uint> Merge(Vector512<ulong> even, Vector512<ulong> odd) =>
        Vector512.ConditionalSelect(Vector512.Create(0xffffffff_00000000), odd, even >>> 32).AsUInt32();

    /// <summary>c·2⁻³² in the high words, between −p and p; the low words cancel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<ulong> ReduceHigh(Vector512<ulong> c)
    {
        var q = Avx512F.Multiply(c.AsUInt32(), Vector512.Create(KoalaBear.MontgomeryInverse));
        return c - Avx512F.Multiply(q.AsUInt32(), P);
    }

    /// <summary>As <see cref="ReduceHigh"/> for signed c between −p·2³¹ and p·2³¹, with a signed quotient.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<long> ReduceSignedHigh(Vector512<long> c)
    {
        var q = Avx512F.Multiply(c.AsInt32(), Vector512.Create(unchecked((int)KoalaBear.MontgomeryInverse)));
        return c - Avx512F.Multiply(q.AsInt32(), P.AsInt32());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<ulong> CubeHigh(Vector512<uint> value)
    {
        var square = ReduceSignedHigh(Avx512F.Multiply(value.AsInt32(), value.AsInt32())) >>> 32;
        return ReduceSignedHigh(Avx512F.Multiply(square.AsInt32(), value.AsInt32())).AsUInt64();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Fold(Vector512<ulong> sum) => Vector512.Min(sum, sum - ReductionLimit);

    /// <summary>The extension product on one half of the lanes, with sums kept in 64 bits and five reductions at the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MultiplyHalf(
        Vector512<uint> a0, Vector512<uint> a1, Vector512<uint> a2, Vector512<uint> a3, Vector512<uint> a4,
        Vector512<uint> b0, Vector512<uint> b1, Vector512<uint> b2, Vector512<uint> b3, Vector512<uint> b4,
        out Vector512<ulong> c0, out Vector512<ulong> c1, out Vector512<ulong> c2, out Vector512<ulong> c3, out Vector512<ulong> c4)
    {
        var limit = ReductionLimit;
        var c8 = Avx512F.Multiply(a4, b4);
        var c7 = Avx512F.Multiply(a3, b4) + Avx512F.Multiply(a4, b3);
        var c6 = Fold(Avx512F.Multiply(a2, b4) + Avx512F.Multiply(a3, b3) + Avx512F.Multiply(a4, b2));
        var c5 = Fold(Avx512F.Multiply(a1, b4) + Avx512F.Multiply(a2, b3) + Avx512F.Multiply(a3, b2) + Avx512F.Multiply(a4, b1));
        c0 = ReduceHigh(Fold(Fold(Avx512F.Multiply(a0, b0) + (limit - c8)) + c5));
        c1 = ReduceHigh(Fold(Avx512F.Multiply(a0, b1) + Avx512F.Multiply(a1, b0) + c6));
        var s2 = Fold(Avx512F.Multiply(a0, b2) + Avx512F.Multiply(a1, b1) + Avx512F.Multiply(a2, b0));
        c2 = ReduceHigh(Fold(Fold(Fold(s2 + c7) + (limit - c5)) + c8));
        var s3 = Fold(Avx512F.Multiply(a0, b3) + Avx512F.Multiply(a1, b2) + Avx512F.Multiply(a2, b1) + Avx512F.Multiply(a3, b0));
        c3 = ReduceHigh(Fold(Fold(s3 + (limit - c6)) + c8));
        var s4 = Fold(Avx512F.Multiply(a0, b4) + Avx512F.Multiply(a1, b3) + Avx512F.Multiply(a2, b2) + Avx512F.Multiply(a3, b1));
        c4 = ReduceHigh(Fold(Fold(s4 + Avx512F.Multiply(a4, b0)) + (limit - c7)));
    }

    /// <summary>Ten 64-bit sums, below p·2³² between calls of <see cref="Fold"/>; two products fit in between.</summary>
    private struct Accumulators
    {
        private Vector512<ulong> _even0, _even1, _even2, _even3, _even4;
        private Vector512<ulong> _odd0, _odd1, _odd2, _odd3, _odd4;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(Vector512<uint> x, uint* weights)
        {
            var odd = Odd(x);
            var w0 = Vector512.Create(weights[0]);
            var w1 = Vector512.Create(weights[1]);
            var w2 = Vector512.Create(weights[2]);
            var w3 = Vector512.Create(weights[3]);
            var w4 = Vector512.Create(weights[4]);
            _even0 += Avx512F.Multiply(x, w0);
            _odd0 += Avx512F.Multiply(odd, w0);
            _even1 += Avx512F.Multiply(x, w1);
            _odd1 += Avx512F.Multiply(odd, w1);
            _even2 += Avx512F.Multiply(x, w2);
            _odd2 += Avx512F.Multiply(odd, w2);
            _even3 += Avx512F.Multiply(x, w3);
            _odd3 += Avx512F.Multiply(odd, w3);
            _even4 += Avx512F.Multiply(x, w4);
            _odd4 += Avx512F.Multiply(odd, w4);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(Vector512<uint> x, uint* weights, nint stride)
        {
            var odd = Odd(x);
            AddOne(ref _even0, ref _odd0, x, odd, Vector512.Load(weights));
            AddOne(ref _even1, ref _odd1, x, odd, Vector512.Load(weights + stride));
            AddOne(ref _even2, ref _odd2, x, odd, Vector512.Load(weights + (2 * stride)));
            AddOne(ref _even3, ref _odd3, x, odd, Vector512.Load(weights + (3 * stride)));
            AddOne(ref _even4, ref _odd4, x, odd, Vector512.Load(weights + (4 * stride)));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Fold()
        {
            _even0 = PackedField512.Fold(_even0);
            _even1 = PackedField512.Fold(_even1);
            _even2 = PackedField512.Fold(_even2);
            _even3 = PackedField512.Fold(_even3);
            _even4 = PackedField512.Fold(_even4);
            _odd0 = PackedField512.Fold(_odd0);
            _odd1 = PackedField512.Fold(_odd1);
            _odd2 = PackedField512.Fold(_odd2);
            _odd3 = PackedField512.Fold(_odd3);
            _odd4 = PackedField512.Fold(_odd4);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void AddTo(PackedField512* sums)
        {
            sums[0] += Finish(_even0, _odd0);
            sums[1] += Finish(_even1, _odd1);
            sums[2] += Finish(_even2, _odd2);
            sums[3] += Finish(_even3, _odd3);
            sums[4] += Finish(_even4, _odd4);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void AddOne(ref Vector512<ulong> even, ref Vector512<ulong> odd, Vector512<uint> x, Vector512<uint> xOdd, Vector512<uint> weight)
        {
            even += Avx512F.Multiply(x, weight);
            odd += Avx512F.Multiply(xOdd, Odd(weight));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static PackedField512 Finish(Vector512<ulong> even, Vector512<ulong> odd) =>
            new(Wrap(Merge(ReduceHigh(even), ReduceHigh(odd))));
    }
}
