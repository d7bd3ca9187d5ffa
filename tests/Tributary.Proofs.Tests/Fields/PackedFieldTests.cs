using Tributary.Proofs.Fields;

namespace Tributary.Proofs.Tests.Fields;

/// <summary>Each packing against the scalar field, lane by lane.</summary>
public sealed unsafe class PackedFieldTests
{
    [Fact]
    public void Scalar_lanes_equal_the_field() => CheckAll<PackedScalar>();

    [Fact]
    public void Vector256_lanes_equal_the_field()
    {
        Assert.SkipUnless(PackedField256.IsSupported, "The processor has no AVX2.");
        CheckAll<PackedField256>();
    }

    [Fact]
    public void Vector512_lanes_equal_the_field()
    {
        Assert.SkipUnless(PackedField512.IsSupported, "The processor has no AVX-512.");
        CheckAll<PackedField512>();
    }

    private static void CheckAll<T>()
        where T : unmanaged, IPackedField<T>
    {
        var random = new TestRandom(8);
        Assert.Equal(1 << T.LogWidth, T.Width);
        for (var i = 0; i < 2_000; i++)
        {
            CheckLanes<T>(random);
            CheckQuintic<T>(random);
        }

        CheckTranspose<T>();
        for (var count = 0; count < 9; count++)
            CheckSums<T>(random, count);
        CheckInversion<T>(random);
    }

    private static void CheckLanes<T>(TestRandom random)
        where T : unmanaged, IPackedField<T>
    {
        KoalaBear[] a = random.Elements(T.Width), b = random.Elements(T.Width);
        T x = Pack<T>(a), y = Pack<T>(b);
        Assert.Equal(a.Zip(b, (s, t) => s + t), Unpack(x + y));
        Assert.Equal(a.Zip(b, (s, t) => s - t), Unpack(x - y));
        Assert.Equal(a.Zip(b, (s, t) => s * t), Unpack(x * y));
        Assert.Equal(a.Select(s => -s), Unpack(-x));
        Assert.Equal(a.Select(s => s * s * s), Unpack(T.Cube(x)));
        Assert.Equal(a.Select(s => s + s), Unpack(T.Double(x)));
        Assert.Equal(a.Select(s => s * s), Unpack(T.Square(x)));
        Assert.Equal(a.Select(s => s * b[0]), Unpack(T.MultiplyBase(x, b[0])));
        foreach (var k in (int[])[1, 2, 3, 4, 5, 6, 7, 8, 9, 16, 23, 24])
            Assert.Equal(a.Select(s => s * KoalaBear.InversePowerOfTwo(k)), Unpack(T.DivideByPowerOfTwo(x, k)));
        Assert.Equal(Enumerable.Repeat(b[0], T.Width), Unpack(T.FromBase(b[0])));
        Assert.Equal(Enumerable.Repeat(KoalaBear.One, T.Width), Unpack(T.One));
        Assert.Equal(Enumerable.Repeat(KoalaBear.Zero, T.Width), Unpack(T.Zero));
    }

    private static void CheckQuintic<T>(TestRandom random)
        where T : unmanaged, IPackedField<T>
    {
        Extension[] a = random.Extensions(T.Width), b = random.Extensions(T.Width);
        var product = PackQuintic<T>(a) * PackQuintic<T>(b);
        for (var k = 0; k < 5; k++)
            Assert.Equal(a.Zip(b, (s, t) => (s * t)[k]), Unpack(product[k]));
    }

    private static void CheckTranspose<T>()
        where T : unmanaged, IPackedField<T>
    {
        var words = stackalloc uint[T.Width * T.Width];
        for (var i = 0; i < T.Width * T.Width; i++)
            words[i] = (uint)i;
        T.Transpose((T*)words);
        for (var row = 0; row < T.Width; row++)
        {
            for (var column = 0; column < T.Width; column++)
                Assert.Equal((uint)((column * T.Width) + row), words[(row * T.Width) + column]);
        }
    }

    private static void CheckSums<T>(TestRandom random, int count)
        where T : unmanaged, IPackedField<T>
    {
        var values = random.Elements(count * T.Width);
        var weights = random.Extensions(count);
        var start = random.NextExtension();
        var words = values.Select(x => x.Word).Append(0u).ToArray();
        var weightWords = weights.SelectMany(w => Enumerable.Range(0, 5).Select(k => w[k].Word)).Append(0u).ToArray();
        var sums = stackalloc T[5];
        for (var k = 0; k < 5; k++)
            sums[k] = T.FromBase(start[k]);
        fixed (uint* v = words, w = weightWords)
            T.AccumulateWeighted(v, T.Width, count, w, sums);
        for (var lane = 0; lane < T.Width; lane++)
        {
            var expected = start;
            for (var i = 0; i < count; i++)
                expected += weights[i] * values[(i * T.Width) + lane];
            for (var k = 0; k < 5; k++)
                Assert.Equal(expected[k], Unpack(sums[k])[lane]);
        }

        var inner = random.Extensions(count * T.Width);
        var planes = Enumerable.Range(0, 5).SelectMany(k => inner.Select(w => w[k].Word)).Append(0u).ToArray();
        for (var k = 0; k < 5; k++)
            sums[k] = T.FromBase(start[k]);
        fixed (uint* v = words, w = planes)
            T.AccumulateInner(v, count, w, count * T.Width, sums);
        for (var lane = 0; lane < T.Width; lane++)
        {
            var expected = start;
            for (var i = lane; i < count * T.Width; i += T.Width)
                expected += inner[i] * values[i];
            for (var k = 0; k < 5; k++)
                Assert.Equal(expected[k], Unpack(sums[k])[lane]);
        }
    }

    private static void CheckInversion<T>(TestRandom random)
        where T : unmanaged, IPackedField<T>
    {
        const int count = 64;
        var values = random.Extensions(count);
        var planes = Enumerable.Range(0, 5).SelectMany(k => values.Select(w => w[k].Word)).ToArray();
        var scratch = new uint[planes.Length];
        fixed (uint* words = planes, spare = scratch)
            BatchInversion.InvertPlanes<T>(words, count, count, spare, count);
        for (var i = 0; i < count; i++)
        {
            for (var k = 0; k < 5; k++)
                Assert.Equal(values[i].Inverse()[k].Word, planes[(k * count) + i]);
        }
    }

    private static T Pack<T>(KoalaBear[] values)
        where T : unmanaged, IPackedField<T>
    {
        fixed (KoalaBear* words = values)
            return T.Load((uint*)words);
    }

    private static Quintic<T> PackQuintic<T>(Extension[] values)
        where T : unmanaged, IPackedField<T>
    {
        var lanes = Enumerable.Range(0, 5).Select(k => Pack<T>([.. values.Select(v => v[k])])).ToArray();
        return new Quintic<T>(lanes[0], lanes[1], lanes[2], lanes[3], lanes[4]);
    }

    private static KoalaBear[] Unpack<T>(T value)
        where T : unmanaged, IPackedField<T>
    {
        var result = new KoalaBear[T.Width];
        fixed (KoalaBear* words = result)
            T.Store((uint*)words, value);
        return result;
    }
}
