using System.Numerics;
using Tributary.Intelligence.Features;
using Tributary.Intelligence.Features.Definitions;
using Tributary.Intelligence.Privacy;

namespace Tributary.Intelligence.Tests.Features;

/// <summary>
/// Features by their definition: every payment is remembered, and each value is computed afresh by looking at all of them. Slow, without windows
/// that slide, without limits; what the store gives must be equal bit for bit.
/// </summary>
internal sealed class FeatureOracle(FeatureSet set)
{
    private const long DayMs = 86_400_000;

    private readonly List<Seen> _seen = [];
    private readonly double _amountScale = 1 / Math.Pow(10, set.Decimals);

    private long LabelDelayMs => (long)set.LabelDelay.TotalMilliseconds;

    public float[] Observe(in PaymentEvent payment)
    {
        var row = new float[set.Schema.Count];
        Array.Fill(row, float.NaN);
        var now = new Seen(payment, row);
        Evaluate(now, before: true);
        _seen.Add(now);
        Evaluate(now, before: false);
        return row;
    }

    public void Apply(ulong payment, Outcome outcome) =>
        _seen.Single(seen => seen.Payment.Id == payment).IsFraud = outcome == Outcome.Fraud;

    private void Evaluate(Seen now, bool before)
    {
        for (var i = 0; i < set.Definitions.Length; i++)
        {
            var definition = set.Definitions[i];
            if (IsKnownBefore(definition) != before)
                continue;
            var value = definition.By is { } by && now.Payment.Entities[by].IsNone ? double.NaN : Value(definition, now);
            now.Row[i] = double.IsNaN(value) ? (float)definition.Else : (float)value;
        }
    }

    private static bool IsKnownBefore(FeatureDefinition definition) =>
        definition.Before || definition.By is null || definition.After is not null || definition.Measure is MeasureKind.Fraud or MeasureKind.Loss
        || definition.Function is FeatureFunction.Ratio or FeatureFunction.Since or FeatureFunction.DaysSince or FeatureFunction.Distance
            or FeatureFunction.Velocity or FeatureFunction.FraudRun or FeatureFunction.LegitimateRun;

    private double Value(FeatureDefinition definition, Seen now)
    {
        var time = now.Payment.TimeMs;
        switch (definition.Function)
        {
            case FeatureFunction.Amount:
                return now.Payment.AmountMinor * _amountScale;
            case FeatureFunction.Hour:
                return DateTimeOffset.FromUnixTimeMilliseconds(time).Hour;
            case FeatureFunction.Weekday:
                return ((int)DateTimeOffset.FromUnixTimeMilliseconds(time).DayOfWeek + 6) % 7;
            case FeatureFunction.Weekend:
                return DateTimeOffset.FromUnixTimeMilliseconds(time).DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? 1 : 0;
            case FeatureFunction.Night:
                return DateTimeOffset.FromUnixTimeMilliseconds(time).Hour <= 6 ? 1 : 0;
            case FeatureFunction.Category:
                return now.Payment.Category < 0 ? double.NaN : now.Payment.Category;
            case FeatureFunction.Since or FeatureFunction.DaysSince:
                var since = Since(definition, now);
                return since is not { } at ? double.NaN
                    : definition.Function == FeatureFunction.Since ? (time - at) / 1_000.0
                    : (time / DayMs) - (at / DayMs);
            case FeatureFunction.Distance or FeatureFunction.Velocity:
                var from = Of(definition, now).LastOrDefault(seen => seen.Payment.Place.IsKnown);
                if (from is null)
                    return double.NaN;
                var km = GeoPoint.DistanceKm(from.Payment.Place, now.Payment.Place);
                return definition.Function == FeatureFunction.Distance ? km : km / (Math.Max(time - from.Payment.TimeMs, 1_000) / 3_600_000.0);
            case FeatureFunction.FraudRun:
                return KnownRun(definition, now).Count;
            case FeatureFunction.LegitimateRun:
                var known = Known(definition, now);
                return known.Exists(seen => seen.IsFraud) ? known.Count - 1 - known.FindLastIndex(seen => seen.IsFraud) : double.NaN;
            case FeatureFunction.Distinct:
                return InWindow(definition, now).Select(seen => seen.Payment.Entities[definition.Other!.Value])
                    .Where(other => !other.IsNone).Distinct().Count();
            case FeatureFunction.Median:
                return Median(InWindow(definition, now)) * _amountScale;
            case FeatureFunction.Ratio:
                var reference = definition.Statistic switch
                {
                    FeatureFunction.Median => Median(InWindow(definition, now)) * _amountScale,
                    FeatureFunction.Max => Max(InWindow(definition, now).Select(seen => seen.Payment.AmountMinor)) * _amountScale,
                    _ => MeanOfAmounts(definition, now),
                };
                return reference > 0 ? now.Payment.AmountMinor * _amountScale / reference : double.NaN;
            default:
                return Aggregate(definition, now);
        }
    }

    private double Aggregate(FeatureDefinition definition, Seen now)
    {
        var rows = InWindow(definition, now)
            .Where(seen => definition.Where is not { } where || Holds(where, seen))
            .Where(seen => Measured(definition, seen) is not null)
            .ToList();
        var values = rows.ConvertAll(seen => Measured(definition, seen)!.Value);
        var scale = definition.Measure switch
        {
            MeasureKind.Feature => 1 / 1_024.0,
            MeasureKind.Amount or MeasureKind.Loss => _amountScale,
            _ => 1,
        };
        var sum = values.Aggregate(0L, (total, value) => total + value);
        switch (definition.Function)
        {
            case FeatureFunction.Count:
                return definition.Measure == MeasureKind.Payments ? rows.Count : sum;
            case FeatureFunction.Sum:
                var losses = definition.ExcludingFraud ? rows.Where(seen => IsKnownFraud(seen, now)).Sum(seen => seen.Payment.AmountMinor) : 0;
                return (sum - losses) * scale;
            case FeatureFunction.Mean:
                return definition.ExcludingFraud || definition.PriorPayments > 0 ? MeanOfAmounts(definition, now)
                    : values.Count == 0 ? double.NaN
                    : sum * scale / values.Count;
            case FeatureFunction.Max:
                return values.Count == 0 ? double.NaN : values.Max() * scale;
            default:
                if (values.Count == 0)
                    return double.NaN;
                var squares = values.Aggregate(BigInteger.Zero, (total, value) => total + ((BigInteger)value * value));
                return Math.Sqrt((double)(UInt128)((squares * values.Count) - ((BigInteger)sum * sum))) / values.Count * scale;
        }
    }

    private double MeanOfAmounts(FeatureDefinition definition, Seen now)
    {
        var rows = InWindow(definition, now).Where(seen => definition.Where is not { } where || Holds(where, seen)).ToList();
        var kept = rows.Where(seen => !definition.ExcludingFraud || !IsKnownFraud(seen, now)).ToList();
        var earlier = _seen.Where(seen => seen != now).ToList();
        var sum = kept.Sum(seen => seen.Payment.AmountMinor) * _amountScale;
        long count = kept.Count;
        if (definition.PriorPayments > 0 && earlier.Count > 0)
        {
            sum += earlier.Sum(seen => seen.Payment.AmountMinor) * _amountScale / earlier.Count * definition.PriorPayments;
            count += definition.PriorPayments;
        }

        return count == 0 ? double.NaN : sum / count;
    }

    private bool IsKnownFraud(Seen seen, Seen now) => seen.IsFraud && seen != now && seen.Payment.TimeMs <= now.Payment.TimeMs - LabelDelayMs;

    private long? Measured(FeatureDefinition definition, Seen seen)
    {
        switch (definition.Measure)
        {
            case MeasureKind.Amount:
                return seen.Payment.AmountMinor;
            case MeasureKind.Fraud:
                return seen.IsFraud ? 1 : 0;
            case MeasureKind.Loss:
                return seen.IsFraud ? seen.Payment.AmountMinor : 0;
            case MeasureKind.Feature:
                var value = seen.Row[set.Schema.IndexOf(definition.MeasuredFeature!)];
                return float.IsNaN(value) ? null : (long)Math.Clamp(Math.Round(value * 1_024.0), -(1L << 40), 1L << 40);
            default:
                return 0;
        }
    }

    private bool Holds(FeatureCondition where, Seen seen)
    {
        var value = seen.Row[set.Schema.IndexOf(where.Feature)];
        return where.AtLeast ? value >= where.Threshold : value < where.Threshold;
    }

    private double Median(IEnumerable<Seen> rows)
    {
        var amounts = rows.Select(seen => seen.Payment.AmountMinor).Order().ToList();
        return amounts.Count == 0 ? double.NaN : amounts[(amounts.Count - 1) / 2];
    }

    private static double Max(IEnumerable<long> values) => values.Select(value => (double)value).DefaultIfEmpty(double.NaN).Max();

    /// <summary>The entity's payments so far, in their order; with this one once it was added.</summary>
    private List<Seen> Of(FeatureDefinition definition, Seen now)
    {
        Pseudonym key = now.Payment.Entities[definition.By!.Value];
        return _seen.FindAll(seen => seen.Payment.Entities[definition.By!.Value] == key);
    }

    private List<Seen> InWindow(FeatureDefinition definition, Seen now)
    {
        var delay = definition.After is { } after ? (long)after.TotalMilliseconds
            : definition.Measure is MeasureKind.Fraud or MeasureKind.Loss ? LabelDelayMs : 0;
        var until = now.Payment.TimeMs - delay;
        var from = definition.Window is { } window ? until - (long)window.TotalMilliseconds : long.MinValue;
        return Of(definition, now).FindAll(seen => seen.Payment.TimeMs > from && seen.Payment.TimeMs <= until);
    }

    private List<Seen> Known(FeatureDefinition definition, Seen now) =>
        Of(definition, now).FindAll(seen => seen != now && seen.Payment.TimeMs <= now.Payment.TimeMs - LabelDelayMs);

    private List<Seen> KnownRun(FeatureDefinition definition, Seen now)
    {
        var known = Known(definition, now);
        return known[(known.FindLastIndex(seen => !seen.IsFraud) + 1)..];
    }

    private long? Since(FeatureDefinition definition, Seen now)
    {
        var all = Of(definition, now);
        var known = Known(definition, now);
        var run = KnownRun(definition, now);
        var found = definition.Anchor switch
        {
            Anchor.Last => all.LastOrDefault(),
            Anchor.First => all.FirstOrDefault(),
            Anchor.Same => now.Payment.Entities[definition.Other!.Value].IsNone
                ? null
                : all.LastOrDefault(seen => seen.Payment.Entities[definition.Other!.Value] == now.Payment.Entities[definition.Other!.Value]),
            Anchor.LastFraud => known.LastOrDefault(seen => seen.IsFraud),
            Anchor.LastLegitimate => known.LastOrDefault(seen => !seen.IsFraud),
            Anchor.RunStart => run.FirstOrDefault(),
            _ => run.Count == 0 ? null : known.LastOrDefault(seen => !seen.IsFraud),
        };
        return found?.Payment.TimeMs;
    }

    private sealed class Seen(PaymentEvent payment, float[] row)
    {
        public PaymentEvent Payment { get; } = payment;

        public float[] Row { get; } = row;

        public bool IsFraud { get; set; }
    }
}
