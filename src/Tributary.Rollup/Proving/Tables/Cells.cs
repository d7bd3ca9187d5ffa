using Tributary.Proofs.Air;
using Tributary.Proofs.Fields;

namespace Tributary.Rollup.Proving.Tables;

/// <summary>Short ways to say what tables say often.</summary>
internal static class Cells
{
    /// <summary>Columns from <paramref name="column"/> on.</summary>
    public static void Read<TBuilder, T>(ref TBuilder air, int column, scoped Span<T> cells)
        where TBuilder : struct, IAirBuilder<T>, allows ref struct
        where T : struct, IAlgebra<T>
    {
        for (var i = 0; i < cells.Length; i++)
            cells[i] = air.Main(column + i);
    }

    /// <summary>Columns of the next row from <paramref name="column"/> on.</summary>
    public static void ReadNext<TBuilder, T>(ref TBuilder air, int column, scoped Span<T> cells)
        where TBuilder : struct, IAirBuilder<T>, allows ref struct
        where T : struct, IAlgebra<T>
    {
        for (var i = 0; i < cells.Length; i++)
            cells[i] = air.Next(column + i);
    }

    /// <summary>Where the selector is not zero, the two are equal.</summary>
    public static void EqualWhere<TBuilder, T>(ref TBuilder air, T selector, T left, T right)
        where TBuilder : struct, IAirBuilder<T>, allows ref struct
        where T : struct, IAlgebra<T> =>
        air.AssertZero(selector * (left - right));

    /// <summary>Where the selector is not zero, all are equal.</summary>
    public static void EqualWhere<TBuilder, T>(ref TBuilder air, T selector, scoped ReadOnlySpan<T> left, scoped ReadOnlySpan<T> right)
        where TBuilder : struct, IAirBuilder<T>, allows ref struct
        where T : struct, IAlgebra<T>
    {
        for (var i = 0; i < left.Length; i++)
            air.AssertZero(selector * (left[i] - right[i]));
    }

    /// <summary>An integer as a constant.</summary>
    public static T Constant<T>(uint value)
        where T : struct, IAlgebra<T> =>
        T.FromBase(KoalaBear.FromUInt32(value));

    /// <summary>x times an integer.</summary>
    public static T Times<T>(T value, uint factor)
        where T : struct, IAlgebra<T> =>
        T.MultiplyBase(value, KoalaBear.FromUInt32(factor));
}
