using Tributary.Proofs.Security;

namespace Tributary.Proofs.Tests.Security;

/// <summary>The figures that Plonky3's security crate pins in its own tests (security/src, uni-stark/src/security.rs, August 2026).</summary>
public sealed class ReferenceEstimateTests
{
    private static ReferenceEstimate Benchmark(int modulusBits, int logHeight = 20) =>
        new(logHeight, 1, 100, 0, 3, 0, 16, modulusBits, 128, 1, 2, 2, 1);

    [Fact]
    public void The_benchmark_setting_has_57_bits_by_unique_and_65_by_list_decoding()
    {
        var estimate = Benchmark(252);
        Assert.Equal(57, Math.Floor(estimate.UniqueDecodingBits));
        Assert.Equal(65, Math.Floor(estimate.ListDecodingBits));
        Assert.Equal(65, Math.Floor(estimate.ProvableBits));
    }

    [Theory]
    [InlineData(10, 82)]
    [InlineData(16, 76)]
    [InlineData(20, 72)]
    [InlineData(24, 68)]
    [InlineData(28, 64)]
    public void Conjectured_figures_fall_with_the_height(int logHeight, int expected) =>
        Assert.Equal(expected, Math.Floor(Benchmark(96, logHeight).ConjecturedBits));

    [Theory]
    [InlineData(1, 100, 16, 128, 252, 114)]
    [InlineData(1, 100, 0, 128, 128, 97)]
    [InlineData(2, 64, 20, 128, 128, 125)]
    [InlineData(4, 20, 8, 256, 128, 86)]
    [InlineData(8, 32, 0, 128, 128, 119)]
    [InlineData(0, 100, 16, 128, 256, 16)]
    [InlineData(1, 84, 16, 100, 128, 97)]
    [InlineData(3, 27, 21, 128, 128, 100)]
    public void Conjectured_figures_of_parameters_alone_agree(int logBlowup, int queries, int work, int collisions, int modulusBits, int expected)
    {
        var estimate = new ReferenceEstimate(0, logBlowup, queries, 0, 1, 0, work, modulusBits, collisions, 1, 1, 1, 1);
        Assert.Equal(expected, Math.Floor(estimate.ConjecturedBits));
    }

    [Fact]
    public void The_query_rate_of_random_words_gives_96_bits_at_the_budget_setting() =>
        Assert.Equal(96, Math.Floor(new ReferenceEstimate(20, 3, 27, 0, 2, 4, 17, 128, 128, 1, 1, 1, 1).ConjecturedBits));

    [Fact]
    public void Lookup_figures_agree() =>
        Assert.Equal(128 - 24 - Math.Log2(5), ReferenceEstimate.LookupBits(128, 20, 16, 3), 9);

    [Fact]
    public void The_improved_proximity_gap_gains_what_the_crate_says_over_the_old_one()
    {
        for (var logDegree = 10; logDegree <= 25; logDegree++)
        {
            for (var logRate = 1; logRate <= 4; logRate++)
            {
                // ePrint 2020/654, theorem 5.1, at m = 10: (m + 1/2)⁷/3 · n²/ρ^(3/2).
                var older = (2.0 * (logDegree + logRate)) + Math.Log2(Math.Pow(10.5, 7) / 3) + (1.5 * logRate);
                var gain = older - ReferenceEstimate.DominantLine(logDegree, logRate, 10);
                Assert.Equal(logDegree + logRate + Math.Log2(10.5 * 10.5 / 2), gain, 9);
            }
        }
    }

    [Fact]
    public void More_batched_functions_or_constraints_never_raise_a_figure()
    {
        var one = Benchmark(64);
        Assert.True((one with { BatchedFunctions = 1 << 20 }).ProvableBits < one.ProvableBits);
        Assert.True((one with { Constraints = 1 << 30 }).ProvableBits < one.ProvableBits);
        Assert.True((one with { CommitGrindingBits = 16 }).ProvableBits >= one.ProvableBits);
        Assert.True((one with { LogFoldingArity = 1 }).UniqueDecodingBits >= one.UniqueDecodingBits);
    }
}
