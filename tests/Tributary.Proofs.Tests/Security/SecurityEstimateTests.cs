using Tributary.Proofs.Air;
using Tributary.Proofs.Poseidon2;
using Tributary.Proofs.Security;
using Tributary.Proofs.Stark;
using Tributary.Proofs.Tables;

namespace Tributary.Proofs.Tests.Security;

public sealed class SecurityEstimateTests
{
    private static readonly SecurityShape Shape = new()
    {
        LogHeight = 20,
        LogBlowup = 1,
        Queries = 184,
        LogFoldingArity = 3,
        BatchGrindingBits = 8,
        QueryGrindingBits = 20,
        Openings = 1000,
        Constraints = 500,
        MaxDegree = 3,
        Messages = 1 << 24,
        MaxMessageWidth = 24,
    };

    [Theory]
    [InlineData(1, 20)]
    [InlineData(3, 20)]
    public void Both_sets_give_a_hundred_provable_bits_for_large_machines(int logBlowup, int logHeight)
    {
        var parameters = logBlowup == 1 ? ProofParameters.Fast : ProofParameters.Small;
        var report = SecurityEstimate.For(Shape with
        {
            LogBlowup = parameters.LogBlowup,
            Queries = parameters.Queries,
            LogFoldingArity = parameters.LogFoldingArity,
            BatchGrindingBits = parameters.BatchGrindingBits,
            QueryGrindingBits = parameters.QueryGrindingBits,
            LogHeight = logHeight,
            Openings = 5000,
            Constraints = 5000,
            Messages = 1L << 28,
        });
        Assert.True(report.ProvableBits >= 100, report.ToString());
        Assert.True(report.ConjecturedBits > report.ProvableBits);
        Assert.Equal(report.ProvableBits, report.Binding.ProvableBits);
    }

    [Fact]
    public void An_extension_of_degree_four_cannot_reach_a_hundred_bits()
    {
        var quartic = Shape with { FieldBits = 4 * Math.Log2(0x7f000001), Queries = 1000, BatchGrindingBits = 20 };
        Assert.True(SecurityEstimate.For(quartic).ProvableBits < 100);
        Assert.True(SecurityEstimate.For(Shape with { Queries = 1000, BatchGrindingBits = 20 }).ProvableBits > 100);
    }

    [Fact]
    public void Everything_that_makes_cheating_easier_lowers_the_figure_of_its_round()
    {
        var before = SecurityEstimate.For(Shape);
        Assert.True(SecurityEstimate.For(Shape with { Queries = 170 }).ProvableBits < before.ProvableBits);
        Assert.True(SecurityEstimate.For(Shape with { QueryGrindingBits = 10 }).ProvableBits < before.ProvableBits);
        Assert.True(SecurityEstimate.For(Shape with { LogHeight = 22 }).ProvableBits < before.ProvableBits);
        Assert.True(SecurityEstimate.For(Shape with { Openings = 1 << 20 }).ProvableBits < before.ProvableBits);
        Assert.True(SecurityEstimate.For(Shape with { FieldBits = 130 }).ProvableBits < before.ProvableBits);
        Assert.True(Term(Shape with { Messages = 1L << 30 }, "lookup") < Term(Shape, "lookup"));
        Assert.True(Term(Shape with { Constraints = 1 << 20 }, "constraints") < Term(Shape, "constraints"));
        Assert.True(Term(Shape with { MaxDegree = 9 }, "out-of-domain point") < Term(Shape, "out-of-domain point"));
        Assert.True(Term(Shape with { LogFoldingArity = 5 }, "folding") < Term(Shape with { LogFoldingArity = 1 }, "folding"));
        Assert.True(Term(Shape with { BatchGrindingBits = 0, QueryGrindingBits = 12 }, "batching") < Term(Shape, "batching"));
    }

    [Fact]
    public void Terms_equal_their_formulas()
    {
        // Computed apart from the code, at m = 20, ρ = 1/2, |D| = 2²¹: α = √½·1.025, L = max(20.5·√2, 0.5/(α² − 0.5)).
        var rate = 0.5;
        Assert.Equal(0.7247845, ProximityBounds.JohnsonAgreement(rate, 20), 6);
        Assert.Equal(28.99138, ProximityBounds.JohnsonListSize(rate, 20), 4);
        Assert.Equal(43.7028, ProximityBounds.JohnsonLine(rate, 1 << 21, 20), 3);
        Assert.Equal(0.75, ProximityBounds.UniqueAgreement(rate));
        for (var m = 3; m < 1000; m++)
            Assert.True(ProximityBounds.JohnsonLine(rate, 1 << 21, m) > Math.Log2(((2.0 * m) + 1) * ((1 << 21) + 1) / Math.Sqrt(rate)));
    }

    [Fact]
    public void A_report_lists_every_round_once()
    {
        var machine = new Machine("hashes", [new Poseidon2Air(Poseidon2Parameters.Width16)]);
        var report = SecurityEstimate.For(machine, ProofParameters.Fast, [20]);
        string[] rounds = ["constraints", "out-of-domain point", "batching", "folding", "queries", "hash collisions"];
        Assert.Equal(rounds, [.. report.Terms.Select(term => term.Round)], StringComparer.Ordinal);
        var text = report.ToString();
        foreach (var term in report.Terms)
            Assert.Contains(term.Round, text, StringComparison.Ordinal);
        Assert.Equal("lookup", SecurityEstimate.For(Shape).Terms[0].Round);
    }

    private static double Term(SecurityShape shape, string round) =>
        SecurityEstimate.For(shape).Terms.Single(term => string.Equals(term.Round, round, StringComparison.Ordinal)).ProvableBits;
}
