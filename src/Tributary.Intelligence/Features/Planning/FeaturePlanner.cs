using Tributary.Intelligence.Features.Definitions;

namespace Tributary.Intelligence.Features.Planning;

/// <summary>Compiles a feature set: each definition becomes one operation, and what it reads is put on the plan of its kind of entity.</summary>
internal sealed class FeaturePlanner
{
    private readonly FeatureSet _set;
    private readonly long _labelDelayMs;
    private readonly List<HistoryPlanner> _planners = [];
    private readonly List<EntityKind> _kinds = [];
    private readonly List<ConditionPlan> _conditions = [];
    private readonly List<int> _measured = [];
    private readonly double _amountScale;

    public FeaturePlanner(FeatureSet set)
    {
        _set = set;
        _labelDelayMs = (long)set.LabelDelay.TotalMilliseconds;
        _amountScale = 1 / Math.Pow(10, set.Decimals);
    }

    public FeaturePlan Plan()
    {
        // Once to learn what is needed, once to learn where it was put.
        foreach (var definition in _set.Definitions)
            Compile(definition);
        foreach (var planner in _planners)
            planner.LayOut();

        var before = new List<FeatureOp>();
        var after = new List<FeatureOp>();
        for (var feature = 0; feature < _set.Definitions.Length; feature++)
        {
            var definition = _set.Definitions[feature];
            var op = Compile(definition) with { Feature = feature, Else = (float)definition.Else };
            (definition.IsKnownBefore ? before : after).Add(op);
        }

        return new FeaturePlan
        {
            Set = _set,
            Histories = [.. _planners.Select(planner => planner.Plan())],
            Before = [.. before.OrderBy(static op => op.History)],
            After = [.. after.OrderBy(static op => op.History)],
            Conditions = [.. _conditions],
            Measured = [.. _measured],
        };
    }

    private FeatureOp Compile(FeatureDefinition definition)
    {
        if (definition.By is not { } kind)
            return new FeatureOp { Code = CodeOfPayment(definition.Function), Feature = 0, History = -1, Scale = _amountScale };

        var history = _kinds.IndexOf(kind);
        if (history < 0)
        {
            history = _kinds.Count;
            _kinds.Add(kind);
            _planners.Add(new HistoryPlanner(kind, _labelDelayMs));
        }

        var planner = _planners[history];
        var op = definition.Function switch
        {
            FeatureFunction.Count or FeatureFunction.Sum or FeatureFunction.Mean or FeatureFunction.Max or FeatureFunction.StandardDeviation =>
                CompileAggregate(definition, planner),
            FeatureFunction.Ratio => CompileRatio(definition, planner),
            FeatureFunction.Median => MedianOf(definition, planner, FeatureOpCode.Median),
            FeatureFunction.Distinct => new FeatureOp
            {
                Code = FeatureOpCode.Distinct,
                Feature = 0,
                A = planner.Recency(definition.Other!.Value),
                WindowMs = LengthMs(definition)!.Value,
            },
            FeatureFunction.Since or FeatureFunction.DaysSince => CompileSince(definition, planner),
            FeatureFunction.Distance => new FeatureOp { Code = FeatureOpCode.Distance, Feature = 0 },
            FeatureFunction.Velocity => new FeatureOp { Code = FeatureOpCode.Velocity, Feature = 0 },
            FeatureFunction.FraudRun => new FeatureOp { Code = FeatureOpCode.Run, Feature = 0, A = planner.Run(OutcomeRun.Frauds) },
            FeatureFunction.LegitimateRun => new FeatureOp { Code = FeatureOpCode.Run, Feature = 0, A = planner.Run(OutcomeRun.Legitimate) },
            _ => throw new InvalidOperationException($"{definition.Function} has no operation."),
        };
        return op with { History = history };
    }

    private FeatureOp CompileAggregate(FeatureDefinition definition, HistoryPlanner planner)
    {
        var measure = MeasureOf(definition);
        var condition = ConditionOf(definition);
        var ofOutcomes = definition.Measure is MeasureKind.Fraud or MeasureKind.Loss;
        var delayMs = definition.After is { } after ? (long)after.TotalMilliseconds : ofOutcomes ? _labelDelayMs : 0;
        var scale = measure switch
        {
            > Column.Amount => 1 / FeaturePlan.MeasureScale,
            _ => definition.Measure is MeasureKind.Amount or MeasureKind.Loss ? _amountScale : 1,
        };
        if (ofOutcomes)
            planner.NeedOutcomes();
        if (definition.Measure == MeasureKind.Amount && definition.Function is FeatureFunction.Sum or FeatureFunction.Mean
            && (definition.ExcludingFraud || definition.PriorPayments > 0))
        {
            var mean = MeanOfAmounts(definition, planner, delayMs, condition);
            return definition.Function == FeatureFunction.Mean ? mean : mean with { Code = FeatureOpCode.TotalExcludingFraud };
        }

        // Amounts are always there; a measured feature may be missing, and its payments are counted apart.
        var tally = new Column(ColumnKind.Tally, measure > Column.Amount ? measure : Column.NoMeasure, condition);
        var sum = definition.Measure == MeasureKind.Loss
            ? new Column(ColumnKind.Losses, Column.NoMeasure, condition)
            : new Column(ColumnKind.Sum, measure, condition);
        int Place(Column column) => planner.Total(column, delayMs, LengthMs(definition));

        return definition.Function switch
        {
            FeatureFunction.Max => new FeatureOp
            {
                Code = FeatureOpCode.Max,
                Feature = 0,
                A = Place(sum with { Kind = ColumnKind.Max }),
                Scale = scale,
            },
            FeatureFunction.StandardDeviation => new FeatureOp
            {
                Code = FeatureOpCode.StandardDeviation,
                Feature = 0,
                A = Place(sum with { Kind = ColumnKind.SumOfSquares }),
                B = Place(sum),
                C = Place(tally),
                Scale = scale,
            },
            FeatureFunction.Mean when definition.Measure == MeasureKind.Fraud => new FeatureOp
            {
                Code = FeatureOpCode.FraudRate,
                Feature = 0,
                A = Place(tally),
            },
            FeatureFunction.Mean => new FeatureOp { Code = FeatureOpCode.Mean, Feature = 0, A = Place(sum), B = Place(tally), Scale = scale },
            _ when definition.Measure == MeasureKind.Payments => new FeatureOp { Code = FeatureOpCode.Payments, Feature = 0, A = Place(tally) },
            _ when definition.Measure == MeasureKind.Fraud => new FeatureOp { Code = FeatureOpCode.Frauds, Feature = 0, A = Place(tally) },
            _ => new FeatureOp { Code = FeatureOpCode.Total, Feature = 0, A = Place(sum), Scale = scale },
        };
    }

    private FeatureOp CompileRatio(FeatureDefinition definition, HistoryPlanner planner) => definition.Statistic switch
    {
        FeatureFunction.Median => MedianOf(definition, planner, FeatureOpCode.RatioToMedian),
        FeatureFunction.Max => new FeatureOp
        {
            Code = FeatureOpCode.RatioToMax,
            Feature = 0,
            A = planner.Total(new Column(ColumnKind.Max, Column.Amount, Column.Always), 0, LengthMs(definition)),
            Scale = _amountScale,
        },
        _ => MeanOfAmounts(definition, planner, 0, Column.Always) with { Code = FeatureOpCode.RatioToMean },
    };

    /// <summary>
    /// A mean of amounts without what is known to be fraud: the window's amounts, less the losses of that part of it whose outcomes are known.
    /// </summary>
    private FeatureOp MeanOfAmounts(FeatureDefinition definition, HistoryPlanner planner, long delayMs, int condition)
    {
        var lengthMs = LengthMs(definition);
        var op = new FeatureOp
        {
            Code = FeatureOpCode.MeanOfAmounts,
            Feature = 0,
            A = planner.Total(new Column(ColumnKind.Sum, Column.Amount, condition), delayMs, lengthMs),
            B = planner.Total(Column.All with { Condition = condition }, delayMs, lengthMs),
            Scale = _amountScale,
            PriorPayments = definition.PriorPayments,
        };
        if (!definition.ExcludingFraud || lengthMs <= _labelDelayMs)
            return op;
        planner.NeedOutcomes();
        var knownMs = lengthMs - _labelDelayMs;
        return op with
        {
            C = planner.Total(Column.All with { Kind = ColumnKind.Losses }, _labelDelayMs, knownMs),
            D = planner.Total(Column.All, _labelDelayMs, knownMs),
        };
    }

    private FeatureOp MedianOf(FeatureDefinition definition, HistoryPlanner planner, FeatureOpCode code) =>
        new() { Code = code, Feature = 0, A = planner.Median(LengthMs(definition)!.Value), Scale = _amountScale };

    private static FeatureOp CompileSince(FeatureDefinition definition, HistoryPlanner planner)
    {
        var inDays = definition.Function == FeatureFunction.DaysSince;
        if (definition.Anchor == Anchor.Same)
        {
            return new FeatureOp
            {
                Code = inDays ? FeatureOpCode.DaysSinceSame : FeatureOpCode.SinceSame,
                Feature = 0,
                A = planner.Recency(definition.Other!.Value),
            };
        }

        return new FeatureOp
        {
            Code = inDays ? FeatureOpCode.DaysSince : FeatureOpCode.Since,
            Feature = 0,
            A = definition.Anchor switch
            {
                Anchor.Last => HistoryPlan.LastTime,
                Anchor.First => HistoryPlan.FirstTime,
                Anchor.LastFraud => planner.Run(OutcomeRun.LastFraud),
                Anchor.LastLegitimate => planner.Run(OutcomeRun.LastLegitimate),
                Anchor.RunStart => planner.Run(OutcomeRun.RunStart),
                _ => planner.Run(OutcomeRun.BeforeRun),
            },
        };
    }

    private int MeasureOf(FeatureDefinition definition)
    {
        if (definition.Measure != MeasureKind.Feature)
            return definition.Measure == MeasureKind.Amount ? Column.Amount : Column.NoMeasure;
        var feature = _set.Schema.IndexOf(definition.MeasuredFeature!);
        var index = _measured.IndexOf(feature);
        if (index < 0)
        {
            index = _measured.Count;
            _measured.Add(feature);
        }

        return index + 1;
    }

    private int ConditionOf(FeatureDefinition definition)
    {
        if (definition.Where is not { } where)
            return Column.Always;
        var condition = new ConditionPlan(_set.Schema.IndexOf(where.Feature), where.AtLeast, where.Threshold);
        var index = _conditions.IndexOf(condition);
        if (index < 0)
        {
            index = _conditions.Count;
            _conditions.Add(condition);
        }

        return index;
    }

    private static long? LengthMs(FeatureDefinition definition) => (long?)definition.Window?.TotalMilliseconds;

    private static FeatureOpCode CodeOfPayment(FeatureFunction function) => function switch
    {
        FeatureFunction.Amount => FeatureOpCode.Amount,
        FeatureFunction.Hour => FeatureOpCode.Hour,
        FeatureFunction.Weekday => FeatureOpCode.Weekday,
        FeatureFunction.Weekend => FeatureOpCode.Weekend,
        FeatureFunction.Night => FeatureOpCode.Night,
        _ => FeatureOpCode.Category,
    };
}
