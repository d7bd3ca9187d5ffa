using Tributary.Proofs.Fields;

namespace Tributary.Proofs.Air;

/// <summary>Constraints that most tables have.</summary>
public static class AirAssert
{
    /// <summary>The two values are equal on every row.</summary>
    public static void Equal<TBuilder, T>(ref TBuilder air, T left, T right)
        where TBuilder : struct, IAirBuilder<T>, allows ref struct
        where T : struct, IAlgebra<T> =>
        air.AssertZero(left - right);

    /// <summary>The value is 0 or 1 on every row.</summary>
    public static void Boolean<TBuilder, T>(ref TBuilder air, T value)
        where TBuilder : struct, IAirBuilder<T>, allows ref struct
        where T : struct, IAlgebra<T> =>
        air.AssertZero(value * (value - T.One));

    /// <summary>The value is zero on the first row.</summary>
    public static void ZeroOnFirstRow<TBuilder, T>(ref TBuilder air, T value)
        where TBuilder : struct, IAirBuilder<T>, allows ref struct
        where T : struct, IAlgebra<T> =>
        air.AssertZero(air.IsFirstRow * value);

    /// <summary>The value is zero on the last row.</summary>
    public static void ZeroOnLastRow<TBuilder, T>(ref TBuilder air, T value)
        where TBuilder : struct, IAirBuilder<T>, allows ref struct
        where T : struct, IAlgebra<T> =>
        air.AssertZero(air.IsLastRow * value);

    /// <summary>The value, which speaks of a row and the next, is zero on every row but the last.</summary>
    public static void ZeroOnTransition<TBuilder, T>(ref TBuilder air, T value)
        where TBuilder : struct, IAirBuilder<T>, allows ref struct
        where T : struct, IAlgebra<T> =>
        air.AssertZero(air.IsTransition * value);
}
