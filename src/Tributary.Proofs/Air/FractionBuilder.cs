using System.Runtime.CompilerServices;
using Tributary.Proofs.Fields;

namespace Tributary.Proofs.Air;

/// <summary>
/// Evaluates the messages of a table on rows of the trace and leaves numerator and denominator of every batch, ten planes of words each. Constraints
/// are ignored.
/// </summary>
internal unsafe ref struct FractionBuilder<T> : IAirBuilder<T>
    where T : unmanaged, IPackedField<T>
{
    private readonly TableView _view;
    private readonly LookupColumns _lookup;
    private readonly nint _row;
    private readonly uint* _fractions;
    private readonly nint _stride;
    private FractionBatch<T, Quintic<T>> _batch;
    private int _batchIndex;
    private int _inBatch;

    public FractionBuilder(in TableView view, in LookupColumns lookup, nint row, uint* fractions, nint stride)
    {
        _view = view;
        _lookup = lookup;
        _row = row;
        _fractions = fractions;
        _stride = stride;
    }

    public readonly T IsFirstRow => T.Load(_view.FirstRow + _row);

    public readonly T IsLastRow => T.Load(_view.FirstRow + _row + 1);

    /// <summary>The analysis has refused it in messages, and nothing else is evaluated here.</summary>
    public readonly T IsTransition => T.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly T Main(int column) => T.Load(_view.Main + (column * _view.MainStride) + _row);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly T Next(int column) => T.Load(_view.Main + (column * _view.MainStride) + _row + 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly T Preprocessed(int column) => T.Load(_view.Preprocessed + (column * _view.PreprocessedStride) + _row);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly T PreprocessedNext(int column) => T.Load(_view.Preprocessed + (column * _view.PreprocessedStride) + _row + 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly T Public(int index) => T.Broadcast(_view.Publics[index]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void AssertZero(T value)
    {
    }

    public void Send(Bus bus, T multiplicity, scoped ReadOnlySpan<T> message) => Interact(bus, multiplicity, message);

    public void Receive(Bus bus, T multiplicity, scoped ReadOnlySpan<T> message) => Interact(bus, -multiplicity, message);

    private void Interact(Bus bus, T multiplicity, scoped ReadOnlySpan<T> message)
    {
        _batch.Add(multiplicity, _lookup.Fingerprint(bus, message));
        if (++_inBatch < _lookup.BatchSizes[_batchIndex])
            return;
        var planes = _fractions + (2 * Extension.Degree * _batchIndex * _stride);
        BatchInversion.Store(planes, _stride, _batch.Numerator);
        BatchInversion.Store(planes + (Extension.Degree * _stride), _stride, _batch.Denominator);
        _batch.Clear();
        _batchIndex++;
        _inBatch = 0;
    }
}
