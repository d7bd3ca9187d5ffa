using System.Runtime.CompilerServices;
using Tributary.Intelligence.Data;
using Tributary.Intelligence.Features.Definitions;
using Tributary.Intelligence.Features.Planning;
using Tributary.Intelligence.Features.State;
using Tributary.Primitives.Results;

namespace Tributary.Intelligence.Features;

/// <summary>
/// Computes declared features over a stream of payments and outcomes. A pure function of the calls it got, in their order: the same calls give the
/// same features and the same state, bit for bit, on the day of the payment, after a crash and when a training table is built. Memory is bounded by
/// <see cref="FeatureStoreOptions"/>. One owner at a time; work is spread over several stores by merchant, not over threads in one.
/// </summary>
public sealed partial class FeatureStore
{
    private readonly FeaturePlan _plan;
    private readonly EntityHistory[] _histories;
    private readonly LabelLedger _labels;
    private readonly FeatureStoreOptions _options;
    private readonly Anticipation _anticipation;
    private readonly int[] _slots;
    private readonly long[] _measures;
    private readonly bool[] _conditions;
    private long _clockMs;
    private long _payments;
    private long _amounts;

    /// <param name="set">The features.</param>
    /// <param name="options">Bounds; the defaults hold for a million entities of a kind.</param>
    public FeatureStore(FeatureSet set, FeatureStoreOptions? options = null)
    {
        _options = options ?? new FeatureStoreOptions();
        if (_options.Fault() is { } fault)
            throw new ArgumentException(fault, nameof(options));
        _plan = FeaturePlan.Compile(set);
        _histories = [.. _plan.Histories.Select(history => new EntityHistory(history, _options))];
        _labels = new LabelLedger(_options.MaxLabels);
        _anticipation = new Anticipation(_histories);
        _slots = new int[_histories.Length];
        _measures = new long[_plan.Measured.Length + 1];
        _conditions = new bool[_plan.Conditions.Length];
    }

    /// <summary>The features.</summary>
    public FeatureSet Set => _plan.Set;

    /// <summary>The names and kinds of a row.</summary>
    public FeatureSchema Schema => _plan.Set.Schema;

    /// <summary>The bounds.</summary>
    public FeatureStoreOptions Options => _options;

    /// <summary>The time of the latest payment, in Unix milliseconds; 0 before the first.</summary>
    public long ClockMs => _clockMs;

    /// <summary>Payments taken.</summary>
    public long PaymentCount => _payments;

    /// <summary>Entities remembered, of all kinds.</summary>
    public long EntityCount => _histories.Sum(history => (long)history.Count);

    /// <summary>Bytes of histories, without the states of entities.</summary>
    public long HistoryBytes => _histories.Sum(history => history.HistoryBytes);

    /// <summary>Payments that are best announced before the one that is taken: see <see cref="Anticipate"/>.</summary>
    public const int PaymentsAhead = Anticipation.Distance - 1;

    /// <summary>
    /// Announces a payment that will be taken soon, so that its memory is there by then. Where payments wait in a line, each is announced
    /// <see cref="PaymentsAhead"/> payments before it is taken, in the order of the line. A hint: features and state are the same with and without it,
    /// whatever is announced.
    /// </summary>
    public void Anticipate(in PaymentEvent payment) => _anticipation.Add(payment);

    /// <summary>
    /// Takes a payment and gives its features. Refused, and nothing changed: an amount or a time out of range, a time further back than
    /// <see cref="FeatureStoreOptions.MaxClockRegression"/>.
    /// </summary>
    /// <param name="payment">The payment.</param>
    /// <param name="row">Receives <c>Schema.Count</c> values; NaN is missing.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public Result<Observation, Refusal> Observe(in PaymentEvent payment, Span<float> row)
    {
        if (row.Length < Schema.Count)
            throw new ArgumentException($"A row has {Schema.Count} values, there is room for {row.Length}.", nameof(row));
        if (payment.Check() is { } refusal)
            return refusal;
        if (payment.TimeMs >= _clockMs)
            return Take(payment, row, ObservationNotes.None);
        if (_clockMs - payment.TimeMs > _options.MaxClockRegression.TotalMilliseconds)
            return new Refusal("time", $"lies {TimeSpan.FromMilliseconds(_clockMs - payment.TimeMs)} before that of a payment already taken");
        return Take(payment.At(_clockMs), row, ObservationNotes.TimeMovedForward);
    }

    /// <summary>
    /// Takes an outcome. It counts from the label delay after the payment on or, reported later, from now on; it never changes features given before.
    /// </summary>
    /// <param name="payment">The payment with the time that <see cref="Observation.TimeMs"/> gave it.</param>
    /// <param name="outcome">What became of it.</param>
    public Result<OutcomeEffect, Refusal> Apply(in PaymentEvent payment, Outcome outcome)
    {
        if (payment.Check() is { } refusal)
            return refusal;
        if (payment.TimeMs > _clockMs)
            return new Refusal("time", "lies after that of every payment taken");
        if (!_labels.TryApply(payment.Id, outcome == Outcome.Fraud))
            return OutcomeEffect.Repeated;

        var effect = OutcomeEffect.BeyondHistory;
        foreach (var history in _histories)
        {
            if (!history.Plan.NeedsOutcomes || payment.Entity(history.Plan.Kind).IsNone)
                continue;
            if (history.Apply(payment, outcome == Outcome.Fraud) == OutcomeEffect.Applied)
                effect = OutcomeEffect.Applied;
        }

        return effect;
    }

    private Observation Take(in PaymentEvent payment, Span<float> row, ObservationNotes notes)
    {
        _clockMs = payment.TimeMs;
        Find(payment, ref notes);
        var reader = new FeatureReader(payment, _histories, _slots, _amounts, _payments);
        foreach (var op in _plan.Before)
            row[op.Feature] = reader.Read(op);
        Measure(payment, row);
        for (var i = 0; i < _histories.Length; i++)
        {
            if (_slots[i] >= 0)
                _histories[i].Insert(_slots[i], payment, _measures, _conditions, ref notes);
        }

        foreach (var op in _plan.After)
            row[op.Feature] = reader.Read(op);
        _payments++;
        _amounts += payment.AmountMinor;
        return new Observation(payment.TimeMs, notes);
    }

    /// <summary>
    /// Finds the parties and lets time pass for them, all of them one step at a time: the memory that the next step needs is on its way while the
    /// others are looked at.
    /// </summary>
    private void Find(in PaymentEvent payment, ref ObservationNotes notes)
    {
        var isAnticipated = _anticipation.TryTake(payment.Id);
        if (!isAnticipated)
        {
            foreach (var history in _histories)
                history.PrefetchIndex(payment.Entity(history.Plan.Kind));
            foreach (var history in _histories)
                history.PrefetchState(payment.Entity(history.Plan.Kind));
        }

        for (var i = 0; i < _histories.Length; i++)
        {
            var key = payment.Entity(_histories[i].Plan.Kind);
            _slots[i] = key.IsNone ? -1 : _histories[i].FindOrAdd(key, ref notes);
        }

        for (var i = 0; i < _histories.Length && !isAnticipated; i++)
        {
            if (_slots[i] >= 0)
                _histories[i].PrefetchCells(_slots[i], payment.TimeMs);
        }

        for (var i = 0; i < _histories.Length; i++)
        {
            if (_slots[i] >= 0)
                _histories[i].Advance(_slots[i], payment.TimeMs);
        }
    }

    private void Measure(in PaymentEvent payment, ReadOnlySpan<float> row)
    {
        _measures[0] = payment.AmountMinor;
        for (var i = 0; i < _plan.Measured.Length; i++)
        {
            var value = row[_plan.Measured[i]];
            _measures[i + 1] = float.IsNaN(value)
                ? long.MinValue
                : (long)Math.Clamp(Math.Round(value * FeaturePlan.MeasureScale), -FeaturePlan.MaxMeasure, FeaturePlan.MaxMeasure);
        }

        for (var i = 0; i < _conditions.Length; i++)
            _conditions[i] = _plan.Conditions[i].Holds(row);
    }
}
