namespace Tributary.Proofs.Fields;

/// <summary>
/// A commutative ring that contains KoalaBear. Field elements, packed vectors of them, extension elements and symbolic expressions
/// all are one, so that a constraint is written once and evaluated over each.
/// </summary>
public interface IAlgebra<T>
    where T : struct, IAlgebra<T>
{
    /// <summary>The neutral element of addition.</summary>
    static abstract T Zero { get; }

    /// <summary>The neutral element of multiplication.</summary>
    static abstract T One { get; }

    /// <summary>The image of a base field element.</summary>
    static abstract T FromBase(KoalaBear value);

    static abstract T operator +(T left, T right);

    static abstract T operator -(T left, T right);

    static abstract T operator -(T value);

    static abstract T operator *(T left, T right);

    /// <summary>2x.</summary>
    static virtual T Double(T value) => value + value;

    /// <summary>x².</summary>
    static virtual T Square(T value) => value * value;

    /// <summary>x³, the S-box of Poseidon2 over KoalaBear.</summary>
    static virtual T Cube(T value) => value * value * value;

    /// <summary>(x + c)³.</summary>
    static virtual T CubeOfSum(T value, KoalaBear constant) => T.Cube(value + T.FromBase(constant));

    /// <summary>x times a base field element.</summary>
    static virtual T MultiplyBase(T value, KoalaBear factor) => value * T.FromBase(factor);

    /// <summary>x / 2^<paramref name="exponent"/>, exponent between 1 and 24.</summary>
    static virtual T DivideByPowerOfTwo(T value, int exponent) => T.MultiplyBase(value, KoalaBear.InversePowerOfTwo(exponent));

    /// <summary>Product in the degree-5 extension over T: schoolbook, reduced by X⁵ = 1 − X².</summary>
    static virtual Quintic<T> MultiplyQuintic(in Quintic<T> a, in Quintic<T> b) => Quintic<T>.MultiplySchoolbook(a, b);
}
