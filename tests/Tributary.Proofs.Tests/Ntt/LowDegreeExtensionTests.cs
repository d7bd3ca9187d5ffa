using Tributary.Proofs.Fields;
using Tributary.Proofs.Memory;
using Tributary.Proofs.Ntt;

namespace Tributary.Proofs.Tests.Ntt;

public sealed unsafe class LowDegreeExtensionTests
{
    private static int ReverseBits(int value, int bits)
    {
        var result = 0;
        for (var i = 0; i < bits; i++)
            result |= ((value >> i) & 1) << (bits - 1 - i);
        return result;
    }

    private static KoalaBear Evaluate(ReadOnlySpan<KoalaBear> coefficients, KoalaBear x)
    {
        var result = KoalaBear.Zero;
        for (var i = coefficients.Length - 1; i >= 0; i--)
            result = (result * x) + coefficients[i];
        return result;
    }

    public static TheoryData<Packing, int> Shapes()
    {
        var data = new TheoryData<Packing, int>();
        foreach (var packing in Packings.Supported)
        {
            foreach (var logSize in (int[])[4, 5, 6, 7, 8, 9, 10])
                data.Add(packing, logSize);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void An_extension_evaluates_the_polynomial_through_the_trace(Packing packing, int logHeight)
    {
        var random = new TestRandom((ulong)logHeight);
        var domain = new EvaluationDomain(logHeight, 2);
        var height = 1 << logHeight;
        var coefficients = Enumerable.Range(0, 2).Select(_ => random.Elements(height)).ToArray();
        using var trace = new ColumnMatrix(2, logHeight);
        for (var column = 0; column < 2; column++)
        {
            for (var row = 0; row < height; row++)
                trace[row, column] = Evaluate(coefficients[column], domain.TraceGenerator.Power((ulong)row));
        }

        using var tables = new TransformTables(domain);
        using var extended = Extend(packing, trace, tables, 1);
        var values = new KoalaBear[2];
        for (var e = 0; e < domain.Size; e += logHeight > 8 ? 7 : 1)
        {
            extended.CopyRow(e, values);
            Assert.Equal(Evaluate(coefficients[0], domain.Point(e)), values[0]);
            Assert.Equal(Evaluate(coefficients[1], domain.Point(e)), values[1]);
        }

        for (var i = 0; i < ColumnMatrix.Padding; i++)
            Assert.Equal(extended.Column(1, 1)[i], extended.Column(1, 1)[height + i]);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Interpolation_over_a_coset_gives_bit_reversed_coefficients(Packing packing, int logHeight)
    {
        var random = new TestRandom((ulong)logHeight + 100);
        var domain = new EvaluationDomain(logHeight, 1);
        var height = 1 << logHeight;
        var coefficients = random.Elements(height);
        using var matrix = new ColumnMatrix(1, logHeight);
        for (var row = 0; row < height; row++)
            matrix[row, 0] = Evaluate(coefficients, domain.Point((2 * row) + 1));
        using var tables = new TransformTables(domain);
        Interpolate(packing, matrix, 1, tables);
        for (var i = 0; i < height; i++)
            Assert.Equal(coefficients[ReverseBits(i, logHeight)], matrix[i, 0]);
    }

    /// <summary>Sizes above a cache block, where the naive definition is too slow, against the scalar packing and Horner at some points.</summary>
    [Theory]
    [InlineData(13)]
    [InlineData(14)]
    [InlineData(15)]
    public void Blocked_transforms_agree_between_packings_and_with_Horner(int logHeight)
    {
        var random = new TestRandom((ulong)logHeight);
        var domain = new EvaluationDomain(logHeight, 1);
        var height = 1 << logHeight;
        using var trace = new ColumnMatrix(3, logHeight);
        for (var column = 0; column < 3; column++)
            random.Elements(height).CopyTo(trace.Column(column));
        using var tables = new TransformTables(domain);
        using var expected = Extend(Packing.Scalar, trace, tables, 1);

        var twice = new KoalaBear[height];
        using (var coefficients = new ColumnMatrix(1, logHeight))
        {
            new Span<uint>(expected.Column(1, 2), height).CopyTo(new Span<uint>(coefficients.ColumnWords(0), height));
            Interpolate(Packing.Scalar, coefficients, 1, tables);
            for (var i = 0; i < height; i++)
                twice[i] = coefficients[ReverseBits(i, logHeight), 0];
        }

        for (var i = 0; i < 5; i++)
        {
            var row = random.Next(height);
            Assert.Equal(trace[row, 2], Evaluate(twice, domain.TraceGenerator.Power((ulong)row)));
            Assert.Equal(KoalaBear.FromWordUnchecked(expected.Column(0, 2)[row]), Evaluate(twice, domain.Point(2 * row)));
        }

        foreach (var packing in Packings.Supported)
        {
            using var extended = Extend(packing, trace, tables, 2);
            for (var coset = 0; coset < 2; coset++)
            {
                for (var column = 0; column < 3; column++)
                    Assert.True(new Span<uint>(expected.Column(coset, column), height).SequenceEqual(new Span<uint>(extended.Column(coset, column), height)));
            }
        }
    }

    private static CosetMatrix Extend(Packing packing, ColumnMatrix trace, TransformTables tables, int threads) => packing switch
    {
        Packing.Vector512 => LowDegreeExtension.Extend<PackedField512>(trace, tables, new Workers(threads)),
        Packing.Vector256 => LowDegreeExtension.Extend<PackedField256>(trace, tables, new Workers(threads)),
        _ => LowDegreeExtension.Extend<PackedScalar>(trace, tables, new Workers(threads)),
    };

    private static void Interpolate(Packing packing, ColumnMatrix matrix, int coset, TransformTables tables)
    {
        switch (packing)
        {
            case Packing.Vector512:
                LowDegreeExtension.InterpolateInPlace<PackedField512>(matrix, coset, tables, new Workers(1));
                break;
            case Packing.Vector256:
                LowDegreeExtension.InterpolateInPlace<PackedField256>(matrix, coset, tables, new Workers(1));
                break;
            default:
                LowDegreeExtension.InterpolateInPlace<PackedScalar>(matrix, coset, tables, new Workers(1));
                break;
        }
    }
}
