using Tributary.Proofs.Air;
using Tributary.Proofs.Fields;
using Tributary.Proofs.Memory;

namespace Tributary.Proofs.Tests.Stark;

/// <summary>Two columns that add up row by row, between public ends.</summary>
internal sealed class FibonacciAir : IAir
{
    public string Name => "fibonacci";

    public int Width => 2;

    public int PublicCount => 3;

    public static ColumnMatrix Trace(int logHeight, KoalaBear a, KoalaBear b, out KoalaBear last)
    {
        var trace = new ColumnMatrix(2, logHeight);
        for (var row = 0; row < trace.Height; row++)
        {
            (trace[row, 0], trace[row, 1]) = (a, b);
            (a, b) = (b, a + b);
        }

        last = trace[trace.Height - 1, 1];
        return trace;
    }

    public void Evaluate<TBuilder, T>(ref TBuilder air)
        where TBuilder : struct, IAirBuilder<T>, allows ref struct
        where T : struct, IAlgebra<T>
    {
        AirAssert.ZeroOnFirstRow(ref air, air.Main(0) - air.Public(0));
        AirAssert.ZeroOnFirstRow(ref air, air.Main(1) - air.Public(1));
        AirAssert.ZeroOnTransition(ref air, air.Next(0) - air.Main(1));
        AirAssert.ZeroOnTransition(ref air, air.Next(1) - air.Main(0) - air.Main(1));
        AirAssert.ZeroOnLastRow(ref air, air.Main(1) - air.Public(2));
    }
}

internal static class SampleBuses
{
    public static readonly Bus Bytes = new(0, 1, "bytes");
    public static readonly Bus Squares = new(1, 2, "squares");
    public static readonly Bus Results = new(2, 3, "results");
}

/// <summary>The bytes, and how often each is asked for.</summary>
internal sealed class ByteTableAir : IAir
{
    public const int LogHeight = 8;

    public string Name => "bytes";

    public int Width => 1;

    public int PreprocessedWidth => 2;

    public ColumnMatrix BuildPreprocessed()
    {
        var matrix = new ColumnMatrix(2, LogHeight);
        for (var row = 0; row < matrix.Height; row++)
        {
            matrix[row, 0] = row;
            matrix[row, 1] = row * row;
        }

        return matrix;
    }

    public void Evaluate<TBuilder, T>(ref TBuilder air)
        where TBuilder : struct, IAirBuilder<T>, allows ref struct
        where T : struct, IAlgebra<T>
    {
        air.Receive(SampleBuses.Bytes, air.Main(0), [air.Preprocessed(0)]);

        // The squares stand in a fixed column as well: (x + 1)² = x² + 2x + 1 from row to row.
        AirAssert.ZeroOnTransition(ref air, air.PreprocessedNext(1) - air.Preprocessed(1) - T.Double(air.Preprocessed(0)) - T.One);
    }
}

/// <summary>Squares bytes and hands the squares on; a row that is not active is inert.</summary>
internal sealed class SquareAir : IAir
{
    public string Name => "squares";

    public int Width => 4;

    public void Evaluate<TBuilder, T>(ref TBuilder air)
        where TBuilder : struct, IAirBuilder<T>, allows ref struct
        where T : struct, IAlgebra<T>
    {
        T active = air.Main(0), x = air.Main(1), y = air.Main(2), square = air.Main(3);
        AirAssert.Boolean(ref air, active);
        air.AssertZero(square - (x * x));
        air.AssertZero((T.One - active) * x);
        air.Send(SampleBuses.Bytes, active, [x]);
        air.Send(SampleBuses.Bytes, active, [y]);
        air.Send(SampleBuses.Squares, active, [x, square]);
    }
}

/// <summary>Takes squares, adds them up, and shows the running sum to the statement.</summary>
internal sealed class SumAir : IAir
{
    public string Name => "sums";

    public int Width => 4;

    public void Evaluate<TBuilder, T>(ref TBuilder air)
        where TBuilder : struct, IAirBuilder<T>, allows ref struct
        where T : struct, IAlgebra<T>
    {
        T active = air.Main(0), x = air.Main(1), square = air.Main(2), sum = air.Main(3);
        AirAssert.Boolean(ref air, active);
        air.Receive(SampleBuses.Squares, active, [x, square]);
        AirAssert.ZeroOnFirstRow(ref air, sum - square);
        AirAssert.ZeroOnTransition(ref air, air.Next(3) - sum - (air.Next(0) * air.Next(2)));
        air.Send(SampleBuses.Results, air.IsLastRow, [sum, T.One, T.Zero]);
    }
}
