using Tributary.Proofs.Air;
using Tributary.Proofs.Fields;
using Tributary.Proofs.Memory;
using Tributary.Proofs.Stark;

namespace Tributary.Proofs.Tests.Stark;

/// <summary>Every constraint, bus, boundary and step of the protocol broken on its own; the verifier refuses each.</summary>
public sealed class SoundnessTests
{
    private const int Bytes = 0;
    private const int Squares = 1;
    private const int Sums = 2;
    private const int Fibonacci = 3;

    private static CheatingProver SquaresProver() => new(() => SampleMachines.Squares(), SampleMachines.Weak);

    private static CheatingProver FibonacciProver() => new(() => SampleMachines.Fibonacci(6), SampleMachines.Weak);

    private sealed record Cheat(string Name, Action<ColumnMatrix[]> Change, params (string Place, int Constraint)[] Breaks);

    /// <summary>Row 0 of the squares is active, the last three rows are not.</summary>
    private static readonly Cheat[] Cheats =
    [
        new("a flag that is no boolean", t => (t[Squares][63, 0], t[Squares][63, 1], t[Squares][63, 3]) = (2, 0, 0), ("squares", 0), ("bytes", -1), ("squares", -1)),
        new("a square that is none", t => t[Squares][63, 3] = 5, ("squares", 1)),
        new("a value on an inert row", t => (t[Squares][63, 1], t[Squares][63, 3]) = (3, 9), ("squares", 2)),
        new("a value that is no byte", t => t[Squares][0, 2] = 256, ("bytes", -1)),
        new("a count that is too small", t => t[Bytes][7, 0] -= KoalaBear.One, ("bytes", -1)),
        new("a count that wraps", t => t[Bytes][7, 0] = -t[Bytes][7, 0] - 1, ("bytes", -1)),
        new("a square received twice", ReceiveTwice, ("squares", -1), ("results", -1)),
        new("a square never sent", t => Rebuild(t, 127, active: 1, x: 3, square: 0), ("squares", -1)),
        new("a square changed in transit", t => AddToSquare(t, 5), ("squares", -1)),
        new("a receiving flag that is no boolean", t => Rebuild(t, 127, active: 2, x: 0, square: 0), ("sums", 0), ("squares", -1)),
        new("a sum that starts too high", t => Shift(t[Sums], 0, 3, 1), ("sums", 1), ("results", -1)),
        new("a sum that skips", t => Shift(t[Sums], 60, 3, 1), ("sums", 2), ("results", -1)),
        new("a sequence with another start", t => t[Fibonacci][0, 0] += KoalaBear.One, ("fibonacci", 0), ("fibonacci", 3)),
        new("a sequence with another second", t => t[Fibonacci][0, 1] += KoalaBear.One, ("fibonacci", 1), ("fibonacci", 2), ("fibonacci", 3)),
        new("a sequence that does not move up", t => t[Fibonacci][15, 0] += KoalaBear.One, ("fibonacci", 2)),
        new("a sequence that does not add up", t => t[Fibonacci][15, 1] += KoalaBear.One, ("fibonacci", 3), ("fibonacci", 4)),
    ];

    private static void Shift(ColumnMatrix trace, int from, int column, int by)
    {
        for (var row = from; row < trace.Height; row++)
            trace[row, column] += by;
    }

    private static void Rebuild(ColumnMatrix[] traces, int row, KoalaBear active, KoalaBear x, KoalaBear square)
    {
        var sums = traces[Sums];
        (sums[row, 0], sums[row, 1], sums[row, 2]) = (active, x, square);
    }

    private static void ReceiveTwice(ColumnMatrix[] traces)
    {
        Rebuild(traces, 127, 1, traces[Sums][5, 1], traces[Sums][5, 2]);
        traces[Sums][127, 3] += traces[Sums][5, 2];
    }

    private static void AddToSquare(ColumnMatrix[] traces, int row)
    {
        traces[Sums][row, 2] += KoalaBear.One;
        traces[Sums][row + 1, 2] -= KoalaBear.One;
        traces[Sums][row, 3] += KoalaBear.One;
    }

    [Fact]
    public void Every_cheating_witness_is_refused()
    {
        using var prover = SquaresProver();
        foreach (var cheat in Cheats)
        {
            var broken = prover.Faults(cheat.Change).Select(fault => (fault.Place, fault.Constraint)).ToHashSet();
            Assert.True(broken.SetEquals(cheat.Breaks), $"{cheat.Name} breaks {string.Join(", ", broken)}");
            Assert.NotNull(prover.Attack(cheat.Change, new ProverHooks()));
        }
    }

    [Fact]
    public void The_cheats_break_every_constraint_and_every_bus()
    {
        using var prover = SquaresProver();
        var broken = Cheats.SelectMany(cheat => prover.Faults(cheat.Change)).Select(fault => (fault.Place, fault.Constraint)).ToHashSet();
        foreach (var table in prover.Key.Machine.Tables)
        {
            // The constraint of the byte table is on fixed columns, which no witness can change.
            for (var i = 0; i < table.Constraints.Count && !string.Equals(table.Air.Name, "bytes", StringComparison.Ordinal); i++)
                Assert.Contains((table.Air.Name, i), broken);
        }

        foreach (var bus in prover.Key.Machine.Buses)
            Assert.Contains((bus.Name, -1), broken);
    }

    [Fact]
    public void Any_single_cell_of_a_permutation_changed_is_refused()
    {
        using var prover = new CheatingProver(() => SampleMachines.Hashes(4), SampleMachines.Weak);
        var width = prover.Key.Machine.Tables[0].Air.Width;
        var broken = new HashSet<int>();
        for (var column = 0; column < width; column++)
        {
            void Change(ColumnMatrix[] traces) => traces[0][column % 16, column] += KoalaBear.One;
            broken.UnionWith(prover.Faults(Change).Select(fault => fault.Constraint));
            Assert.NotNull(prover.Attack(Change, new ProverHooks()));
        }

        Assert.Equal(prover.Key.Machine.Tables[0].Constraints.Count, broken.Count);
    }

    [Fact]
    public void A_forged_total_is_refused()
    {
        using var prover = SquaresProver();
        void DropByte(ColumnMatrix[] traces) => traces[Bytes][7, 0] -= KoalaBear.One;
        Assert.Equal("totals", prover.Attack(DropByte, new ProverHooks())?.Field);

        // The totals made to add up: now the running sum of that table no longer returns to where it began.
        Assert.Equal("constraints[0]", prover.Attack(DropByte, new ProverHooks { Totals = BalanceTotals })?.Field);

        // The running sum made to fit the forged total on every row but the last.
        Assert.Equal("constraints[0]", prover.Attack(DropByte, new ProverHooks { Lookup = BendRunningSum, Totals = BalanceTotals })?.Field);

        static Extension Missing(LookupChallenges challenges) =>
            challenges.Fingerprint(SampleBuses.Bytes, (ReadOnlySpan<KoalaBear>)[7]).Inverse();

        static void BalanceTotals(Extension[] totals, LookupChallenges challenges) => totals[Bytes] -= Missing(challenges);

        static void BendRunningSum(int table, ColumnMatrix columns, LookupChallenges challenges)
        {
            var step = Missing(challenges) * KoalaBear.InversePowerOfTwo(columns.LogHeight);
            for (var row = 0; table == Bytes && row < columns.Height; row++)
            {
                for (var k = 0; k < 5; k++)
                    columns[row, columns.Width - 5 + k] += (step * KoalaBear.FromInt32(row))[k];
            }
        }
    }

    [Fact]
    public void Lookup_columns_that_lie_are_refused()
    {
        using var prover = SquaresProver();
        foreach (var table in (int[])[Bytes, Squares, Sums])
        {
            var width = prover.Key.Machine.Tables[table].LookupWidth;
            for (var column = 0; column < width; column++)
            {
                var refusal = prover.Attack(null, new ProverHooks
                {
                    Lookup = (changed, columns, _) => columns[3, column % columns.Width] += KoalaBear.FromBoolean(changed == table),
                });
                Assert.Equal($"constraints[{table}]", refusal?.Field);
            }
        }
    }

    [Fact]
    public void A_bad_trace_with_openings_that_satisfy_the_constraints_fails_the_low_degree_test()
    {
        using var prover = FibonacciProver();
        Assert.Equal("constraints[0]", prover.Attack(BadSequence, new ProverHooks())?.Field);
        var refusal = prover.AttackWithMatchingQuotient(BadSequence, 0);
        Assert.NotNull(refusal);
        Assert.DoesNotContain("constraints", refusal.Field, StringComparison.Ordinal);
        Assert.StartsWith("fri", refusal.Field, StringComparison.Ordinal);

        static void BadSequence(ColumnMatrix[] traces) => traces[0][9, 1] += KoalaBear.One;
    }

    [Fact]
    public void A_bad_trace_with_a_low_degree_quotient_of_its_own_choice_is_refused()
    {
        using var prover = FibonacciProver();
        var refusal = prover.Attack(
            traces => traces[0][9, 1] += KoalaBear.One,
            new ProverHooks { Quotient = (_, coefficients, alpha) => coefficients[0, 0] += alpha.C0 });
        Assert.Equal("constraints[0]", refusal?.Field);
        Assert.Equal("constraints[0]", prover.Attack(null, new ProverHooks { Quotient = (_, coefficients, _) => coefficients[7, 3] += 1 })?.Field);
    }

    [Fact]
    public unsafe void A_trace_of_too_high_degree_is_refused()
    {
        using var prover = FibonacciProver();
        foreach (var column in (int[])[0, 1])
        {
            // Values on the second coset that no polynomial below the height takes.
            var refusal = prover.Attack(null, new ProverHooks
            {
                Extended = (_, matrix) =>
                {
                    for (var row = 0; row < matrix.Domain.Height; row++)
                        matrix.Column(1, column)[row] = 12345;
                },
            });
            Assert.NotNull(refusal);
        }
    }

    [Fact]
    public void Claimed_openings_that_lie_are_refused()
    {
        using var prover = new CheatingProver(() => SampleMachines.Squares(4, 5), SampleMachines.Weak);
        using var sample = SampleMachines.Squares(4, 5);
        var count = new ProofLayout(sample.Machine, SampleMachines.Weak, [.. sample.Traces.Select(trace => trace.LogHeight)]).Openings;
        for (var i = 0; i < count; i++)
            Assert.NotNull(prover.Attack(null, new ProverHooks { Openings = (openings, _, _) => openings[i] += Extension.X }));
    }

    [Fact]
    public void A_low_degree_codeword_that_is_not_that_of_the_openings_is_refused()
    {
        using var prover = SquaresProver();
        foreach (var logHeight in (int[])[8, 7, 6, 4])
        {
            var refusal = prover.Attack(null, new ProverHooks
            {
                DeepQuotient = (height, coefficients) =>
                {
                    if (height == logHeight)
                        coefficients[0, 0] += KoalaBear.One;
                },
            });
            Assert.StartsWith("fri", refusal?.Field, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Another_final_polynomial_is_refused()
    {
        using var prover = SquaresProver();
        for (var i = 0; i < 8; i++)
        {
            var refusal = prover.Attack(null, new ProverHooks { Final = final => final[i] += Extension.One });
            Assert.NotNull(refusal);
        }
    }

    [Fact]
    public void A_nonce_without_work_is_refused()
    {
        using var prover = new CheatingProver(() => SampleMachines.Fibonacci(5), new ProofParameters(1, 5, 1, 2, 12, 12));
        Assert.Equal("batch.work", prover.Attack(null, new ProverHooks { BatchNonce = nonce => nonce + 1 })?.Field);
        Assert.Equal("query.work", prover.Attack(null, new ProverHooks { QueryNonce = nonce => nonce + 1 })?.Field);
    }

    [Fact]
    public void Openings_at_other_points_than_drawn_are_refused()
    {
        using var prover = SquaresProver();
        Assert.NotNull(prover.Attack(null, new ProverHooks { Indices = drawn => [.. drawn.Select(index => index ^ 1)] }));
        Assert.NotNull(prover.Attack(null, new ProverHooks { Indices = drawn => drawn[1..] }));
        Assert.NotNull(prover.Attack(null, new ProverHooks { Indices = drawn => [.. drawn, .. drawn.Select(index => index ^ 2)] }));
    }

    public static TheoryData<string> Entries() =>
    [
        "version", "key", "parameters", "heights", "public", "messages", "message.bus", "message", "main", "lookup", "totals", "quotient",
        "openings", "batch.work", "fri.layer", "fri.final", "query.work",
    ];

    [Theory]
    [MemberData(nameof(Entries))]
    public void A_prover_that_leaves_an_entry_out_of_its_transcript_is_refused(string entry)
    {
        using var prover = SquaresProver();
        Assert.NotNull(prover.Attack(null, new ProverHooks { SkippedEntry = entry }));
    }
}
