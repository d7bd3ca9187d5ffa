using Tributary.Proofs.Fields;
using Tributary.Proofs.Memory;
using Tributary.Proofs.Stark;
using Tributary.Rollup.Proving;
using Tributary.Rollup.Proving.Tables;
using Tributary.Rollup.State;

namespace Tributary.Rollup.Tests.Proving;

/// <summary>Cell by cell: nothing in a table is free that should not be, and no constraint is idle.</summary>
public sealed class RollupMachineTests
{
    public static TheoryData<int> Tables() => [.. Enumerable.Range(0, RollupMachine.Tables)];

    [Theory]
    [MemberData(nameof(Tables))]
    public void Every_column_is_held_and_every_constraint_holds_one(int table)
    {
        var segment = SegmentProofTests.Build("everything", new TestRollup());
        using var traces = SegmentProver.BuildTraces(segment.Witness, new ProverOptions());
        var shape = RollupMachine.Instance.Tables[table];
        var trace = traces.Tables[table];
        using var preprocessed = shape.Air.BuildPreprocessed();
        var publics = new KoalaBear[shape.Air.PublicCount];
        var heldColumns = new HashSet<int>();
        var brokenConstraints = new HashSet<int>();
        var random = new TestRandom(80);
        var rows = Enumerable.Range(0, trace.Height).Where(row => table != RollupMachine.Range || row % 4096 == 0).ToArray();

        // Rows of signatures are alike; two hundred of them have every role.
        foreach (var row in rows.Where(row => table is not (RollupMachine.Narrow or RollupMachine.Wide) || row < 200 || row % 97 == 0))
        {
            var before = (row + trace.Height - 1) % trace.Height;
            var (own, previous) = (Probe(row, null), Probe(before, null));
            Assert.All(own.Constraints, static value => Assert.True(value.IsZero));
            for (var column = 0; column < trace.Width; column++)
            {
                foreach (var value in (ReadOnlySpan<KoalaBear>)[trace[row, column] + KoalaBear.One, KoalaBear.FromUInt64(random.NextUInt64() >> 1)])
                {
                    var (ownNow, previousNow) = (Probe(row, (row, column, value)), Probe(before, (row, column, value)));
                    var broken = Broken(ownNow.Constraints).Concat(Broken(previousNow.Constraints)).ToArray();
                    brokenConstraints.UnionWith(broken);
                    if (broken.Length > 0 || !ownNow.Messages.SequenceEqual(own.Messages) || !previousNow.Messages.SequenceEqual(previous.Messages))
                        heldColumns.Add(column);
                }
            }
        }

        Assert.Empty(Enumerable.Range(0, trace.Width).Except(heldColumns));
        Assert.Empty(Enumerable.Range(0, shape.Constraints.Count).Except(brokenConstraints));

        (List<KoalaBear> Constraints, List<KoalaBear> Messages) Probe(int at, (int Row, int Column, KoalaBear Value)? change)
        {
            var probe = new RowProbe(trace, preprocessed, publics, at, change);
            shape.Air.Evaluate<RowProbe, KoalaBear>(ref probe);
            return (probe.Constraints, probe.Messages);
        }

        static IEnumerable<int> Broken(List<KoalaBear> constraints) => constraints.Index().Where(static pair => !pair.Item.IsZero).Select(static pair => pair.Index);
    }

    [Fact]
    public void Padding_rows_send_nothing()
    {
        var segment = SegmentProofTests.Build("empty", new TestRollup());
        using var traces = SegmentProver.BuildTraces(segment.Witness, new ProverOptions());
        for (var table = 0; table < RollupMachine.Tables; table++)
        {
            var shape = RollupMachine.Instance.Tables[table];
            var trace = traces.Tables[table];
            using var preprocessed = shape.Air.BuildPreprocessed();
            var probe = new RowProbe(trace, preprocessed, new KoalaBear[shape.Air.PublicCount], trace.Height - 1, null);
            shape.Air.Evaluate<RowProbe, KoalaBear>(ref probe);
            Assert.All(probe.Constraints, static value => Assert.True(value.IsZero));
            var place = 0;
            foreach (var interaction in shape.Interactions)
            {
                Assert.True(probe.Messages[place + 1].IsZero, $"{shape.Air.Name} sends on {interaction.Bus.Name}");
                place += 2 + interaction.Bus.Width;
            }
        }
    }

    [Fact]
    public void Tags_and_degrees_are_what_tables_count_on()
    {
        Assert.Equal(LeafLayout.Tag(Finance.State.LeafKind.Account), OperationsAir.AccountTag);
        Assert.Equal(LeafLayout.Tag(Finance.State.LeafKind.Balance), MovesAir.BalanceTag);
        Assert.Equal(3, RollupMachine.Instance.MaxDegree);
        foreach (var table in RollupMachine.Instance.Tables)
            Assert.True(table.Interactions.All(static interaction => interaction.Multiplicity.Degree <= 1), table.Air.Name);
        Assert.Equal(RollupMachine.Tables, RollupMachine.Instance.Tables.Count);
        Assert.True(ColumnMatrix.MinLogHeight <= RangeAir.LogHeight);
    }
}
