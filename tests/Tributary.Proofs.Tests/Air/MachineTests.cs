using Tributary.Proofs.Air;
using Tributary.Proofs.Fields;
using Tributary.Proofs.Stark;
using Tributary.Proofs.Tests.Stark;

namespace Tributary.Proofs.Tests.Air;

public sealed class MachineTests
{
    /// <summary>An AIR by a lambda over symbols, to build shapes quickly.</summary>
    private sealed class ShapeAir(int variant) : IAir
    {
        public string Name => "shape";

        public int Width => 6;

        public int PublicCount => 1;

        public void Evaluate<TBuilder, T>(ref TBuilder air)
            where TBuilder : struct, IAirBuilder<T>, allows ref struct
            where T : struct, IAlgebra<T>
        {
            T a = air.Main(0), b = air.Main(1), c = air.Next(4);
            switch (variant)
            {
                case 0:
                    air.AssertZero((a * b) - c);
                    break;
                case 1:
                    air.AssertZero((a * b) + c);
                    break;
                case 2:
                    air.AssertZero((a * b) - air.Next(5));
                    break;
                case 3:
                    air.AssertZero((a * b * b) - c);
                    air.AssertZero(a);
                    break;
                case 4:
                    air.AssertZero(air.IsTransition * air.IsTransition * a);
                    break;
                case 5:
                    air.Send(SampleBuses.Bytes, air.IsTransition, [a]);
                    break;
                case 6:
                    air.Send(SampleBuses.Squares, T.One, [a]);
                    break;
                case 7:
                    air.AssertZero(air.Main(6));
                    break;
                case 8:
                    for (var i = 0; i < 5; i++)
                        air.Send(SampleBuses.Bytes, T.One, [air.Main(i)]);
                    break;
                case 9:
                    air.Send(SampleBuses.Bytes, a * b, [a * b]);
                    air.Send(SampleBuses.Bytes, a, [b]);
                    break;
                default:
                    air.Send(new Bus(variant, 1, "odd"), T.One, [a]);
                    break;
            }
        }
    }

    private static AirShape Shape(int variant) => AirShape.Analyze(new ShapeAir(variant));

    [Fact]
    public void Degrees_next_columns_and_chunks_are_found()
    {
        Assert.Equal(2, Shape(0).MaxDegree);
        Assert.Equal(1, Shape(0).QuotientChunks);
        Assert.Equal([4], Shape(0).NextColumns);
        Assert.Equal(3, Shape(3).MaxDegree);
        Assert.Equal(2, Shape(3).QuotientChunks);
        Assert.Equal(2, Shape(3).Constraints.Count);
        Assert.Equal(3, Shape(3).CountNodes()[SymbolicKind.Main] + Shape(3).CountNodes()[SymbolicKind.Next]);
    }

    [Fact]
    public void Messages_share_columns_within_the_degree_limit()
    {
        Assert.Equal([2, 2, 1], Shape(8).Batches);
        Assert.Equal(15, Shape(8).LookupWidth);
        Assert.Equal(3, Shape(8).MaxDegree);
        Assert.Equal([3, 2], AirShape.Analyze(new ShapeAir(8), degreeLimit: 4).Batches);
        Assert.Equal([1, 1], Shape(9).Batches);
        Assert.Equal(3, Shape(9).MaxDegree);
    }

    [Theory]
    [InlineData(4, "transition")]
    [InlineData(5, "transition")]
    [InlineData(6, "width")]
    [InlineData(7, "Main 6")]
    public void What_cannot_be_proven_is_refused_when_the_machine_is_built(int variant, string reason)
    {
        var exception = Assert.Throws<InvalidOperationException>(() => Shape(variant));
        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_digest_tells_machines_apart()
    {
        var digests = ((int[])[0, 1, 2, 3, 8, 9]).Select(variant => new Machine("m", [new ShapeAir(variant)]).Digest)
            .Append(new Machine("n", [new ShapeAir(0)]).Digest)
            .Append(new Machine("m", [new ShapeAir(0), new ShapeAir(0)]).Digest)
            .Append(new Machine("m", [new ShapeAir(8)], degreeLimit: 4).Digest)
            .ToArray();
        Assert.Equal(digests.Length, digests.Distinct().Count());
        Assert.Equal(digests[0], new Machine("m", [new ShapeAir(0)]).Digest);
    }

    [Fact]
    public void Buses_have_one_meaning_and_a_number_that_fits()
    {
        Assert.Throws<ArgumentException>(() => new Machine("m", [new ShapeAir(8), new ShapeAir(-1)]));
        Assert.Throws<ArgumentException>(() => new Machine("m", [new ShapeAir(70_000)]));
        Assert.Throws<ArgumentException>(() => new Machine("m", []));
        Assert.Equal([SampleBuses.Bytes], new Machine("m", [new ShapeAir(8)]).Buses);
    }

    [Fact]
    public void Constraints_of_high_degree_need_a_blowup_that_holds_them()
    {
        var machine = new Machine("m", [new ShapeAir(8)], degreeLimit: 4);
        Assert.Throws<ArgumentException>(() => ProvingKey.Create(machine, ProofParameters.Fast));
        using var key = ProvingKey.Create(machine, ProofParameters.Small);
        Assert.Equal(machine, key.Machine);
    }

    [Fact]
    public void A_table_that_holds_has_no_faults_and_one_that_does_not_names_them()
    {
        using var sample = SampleMachines.Squares(4, 4);
        Assert.Empty(TraceChecker.Find(sample.Machine, sample.Statement, sample.Traces));
        sample.Traces[1][2, 3] += KoalaBear.One;
        var faults = TraceChecker.Find(sample.Machine, sample.Statement, sample.Traces);
        Assert.Contains(faults, fault => fault is { Place: "squares", Row: 2, Constraint: 1 });
        Assert.Contains(faults, fault => fault is { Place: "squares", Row: -1 } && fault.Reason.Contains("sent 1 times", StringComparison.Ordinal));
    }
}
