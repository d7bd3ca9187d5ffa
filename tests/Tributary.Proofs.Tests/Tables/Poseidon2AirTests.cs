using Tributary.Proofs.Air;
using Tributary.Proofs.Fields;
using Tributary.Proofs.Memory;
using Tributary.Proofs.Poseidon2;
using Tributary.Proofs.Stark;
using Tributary.Proofs.Tables;

namespace Tributary.Proofs.Tests.Tables;

public sealed class Poseidon2AirTests
{
    public static TheoryData<int> Widths() => [16, 24];

    private static Poseidon2Parameters Parameters(int width) => width == 16 ? Poseidon2Parameters.Width16 : Poseidon2Parameters.Width24;

    private static ColumnMatrix Trace(Poseidon2Parameters parameters, int logHeight)
    {
        var trace = new ColumnMatrix(Poseidon2Air.WidthOf(parameters) + 2, logHeight);
        var random = new TestRandom(60);
        for (var column = 0; column < parameters.Width; column++)
            random.Elements(trace.Height).CopyTo(trace.Column(column + 1));
        return trace;
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void A_filled_row_holds_the_permutation(int width)
    {
        var parameters = Parameters(width);
        using var expected = Trace(parameters, 9);
        Poseidon2Trace.Fill(parameters, expected, 1, 1, Packing.Scalar);
        for (var row = 0; row < expected.Height; row += 37)
        {
            var state = expected.Row(row)[1..(1 + width)];
            Poseidon2Permutation.Permute(parameters, state);
            Assert.Equal(state, expected.Row(row)[^(width + 1)..^1]);
            Assert.Equal(KoalaBear.Zero, expected[row, 0]);
            Assert.Equal(KoalaBear.Zero, expected[row, expected.Width - 1]);
        }

        foreach (var packing in Packings.Supported)
        {
            using var trace = Trace(parameters, 9);
            Poseidon2Trace.Fill(parameters, trace, 1, 2, packing);
            for (var column = 0; column < trace.Width; column++)
                Assert.True(expected.Column(column).SequenceEqual(trace.Column(column)));
        }
    }

    [Theory]
    [InlineData(16, 164, 148)]
    [InlineData(24, 239, 215)]
    public void Columns_and_constraints_are_as_documented(int width, int columns, int constraints)
    {
        var shape = AirShape.Analyze(new Poseidon2Air(Parameters(width)));
        Assert.Equal(columns, shape.Air.Width);
        Assert.Equal(constraints, shape.Constraints.Count);
        Assert.Equal(3, shape.MaxDegree);
        Assert.Equal(2, shape.QuotientChunks);
        Assert.Empty(shape.NextColumns);
        Assert.False(shape.UsesSelectors);
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void A_changed_cell_breaks_a_constraint(int width)
    {
        var parameters = Parameters(width);
        var air = new Poseidon2Air(parameters);
        using var trace = new ColumnMatrix(air.Width, 4);
        var random = new TestRandom(61);
        for (var column = 0; column < width; column++)
            trace[5, column] = random.NextElement();
        Poseidon2Trace.Fill(parameters, trace);
        var machine = new Machine("hashes", [air]);
        Assert.Empty(TraceChecker.Find(machine, Statement.Empty(1), [trace]));
        for (var column = 0; column < air.Width; column++)
        {
            trace[5, column] += KoalaBear.One;
            Assert.All(TraceChecker.Find(machine, Statement.Empty(1), [trace]), fault => Assert.Equal(5, fault.Row));
            Assert.NotEmpty(TraceChecker.Find(machine, Statement.Empty(1), [trace]));
            trace[5, column] -= KoalaBear.One;
        }
    }
}
