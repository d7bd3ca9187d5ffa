using System.Runtime.CompilerServices;
using Tributary.Proofs.Fields;
using Tributary.Proofs.Memory;

namespace Tributary.Proofs.Air;

/// <summary>
/// The prover's builder: evaluates an AIR on as many neighbouring points as the packing has lanes, and leaves the values of the constraints in a list,
/// first those of the table, then those of the lookup argument as five coordinates each.
/// </summary>
internal unsafe ref struct QuotientBuilder<T> : IAirBuilder<T>
    where T : unmanaged, IPackedField<T>
{
    private readonly TableView _view;
    private readonly LookupColumns _lookup;
    private readonly nint _row;
    private readonly T* _constraints;
    private readonly T* _lookupConstraints;
    private FractionBatch<T, Quintic<T>> _batch;
    private Quintic<T> _columnSum;
    private int _count;
    private int _batchIndex;
    private int _inBatch;

    public QuotientBuilder(in TableView view, in LookupColumns lookup, nint row, T* constraints, int tableConstraints)
    {
        _view = view;
        _lookup = lookup;
        _row = row;
        _constraints = constraints;
        _lookupConstraints = constraints + tableConstraints;
    }

    public readonly T IsFirstRow => T.Load(_view.FirstRow + _row);

    public readonly T IsLastRow => T.Load(_view.FirstRow + _row + 1);

    public readonly T IsTransition => T.Load(_view.Points + _row) - T.FromBase(_view.LastPoint);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly T Main(int column)
    {
        var cell = _view.Main + (column * _view.MainStride) + _row;
        Prefetch.Ahead(cell);
        return T.Load(cell);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly T Next(int column) => T.Load(_view.Main + (column * _view.MainStride) + _row + 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly T Preprocessed(int column) => T.Load(_view.Preprocessed + (column * _view.PreprocessedStride) + _row);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly T PreprocessedNext(int column) => T.Load(_view.Preprocessed + (column * _view.PreprocessedStride) + _row + 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly T Public(int index) => T.Broadcast(_view.Publics[index]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AssertZero(T value) => _constraints[_count++] = value;

    public void Send(Bus bus, T multiplicity, scoped ReadOnlySpan<T> message) => Interact(bus, multiplicity, message);

    public void Receive(Bus bus, T multiplicity, scoped ReadOnlySpan<T> message) => Interact(bus, -multiplicity, message);

    private void Interact(Bus bus, T multiplicity, scoped ReadOnlySpan<T> message)
    {
        _batch.Add(multiplicity, _lookup.Fingerprint(bus, message));
        if (++_inBatch < _lookup.BatchSizes[_batchIndex])
            return;

        var column = Column(_batchIndex);
        var last = _batchIndex == _lookup.Batches - 1;
        if (last)
        {
            // The last column is the running sum: it grows by all fractions of the row, less an equal share of the table's total.
            var next = Column(_batchIndex, 1);
            column = next - column - _columnSum + _lookup.Share<T>();
        }
        else
        {
            _columnSum += column;
        }

        var value = (column * _batch.Denominator) - _batch.Numerator;
        BatchInversion.Store((uint*)(_lookupConstraints + (Extension.Degree * _batchIndex)), T.Width, value);
        _batch.Clear();
        _batchIndex++;
        _inBatch = 0;
    }

    private readonly Quintic<T> Column(int batch, int offset = 0) =>
        BatchInversion.Load<T>(_view.Lookup + (Extension.Degree * batch * _view.LookupStride) + _row + offset, _view.LookupStride);
}
