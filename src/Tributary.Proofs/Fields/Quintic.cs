using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Tributary.Proofs.Fields;

/// <summary>
/// An element c₀ + c₁X + … + c₄X⁴ of T[X] / (X⁵ + X² − 1). Over KoalaBear the trinomial is irreducible and this is the field of p⁵ elements
/// (5 does not divide p − 1, so no binomial X⁵ − w is irreducible); over a packed vector it is one extension element in each lane.
/// </summary>
[SuppressMessage("Design", "CA1000", Justification = "Static members of an algebra belong to the type that implements it.")]
public readonly struct Quintic<T> :
    IAlgebra<Quintic<T>>,
    IModule<Quintic<T>, T>,
    IModule<Quintic<T>, Quintic<T>>,
    IEquatable<Quintic<T>>
    where T : struct, IAlgebra<T>
{
    /// <summary>Coordinates over T.</summary>
    public const int Degree = 5;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Quintic(T c0, T c1, T c2, T c3, T c4) => (C0, C1, C2, C3, C4) = (c0, c1, c2, c3, c4);

    /// <summary>The image of a base element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Quintic(T value) => (C0, C1, C2, C3, C4) = (value, T.Zero, T.Zero, T.Zero, T.Zero);

    public T C0 { get; }

    public T C1 { get; }

    public T C2 { get; }

    public T C3 { get; }

    public T C4 { get; }

    public static Quintic<T> Zero => new(T.Zero);

    public static Quintic<T> One => new(T.One);

    /// <summary>X itself.</summary>
    public static Quintic<T> X => new(T.Zero, T.One, T.Zero, T.Zero, T.Zero);

    /// <summary>Coordinate <paramref name="index"/> of five.</summary>
    public T this[int index] => index switch
    {
        0 => C0,
        1 => C1,
        2 => C2,
        3 => C3,
        4 => C4,
        _ => throw new ArgumentOutOfRangeException(nameof(index)),
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Quintic<T> FromBase(KoalaBear value) => new(T.FromBase(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Quintic<T> Lift(T scalar) => new(scalar);

    static Quintic<T> IModule<Quintic<T>, Quintic<T>>.Lift(Quintic<T> scalar) => scalar;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Quintic<T> operator +(Quintic<T> left, Quintic<T> right) =>
        new(left.C0 + right.C0, left.C1 + right.C1, left.C2 + right.C2, left.C3 + right.C3, left.C4 + right.C4);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Quintic<T> operator -(Quintic<T> left, Quintic<T> right) =>
        new(left.C0 - right.C0, left.C1 - right.C1, left.C2 - right.C2, left.C3 - right.C3, left.C4 - right.C4);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Quintic<T> operator -(Quintic<T> value) => new(-value.C0, -value.C1, -value.C2, -value.C3, -value.C4);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Quintic<T> operator *(Quintic<T> left, Quintic<T> right) => T.MultiplyQuintic(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Quintic<T> operator *(Quintic<T> left, T right) => Scale(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Quintic<T> Scale(Quintic<T> value, T scalar) =>
        new(value.C0 * scalar, value.C1 * scalar, value.C2 * scalar, value.C3 * scalar, value.C4 * scalar);

    static Quintic<T> IModule<Quintic<T>, Quintic<T>>.Scale(Quintic<T> value, Quintic<T> scalar) => value * scalar;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Quintic<T> MultiplyBase(Quintic<T> value, KoalaBear factor) => Scale(value, T.FromBase(factor));

    /// <summary>Adds a base element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Quintic<T> operator +(Quintic<T> left, T right) => new(left.C0 + right, left.C1, left.C2, left.C3, left.C4);

    /// <summary>Subtracts a base element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Quintic<T> operator -(Quintic<T> left, T right) => new(left.C0 - right, left.C1, left.C2, left.C3, left.C4);

    public static bool operator ==(Quintic<T> left, Quintic<T> right) => left.Equals(right);

    public static bool operator !=(Quintic<T> left, Quintic<T> right) => !left.Equals(right);

    /// <summary>Twenty-five products; X⁵ = 1 − X², X⁶ = X − X³, X⁷ = X² − X⁴, X⁸ = X³ + X² − 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Quintic<T> MultiplySchoolbook(in Quintic<T> a, in Quintic<T> b)
    {
        var c5 = (a.C1 * b.C4) + (a.C2 * b.C3) + (a.C3 * b.C2) + (a.C4 * b.C1);
        var c6 = (a.C2 * b.C4) + (a.C3 * b.C3) + (a.C4 * b.C2);
        var c7 = (a.C3 * b.C4) + (a.C4 * b.C3);
        var c8 = a.C4 * b.C4;
        var c0 = (a.C0 * b.C0) + c5 - c8;
        var c1 = (a.C0 * b.C1) + (a.C1 * b.C0) + c6;
        var c2 = (a.C0 * b.C2) + (a.C1 * b.C1) + (a.C2 * b.C0) - c5 + c7 + c8;
        var c3 = (a.C0 * b.C3) + (a.C1 * b.C2) + (a.C2 * b.C1) + (a.C3 * b.C0) - c6 + c8;
        var c4 = (a.C0 * b.C4) + (a.C1 * b.C3) + (a.C2 * b.C2) + (a.C3 * b.C1) + (a.C4 * b.C0) - c7;
        return new Quintic<T>(c0, c1, c2, c3, c4);
    }

    /// <summary>x^<paramref name="exponent"/>.</summary>
    public Quintic<T> Power(ulong exponent)
    {
        var (result, square) = (One, this);
        for (; exponent != 0; exponent >>= 1)
        {
            if ((exponent & 1) != 0)
                result *= square;
            square *= square;
        }

        return result;
    }

    /// <summary>x^(2^<paramref name="logExponent"/>).</summary>
    public Quintic<T> PowerOfTwo(int logExponent)
    {
        var result = this;
        for (var i = 0; i < logExponent; i++)
            result *= result;
        return result;
    }

    public bool Equals(Quintic<T> other) =>
        EqualityComparer<T>.Default.Equals(C0, other.C0)
        && EqualityComparer<T>.Default.Equals(C1, other.C1)
        && EqualityComparer<T>.Default.Equals(C2, other.C2)
        && EqualityComparer<T>.Default.Equals(C3, other.C3)
        && EqualityComparer<T>.Default.Equals(C4, other.C4);

    public override bool Equals([NotNullWhen(true)] object? obj) => obj is Quintic<T> other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(C0, C1, C2, C3, C4);

    public override string ToString() => $"[{C0}, {C1}, {C2}, {C3}, {C4}]";
}
