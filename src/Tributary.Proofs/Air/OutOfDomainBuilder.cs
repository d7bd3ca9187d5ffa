using Tributary.Proofs.Fields;

namespace Tributary.Proofs.Air;

/// <summary>
/// The verifier's builder: evaluates an AIR on the claimed values of its columns at the out-of-domain point, and joins the constraints with powers of α.
/// </summary>
internal ref struct OutOfDomainBuilder : IAirBuilder<Extension>
{
    private readonly TableOpening _opening;
    private readonly AirShape _shape;
    private readonly LookupChallenges _challenges;
    private readonly ReadOnlySpan<KoalaBear> _publics;
    private readonly Extension _alpha;
    private readonly Extension _share;
    private FractionBatch<Extension, Extension> _batch;
    private Extension _columnSum;
    private Extension _power;
    private Extension _lookupPower;
    private int _batchIndex;
    private int _inBatch;

    public OutOfDomainBuilder(
        AirShape shape,
        TableOpening opening,
        ReadOnlySpan<KoalaBear> publics,
        LookupChallenges challenges,
        Extension alpha,
        Extension share)
    {
        _shape = shape;
        _opening = opening;
        _publics = publics;
        _challenges = challenges;
        _alpha = alpha;
        _share = share;
        _power = Extension.One;
        _lookupPower = alpha.Power((ulong)shape.Constraints.Count);
    }

    /// <summary>Σ αⁱ·Cᵢ so far.</summary>
    public Extension Sum { get; private set; }

    public readonly Extension IsFirstRow => _opening.IsFirstRow;

    public readonly Extension IsLastRow => _opening.IsLastRow;

    public readonly Extension IsTransition => _opening.IsTransition;

    public readonly Extension Main(int column) => _opening.Main[column];

    public readonly Extension Next(int column) => _opening.Next[Place(_shape.NextColumns, column)];

    public readonly Extension Preprocessed(int column) => _opening.Preprocessed[column];

    public readonly Extension PreprocessedNext(int column) => _opening.PreprocessedNext[Place(_shape.PreprocessedNextColumns, column)];

    public readonly Extension Public(int index) => new(_publics[index]);

    public void AssertZero(Extension value)
    {
        Sum += _power * value;
        _power *= _alpha;
    }

    public void Send(Bus bus, Extension multiplicity, scoped ReadOnlySpan<Extension> message) => Interact(bus, multiplicity, message);

    public void Receive(Bus bus, Extension multiplicity, scoped ReadOnlySpan<Extension> message) => Interact(bus, -multiplicity, message);

    private static int Place(IReadOnlyList<int> columns, int column)
    {
        var (low, high) = (0, columns.Count - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (columns[middle] < column)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    private void Interact(Bus bus, Extension multiplicity, scoped ReadOnlySpan<Extension> message)
    {
        _batch.Add(multiplicity, _challenges.Fingerprint(bus, message));
        if (++_inBatch < _shape.Batches[_batchIndex])
            return;
        var column = _opening.Lookup[_batchIndex];
        if (_batchIndex == _shape.Batches.Count - 1)
            column = _opening.LookupNext - column - _columnSum + _share;
        else
            _columnSum += column;
        Sum += _lookupPower * ((column * _batch.Denominator) - _batch.Numerator);
        _lookupPower *= _alpha;
        _batch.Clear();
        _batchIndex++;
        _inBatch = 0;
    }
}
