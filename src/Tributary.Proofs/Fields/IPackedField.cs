namespace Tributary.Proofs.Fields;

/// <summary>
/// A vector of KoalaBear elements, one in each lane, with lane-wise arithmetic. The scalar packing (<see cref="PackedScalar"/>) is the
/// oracle that the wide ones are tested against; kernels are generic over the packing, so the compiler specialises them for each.
/// </summary>
public unsafe interface IPackedField<T> : IAlgebra<T>
    where T : unmanaged, IPackedField<T>
{
    /// <summary>Lanes, a power of two.</summary>
    static abstract int Width { get; }

    /// <summary>log2 of the lanes.</summary>
    static abstract int LogWidth { get; }

    /// <summary>Reads <see cref="Width"/> stored words.</summary>
    static abstract T Load(uint* words);

    /// <summary>Writes <see cref="Width"/> stored words.</summary>
    static abstract void Store(uint* words, T value);

    /// <summary>One stored word in every lane.</summary>
    static abstract T Broadcast(uint word);

    /// <summary>Transposes the Width × Width block whose rows are the vectors at <paramref name="rows"/>, in place.</summary>
    static abstract void Transpose(T* rows);

    /// <summary>
    /// Adds Σ weightₖ·xₖ to the extension element at <paramref name="sums"/> (five vectors), where xₖ is the vector at
    /// <paramref name="values"/> + k·<paramref name="stride"/> words and weightₖ the five words at <paramref name="weights"/> + 5k.
    /// </summary>
    static abstract void AccumulateWeighted(uint* values, nint stride, int count, uint* weights, T* sums);

    /// <summary>
    /// Adds Σᵢ wᵢ·xᵢ over <paramref name="vectors"/> vectors of one column to <paramref name="sum"/> (five vectors, lanes still apart);
    /// wᵢ is an extension element per lane, its coordinate k at <paramref name="weights"/> + k·<paramref name="weightStride"/> words.
    /// </summary>
    static abstract void AccumulateInner(uint* column, int vectors, uint* weights, nint weightStride, T* sum);
}
