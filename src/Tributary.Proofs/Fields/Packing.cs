namespace Tributary.Proofs.Fields;

/// <summary>Which packing the kernels run on. All three give equal results; tests choose, everyone else takes <see cref="Packings.Best"/>.</summary>
public enum Packing
{
    /// <summary>One lane.</summary>
    Scalar,

    /// <summary>Eight lanes, AVX2.</summary>
    Vector256,

    /// <summary>Sixteen lanes, AVX-512.</summary>
    Vector512,
}
