using Tributary.Proofs.Air;
using Tributary.Proofs.Fields;
using Tributary.Proofs.Memory;
using Tributary.Proofs.Poseidon2;
using Tributary.Proofs.Stark;
using Tributary.Proofs.Tables;

namespace Tributary.Proofs.Tests.Stark;

/// <summary>Machines with honest witnesses. The traces are the test's to change and to dispose.</summary>
internal static class SampleMachines
{
    /// <summary>Parameters far too weak for anything but a quick test.</summary>
    public static readonly ProofParameters Weak = new(1, 24, 2, 3, 3, 5);

    /// <summary>Takes proofs under weak parameters.</summary>
    public static readonly VerifierPolicy AnySecurity = new() { MinimumProvableBits = 0 };

    public static Sample Fibonacci(int logHeight)
    {
        var trace = FibonacciAir.Trace(logHeight, 1, 2, out var last);
        return new Sample(new Machine("fibonacci", [new FibonacciAir()]), new Statement([[1, 2, last]], []), [trace]);
    }

    public static Sample Hashes(int logHeight, int width = 16)
    {
        var parameters = width == 16 ? Poseidon2Parameters.Width16 : Poseidon2Parameters.Width24;
        var air = new Poseidon2Air(parameters);
        var trace = new ColumnMatrix(air.Width, logHeight);
        var random = new TestRandom(30);
        for (var column = 0; column < width; column++)
            random.Elements(trace.Height).CopyTo(trace.Column(column));
        Poseidon2Trace.Fill(parameters, trace);
        return new Sample(new Machine("hashes", [air]), Statement.Empty(1), [trace]);
    }

    /// <summary>Four tables of four heights that talk over three buses, fixed columns, and the statement at the end of one bus.</summary>
    public static Sample Squares(int logSquares = 6, int logSums = 7, int logFibonacci = 4)
    {
        var machine = new Machine("squares", [new ByteTableAir(), new SquareAir(), new SumAir(), new FibonacciAir()]);
        var bytes = new ColumnMatrix(1, ByteTableAir.LogHeight);
        var squares = new ColumnMatrix(4, logSquares);
        var sums = new ColumnMatrix(4, logSums);
        var random = new TestRandom(31);
        var sum = KoalaBear.Zero;
        var used = Math.Min(squares.Height, sums.Height) - 3;
        for (var row = 0; row < squares.Height; row++)
        {
            var active = row < used;
            int x = active ? random.Next(256) : 0, y = random.Next(256);
            (squares[row, 0], squares[row, 1], squares[row, 2], squares[row, 3]) = (KoalaBear.FromBoolean(active), x, y, x * x);
            if (active)
            {
                bytes[x, 0] += KoalaBear.One;
                bytes[y, 0] += KoalaBear.One;
            }
        }

        for (var row = 0; row < sums.Height; row++)
        {
            var active = row < used;
            sum += active ? squares[row, 3] : 0;
            (sums[row, 0], sums[row, 1], sums[row, 2], sums[row, 3]) =
                (KoalaBear.FromBoolean(active), active ? squares[row, 1] : 0, active ? squares[row, 3] : 0, sum);
        }

        var fibonacci = FibonacciAir.Trace(logFibonacci, 3, 4, out var last);
        var statement = new Statement([[], [], [], [3, 4, last]], [new PublicMessage(SampleBuses.Results, false, [sum, 1, 0])]);
        return new Sample(machine, statement, [bytes, squares, sums, fibonacci]);
    }
}

/// <summary>A machine, what is claimed of it, and tables that satisfy both.</summary>
internal sealed record Sample(Machine Machine, Statement Statement, ColumnMatrix[] Traces) : IDisposable
{
    public void Dispose()
    {
        foreach (var trace in Traces)
            trace.Dispose();
    }
}
