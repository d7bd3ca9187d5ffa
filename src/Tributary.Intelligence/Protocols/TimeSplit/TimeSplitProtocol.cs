using System.Collections.Immutable;
using Tributary.Intelligence.Data;
using Tributary.Intelligence.Evaluation;
using Tributary.Intelligence.Reports;
using Tributary.Intelligence.Training;
using Tributary.Primitives.Results;

namespace Tributary.Intelligence.Protocols.TimeSplit;

/// <summary>
/// Trains on the past and tests on the future: the last payments are tested, those before a gap as long as the label delay are trained on. Features
/// come from one pass over the whole file by the store that serves.
/// </summary>
public static class TimeSplitProtocol
{
    private const double FeatureShare = 0.35;
    private const double TrainShare = 0.65;
    private const double IntervalShare = 0.3;

    /// <summary>Runs the protocol.</summary>
    /// <param name="history">The payments.</param>
    /// <param name="options">The split, the features, the seed.</param>
    /// <param name="time">Measures the time.</param>
    /// <param name="progress">Told how far it has come.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static Result<TimeSplitRun, Refusal> Run(
        IPaymentHistory history, TimeSplitOptions options, TimeProvider time, IProgress<ProtocolProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var meter = new ProgressMeter(progress, time);
        if (!Cut(history, options).TryGet(out _, out var refusal))
            return refusal;
        var table = HistoryTable.Compute(history, options.Features, 0, history.Count, share => meter.Report("features", FeatureShare, share), cancellationToken);
        if (!table.TryGet(out var matrix, out refusal))
            return refusal;
        meter.Finish("features", FeatureShare);
        return Run(history, matrix, options, share => meter.Report("training", TrainShare, share), cancellationToken);
    }

    /// <summary>Runs the protocol on features computed before, one row for each payment.</summary>
    internal static Result<TimeSplitRun, Refusal> Run(
        IPaymentHistory history, FeatureMatrix matrix, TimeSplitOptions options, Action<double> progress, CancellationToken cancellationToken)
    {
        if (!Cut(history, options).TryGet(out var cut, out var refusal))
            return refusal;
        var trainLabels = HistoryTable.Labels(history, 0, cut.TrainEnd);
        var model = GbdtTrainer.Train(
            matrix.Select([.. Enumerable.Range(0, cut.TrainEnd)]),
            trainLabels,
            options.Training ?? FraudTraining.Options(cut.TrainEnd, options.Seed),
            progress: new TrainingReporter(share => progress(share * (1 - IntervalShare))),
            cancellationToken: cancellationToken);

        var features = matrix.Select([.. Enumerable.Range(cut.TestStart, history.Count - cut.TestStart)]);
        var labels = HistoryTable.Labels(history, cut.TestStart, history.Count);
        var scores = HistoryTable.Score(model, features);
        var payers = new long[labels.Length];
        var amounts = new long[labels.Length];
        for (var i = 0; i < payers.Length; i++)
        {
            payers[i] = history.Payer(cut.TestStart + i);
            amounts[i] = history.Payment(cut.TestStart + i).AmountMinor;
        }

        var metrics = Measure(scores, labels, payers, options);
        progress(1);
        return new TimeSplitRun
        {
            TrainRows = cut.TrainEnd,
            TrainFrauds = trainLabels.Count(static label => label == 1),
            TrainEnd = Time(history, cut.TrainEnd - 1),
            TestStart = Time(history, cut.TestStart),
            Model = model,
            Features = features,
            Payments = new ScoredPayments([.. scores], [.. labels], [.. amounts]),
            Metrics = metrics,
        };
    }

    private static Result<TimeCut, Refusal> Cut(IPaymentHistory history, TimeSplitOptions options)
    {
        if (options.TestShare is not (> 0 and < 1))
            return new Refusal("test-share", "is not between 0 and 1");
        if (options.GapDays is < 0 or > 3_660)
            return new Refusal("gap-days", "is not from 0 to 3660");
        var testStart = (int)Math.Ceiling(history.Count * (1 - options.TestShare));
        if (testStart >= history.Count)
            return new Refusal("file", $"has {history.Count} payments, too few to be split");
        var until = history.Payment(testStart).TimeMs - (long)TimeSpan.FromDays(options.GapDays).TotalMilliseconds;
        var trainEnd = testStart;
        while (trainEnd > 0 && history.Payment(trainEnd - 1).TimeMs >= until)
            trainEnd--;
        return HistoryTable.HasBothClasses(history, 0, trainEnd) && HistoryTable.HasBothClasses(history, testStart, history.Count)
            ? new TimeCut(trainEnd, testStart)
            : new Refusal("file", "needs payments with and without fraud, to train on and to test on");
    }

    private static ImmutableSortedDictionary<string, ConfidenceInterval> Measure(double[] scores, float[] labels, long[] payers, TimeSplitOptions options)
    {
        const double TenthPercent = 0.001;
        var ranked = new RankedOutcomes(scores, labels);
        return ImmutableSortedDictionary.CreateRange(
            StringComparer.Ordinal,
            [
                KeyValuePair.Create(MetricNames.RocAuc, Interval(static (outcomes, weights) => outcomes.RocAuc(weights))),
                KeyValuePair.Create(MetricNames.AveragePrecision, Interval(static (outcomes, weights) => outcomes.AveragePrecision(weights))),
                KeyValuePair.Create(MetricNames.RecallAtTenthPercent, Interval(static (outcomes, weights) => outcomes.RecallAtFalsePositiveRate(TenthPercent, weights))),
            ]);

        ConfidenceInterval Interval(WeightedMetric metric) => ClusterBootstrap.Interval(ranked, payers, metric, options.Replicates, options.Seed);
    }

    private static DateTimeOffset Time(IPaymentHistory history, int row) => DateTimeOffset.FromUnixTimeMilliseconds(history.Payment(row).TimeMs);

    /// <summary>The row after the last one trained on, and the first row tested.</summary>
    private sealed record TimeCut(int TrainEnd, int TestStart);
}
