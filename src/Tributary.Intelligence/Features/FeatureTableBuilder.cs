using Tributary.Intelligence.Data;
using Tributary.Primitives.Results;

namespace Tributary.Intelligence.Features;

/// <summary>
/// Turns a history of payments into a training table by the code that serves: each payment goes through a store, in the order of time, and its row is
/// kept. Outcomes are handed to the store at once; its label delay decides when features see them.
/// </summary>
public sealed class FeatureTableBuilder
{
    private readonly FeatureStore _store;
    private readonly List<float>[] _columns;
    private readonly List<float> _labels = [];
    private readonly float[] _row;

    /// <param name="store">The store, empty or at the state from which the history goes on.</param>
    /// <param name="capacity">Rows expected.</param>
    public FeatureTableBuilder(FeatureStore store, int capacity = 0)
    {
        _store = store;
        _row = new float[store.Schema.Count];
        _columns = [.. store.Schema.Names.Select(_ => new List<float>(capacity))];
    }

    /// <summary>Rows kept.</summary>
    public int RowCount => _labels.Count;

    /// <summary>Announces a payment that is added soon: see <see cref="FeatureStore.Anticipate"/>.</summary>
    public void Anticipate(in PaymentEvent payment) => _store.Anticipate(payment);

    /// <summary>Takes a payment and its outcome.</summary>
    /// <param name="payment">The payment.</param>
    /// <param name="outcome">What became of it.</param>
    /// <param name="keep">Whether its row goes into the table; the store sees it in any case.</param>
    public Result<Observation, Refusal> Add(in PaymentEvent payment, Outcome outcome, bool keep = true)
    {
        var result = _store.Observe(payment, _row);
        if (!result.TryGet(out var observation, out var refusal))
            return refusal;
        if (outcome == Outcome.Fraud && !_store.Apply(payment.At(observation.TimeMs), outcome).TryGet(out _, out refusal))
            return refusal;
        if (!keep)
            return observation;
        for (var feature = 0; feature < _row.Length; feature++)
            _columns[feature].Add(_row[feature]);
        _labels.Add(outcome == Outcome.Fraud ? 1 : 0);
        return observation;
    }

    /// <summary>The rows kept.</summary>
    public FeatureMatrix ToMatrix() => new(_store.Schema, [.. _columns.Select(column => column.ToArray())]);

    /// <summary>A label per row: 1 for fraud.</summary>
    public float[] ToLabels() => [.. _labels];
}
