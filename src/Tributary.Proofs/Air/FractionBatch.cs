using System.Runtime.CompilerServices;
using Tributary.Proofs.Fields;

namespace Tributary.Proofs.Air;

/// <summary>The sum of a few fractions mᵢ/dᵢ over their common denominator, without division.</summary>
internal struct FractionBatch<TScalar, TExtension>
    where TScalar : struct, IAlgebra<TScalar>
    where TExtension : struct, IAlgebra<TExtension>, IModule<TExtension, TScalar>
{
    private TScalar _firstMultiplicity;
    private TExtension _numerator;
    private int _count;

    /// <summary>Π dᵢ.</summary>
    public TExtension Denominator { get; private set; }

    /// <summary>Σ mᵢ·Π_{k≠i} d_k.</summary>
    public readonly TExtension Numerator => _count == 1 ? TExtension.Lift(_firstMultiplicity) : _numerator;

    /// <summary>Adds m/d.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(TScalar multiplicity, TExtension denominator)
    {
        switch (_count++)
        {
            case 0:
                _firstMultiplicity = multiplicity;
                Denominator = denominator;
                break;
            case 1:
                _numerator = TExtension.Scale(denominator, _firstMultiplicity) + TExtension.Scale(Denominator, multiplicity);
                Denominator *= denominator;
                break;
            default:
                _numerator = (_numerator * denominator) + TExtension.Scale(Denominator, multiplicity);
                Denominator *= denominator;
                break;
        }
    }

    /// <summary>Starts over.</summary>
    public void Clear() => _count = 0;
}
