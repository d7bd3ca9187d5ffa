using Tributary.Intelligence.Data;
using Tributary.Intelligence.Training;

namespace Tributary.Intelligence.Tests.Training;

public sealed unsafe class HistogramTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    [InlineData(9)]
    [InlineData(16)]
    [InlineData(37)]
    public void A_histogram_is_the_sum_over_rows_for_any_width_and_threads(int features)
    {
        const int Rows = 40_000;
        var generator = new SeededGenerator((ulong)features);
        var columns = Enumerable.Range(0, features).Select(f => Enumerable.Range(0, Rows).Select(_ => (float)generator.NextInt32(3 + (f * 7))).ToArray()).ToArray();
        var x = new FeatureMatrix(FeatureSchema.Numeric([.. Enumerable.Range(0, features).Select(f => $"f{f}")]), columns);
        var y = Enumerable.Range(0, Rows).Select(_ => (float)generator.NextInt32(2)).ToArray();
        var scores = Enumerable.Range(0, Rows).Select(_ => generator.NextNormal()).ToArray();
        var subset = Enumerable.Range(0, Rows).Where(_ => generator.NextInt32(3) > 0).ToArray();

        using var matrix = BinnedMatrix.Create(x, 256, threads: 2);
        using var gradients = new GradientBuffer(Rows, hasHessians: true, threads: 2);
        gradients.SetLogLoss(scores, y, default);
        gradients.Pack(default, seed: 5);
        foreach (var rows in new[] { null, subset })
        {
            using var one = new HistogramBuilder(matrix, gradients, threads: 1);
            using var three = new HistogramBuilder(matrix, gradients, threads: 3);
            var (a, b) = (one.Rent(), three.Rent());
            var wanted = Enumerable.Repeat(true, features).ToArray();
            fixed (int* pointer = rows)
            {
                one.Build(pointer, rows?.Length ?? Rows, wanted, a);
                three.Build(pointer, rows?.Length ?? Rows, wanted, b);
            }

            var expected = Sum(matrix, gradients, rows ?? [.. Enumerable.Range(0, Rows)], one.Length);
            Assert.Equal(expected, a.Span(0, 3 * one.Length).ToArray());
            Assert.Equal(expected, b.Span(0, 3 * one.Length).ToArray());
            Assert.Equal(rows?.Length ?? Rows, one.Total(a, 0).Count);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_full_block_of_extreme_words_does_not_overflow(bool hasHessians)
    {
        using var gradients = new GradientBuffer(GradientBuffer.BlockRows, hasHessians, threads: 1);
        for (var sign = -1; sign <= 1; sign += 2)
        {
            for (var row = 0; row < gradients.RowCount; row++)
                (gradients.Pairs[2 * row], gradients.Pairs[(2 * row) + 1]) = (sign, 1);
            gradients.Pack(default, seed: 1);
            long sum = 0;
            double expected = 0;
            for (var row = 0; row < gradients.RowCount; row++)
            {
                sum += gradients.Words[row];
                GradientBuffer.Unpack(gradients.Words[row], hasHessians, out var gradient, out _, out _);
                expected += gradient;
            }

            GradientBuffer.Unpack(sum, hasHessians, out var total, out var hessian, out var count);
            Assert.Equal(expected, total);
            Assert.Equal(gradients.RowCount, count);
            Assert.Equal(sign, total / gradients.GradientScale / gradients.RowCount, 4);
            Assert.Equal(1, hessian / gradients.HessianScale / gradients.RowCount, 4);
        }
    }

    [Fact]
    public void Rounding_leaves_sums_unbiased()
    {
        const int Rows = 100_000;
        using var gradients = new GradientBuffer(Rows, hasHessians: true, threads: 1);
        for (var row = 0; row < Rows; row++)
            (gradients.Pairs[2 * row], gradients.Pairs[(2 * row) + 1]) = (row == 0 ? 1 : 1e-5f, row == 0 ? 1 : 2e-5f);
        gradients.Pack(default, seed: 9);
        double gradientSum = 0, hessianSum = 0;
        for (var row = 1; row < Rows; row++)
        {
            GradientBuffer.Unpack(gradients.Words[row], true, out var gradient, out var hessian, out _);
            (gradientSum, hessianSum) = (gradientSum + gradient, hessianSum + hessian);
        }

        // A third of a unit each, so one row in three rounds up.
        Assert.Equal(1e-5 * Rows, gradientSum / gradients.GradientScale, .02);
        Assert.Equal(2e-5 * Rows, hessianSum / gradients.HessianScale, .02);
    }

    [Fact]
    public void The_vector_flush_is_the_scalar_flush()
    {
        var generator = new SeededGenerator(1);
        using var block = new AlignedBuffer<long>(512);
        using var sums = new AlignedBuffer<double>(6 * 256);
        foreach (var hasHessians in new[] { true, false })
        {
            for (var bin = 0; bin < 256; bin++)
                block.Pointer[bin] = block.Pointer[256 + bin] = (long)generator.NextUInt64();
            var p = sums.Pointer;
            HistogramKernel.Flush(block.Pointer, 256, hasHessians, p, p + 256, p + 512);
            HistogramKernel.FlushScalar(block.Pointer + 256, 256, hasHessians, p + 768, p + 1024, p + 1280);
            Assert.Equal(sums.Span(768, 768).ToArray(), sums.Span(0, 768).ToArray());
            Assert.All(block.Span(0, 512).ToArray(), word => Assert.Equal(0, word));
        }
    }

    [Fact]
    public void The_vector_scan_is_the_scalar_scan()
    {
        var generator = new SeededGenerator(2);
        using var prefixes = new AlignedBuffer<double>(3 * 256);
        var rules = new SplitRules(new GbdtOptions { MinLeafRows = 3 }, 100, 100);
        for (var trial = 0; trial < 500; trial++)
        {
            var count = 1 + generator.NextInt32(255);
            LeafSums sum = default;
            for (var bin = 0; bin < 256; bin++)
            {
                var rows = generator.NextInt32(4);
                sum += new LeafSums(generator.NextInt32(100) - 50, rows * generator.NextInt32(60), rows);
                (prefixes.Pointer[bin], prefixes.Pointer[256 + bin], prefixes.Pointer[512 + bin]) = (sum.Gradient, sum.Hessian, sum.Count);
            }

            var always = trial % 2 == 0 ? default : new LeafSums(17, 5, 2);
            var total = sum + always;
            Assert.Equal(
                SplitFinder.ScanScalar(prefixes.Pointer, count, always, total, rules),
                SplitFinder.ScanVector(prefixes.Pointer, count, always, total, rules));
        }
    }

    private static double[] Sum(BinnedMatrix matrix, GradientBuffer gradients, int[] rows, int length)
    {
        var sums = new double[3 * length];
        foreach (var row in rows)
        {
            GradientBuffer.Unpack(gradients.Words[row], gradients.HasHessians, out var gradient, out var hessian, out var count);
            for (var feature = 0; feature < matrix.Bins.Length; feature++)
            {
                var bin = matrix.HistogramOffsets[feature] + matrix.Column(feature)[row];
                sums[bin] += gradient;
                sums[length + bin] += hessian;
                sums[(2 * length) + bin] += count;
            }
        }

        return sums;
    }
}
