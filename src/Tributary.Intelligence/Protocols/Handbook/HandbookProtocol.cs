using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Tributary.Intelligence.Data;
using Tributary.Intelligence.Evaluation;
using Tributary.Intelligence.Training;
using Tributary.Primitives.Results;

namespace Tributary.Intelligence.Protocols.Handbook;

/// <summary>
/// The evaluation protocol of the Fraud Detection Handbook (Le Borgne et al., 2022): features over the whole file, a model per fold trained on the
/// days before the label delay, and the area under the ROC curve, average precision and card precision@k on the seven days tested.
/// </summary>
public static class HandbookProtocol
{
    private const double ReadShare = 0.1;
    private const double FeatureShare = 0.15;
    private const double FoldsShare = 0.65;
    private const double IntervalShare = 0.1;

    /// <summary>Runs the protocol on a file.</summary>
    /// <param name="path">The file, compressed or not.</param>
    /// <param name="options">Folds, days, features, seed.</param>
    /// <param name="time">Measures the time.</param>
    /// <param name="progress">Told how far it has come.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static Result<HandbookRun, Refusal> Run(
        string path, HandbookOptions options, TimeProvider time, IProgress<ProtocolProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var meter = new ProgressMeter(progress, time);
        if (!HandbookPayments.Read(path, share => meter.Report("reading", ReadShare, share), cancellationToken).TryGet(out var payments, out var refusal))
            return refusal;
        meter.Finish("reading", ReadShare);
        if (!Score(payments, options, meter, cancellationToken).TryGet(out var folds, out refusal))
            return refusal;

        var (rocAuc, averagePrecision, cardPrecision) = Intervals(payments, folds, options);
        meter.Finish("intervals", IntervalShare);
        var report = new HandbookReport
        {
            Data = Path.GetFileName(path),
            Payments = payments.Count,
            Frauds = payments.FraudCount,
            FirstDay = payments.FirstDay,
            LastDay = payments.LastDay,
            TrainDays = options.TrainDays,
            TopCards = options.TopCards,
            Seed = options.Seed,
            Replicates = options.Replicates,
            Model = FraudTraining.Describe(folds[0].Model),
            Features = options.Features.ToString(),
            Folds = [.. folds.Select(fold => fold.Result)],
            RocAuc = rocAuc,
            AveragePrecision = averagePrecision,
            CardPrecision = cardPrecision,
            OracleCardPrecision = folds.Average(fold => fold.Result.OracleCardPrecision),
            Elapsed = meter.Elapsed,
        };
        return new HandbookRun(report, payments, folds);
    }

    /// <summary>Trains and scores the folds on payments that were read before.</summary>
    public static Result<ImmutableArray<ScoredFold>, Refusal> Score(
        HandbookPayments payments, HandbookOptions options, TimeProvider time, CancellationToken cancellationToken = default) =>
        Score(payments, options, new ProgressMeter(null, time), cancellationToken);

    private static Result<ImmutableArray<ScoredFold>, Refusal> Score(
        HandbookPayments payments, HandbookOptions options, ProgressMeter meter, CancellationToken cancellationToken)
    {
        var dates = options.Folds.IsDefaultOrEmpty ? LastWeeks(payments, options.TrainDays) : options.Folds;
        if (Check(payments, dates, options) is { } fault)
            return fault;
        var folds = dates.Select(date => HandbookFold.Cut(payments, date, options.TrainDays)).ToArray();
        var firstRow = folds.Min(fold => fold.TrainStart);
        var endRow = folds.Max(fold => payments.FirstRowOn(fold.Date.AddDays(HandbookFold.TestDays)));
        var features = HistoryTable.Compute(payments, options.Features, firstRow, endRow, share => meter.Report("features", FeatureShare, share), cancellationToken);
        if (!features.TryGet(out var matrix, out var refusal))
            return refusal;
        meter.Finish("features", FeatureShare);

        var cards = CardNumbers(payments);
        var scored = ImmutableArray.CreateBuilder<ScoredFold>(folds.Length);
        foreach (var fold in folds)
        {
            var share = FoldsShare / folds.Length;
            var stage = $"fold {fold.Date:yyyy-MM-dd}";
            if (fold.TestRows.Length == 0 || !HasBothClasses(payments, Enumerable.Range(fold.TrainStart, fold.TrainEnd - fold.TrainStart))
                || !HasBothClasses(payments, fold.TestRows))
            {
                return new Refusal(stage, "needs payments with and without fraud, to train on and to test on");
            }

            scored.Add(Score(payments, matrix, firstRow, fold, cards, options, done => meter.Report(stage, share, done), cancellationToken));
            meter.Finish(stage, share);
        }

        return scored.ToImmutable();
    }

    private static ImmutableArray<DateOnly> LastWeeks(HandbookPayments payments, int trainDays)
    {
        const int Most = 4;
        var dates = new List<DateOnly>();
        for (var day = payments.LastDay.DayNumber - HandbookFold.TestDays + 1; dates.Count < Most; day -= HandbookFold.TestDays)
        {
            if (day - HandbookFold.DelayDays - (long)trainDays < payments.FirstDay.DayNumber)
                break;
            dates.Insert(0, DateOnly.FromDayNumber(day));
        }

        return [.. dates];
    }

    private static Refusal? Check(HandbookPayments payments, ImmutableArray<DateOnly> folds, HandbookOptions options)
    {
        if (options.TrainDays is < 1 or > 3_660)
            return new Refusal("train-days", "is not from 1 to 3660");
        if (options.TopCards < 1)
            return new Refusal("top-cards", "is not 1 or more");
        if (folds.IsEmpty)
            return new Refusal("train-days", $"the file has {payments.LastDay.DayNumber - payments.FirstDay.DayNumber + 1} days; needed are those to train on, seven of delay and seven to test");
        foreach (var date in folds)
        {
            if (date.DayNumber + HandbookFold.TestDays - 1 > payments.LastDay.DayNumber)
                return new Refusal("folds", $"{date:yyyy-MM-dd} tests days after the last one of the file, {payments.LastDay:yyyy-MM-dd}");
            if (date.DayNumber - HandbookFold.DelayDays - options.TrainDays < payments.FirstDay.DayNumber)
                return new Refusal("folds", $"{date:yyyy-MM-dd} trains on days before the first one of the file, {payments.FirstDay:yyyy-MM-dd}");
        }

        return null;
    }

    private static bool HasBothClasses(HandbookPayments payments, IEnumerable<int> rows) =>
        rows.Any(payments.IsFraud) && rows.Any(row => !payments.IsFraud(row));

    private static ScoredFold Score(
        HandbookPayments payments,
        FeatureMatrix matrix,
        int firstRow,
        HandbookFold fold,
        int[] cards,
        HandbookOptions options,
        Action<double> progress,
        CancellationToken cancellationToken)
    {
        int[] trainRows = [.. Enumerable.Range(fold.TrainStart, fold.TrainEnd - fold.TrainStart)];
        var trainLabels = Labels(payments, trainRows);
        var training = options.Training ?? FraudTraining.Options(trainRows.Length, options.Seed);
        var model = GbdtTrainer.Train(
            matrix.Select([.. trainRows.Select(row => row - firstRow)]),
            trainLabels,
            training,
            progress: new TrainingReporter(progress),
            cancellationToken: cancellationToken);

        var tested = matrix.Select([.. fold.TestRows.Select(row => row - firstRow)]);
        var scores = HistoryTable.Score(model, tested);
        var labels = Labels(payments, fold.TestRows);
        var outcomes = new RankedOutcomes(scores, labels);
        var result = new HandbookFoldResult
        {
            Date = fold.Date,
            TrainRows = trainRows.Length,
            TrainFrauds = trainLabels.Count(label => label == 1),
            TestRows = labels.Length,
            TestFrauds = labels.Count(label => label == 1),
            RemovedCards = fold.RemovedCards,
            RocAuc = outcomes.RocAuc(),
            AveragePrecision = outcomes.AveragePrecision(),
            CardPrecision = Cards(payments, fold.TestRows, cards, scores, labels).At(options.TopCards),
            OracleCardPrecision = Cards(payments, fold.TestRows, cards, [.. labels.Select(label => (double)label)], labels).At(options.TopCards),
        };
        return new ScoredFold(result, model, tested, [.. fold.TestRows], [.. scores], [.. labels]);
    }

    /// <summary>Intervals of the means over the folds: a resample draws customers, with all of their payments in all folds.</summary>
    private static (ConfidenceInterval RocAuc, ConfidenceInterval AveragePrecision, ConfidenceInterval CardPrecision) Intervals(
        HandbookPayments payments, ImmutableArray<ScoredFold> folds, HandbookOptions options)
    {
        var cards = CardNumbers(payments);
        var cardCount = cards.Max() + 1;
        var ranked = folds.Select(fold => new RankedOutcomes(fold.Scores.AsSpan(), fold.Labels.AsSpan())).ToArray();
        var precisions = folds.Select(fold => Cards(payments, Array(fold.Rows), cards, Array(fold.Scores), Array(fold.Labels))).ToArray();
        return (
            Interval(folds.Average(fold => fold.Result.RocAuc), (fold, draws) => ranked[fold].RocAuc(Weights(fold, draws))),
            Interval(folds.Average(fold => fold.Result.AveragePrecision), (fold, draws) => ranked[fold].AveragePrecision(Weights(fold, draws))),
            Interval(folds.Average(fold => fold.Result.CardPrecision), (fold, draws) => precisions[fold].At(options.TopCards, draws)));

        ConfidenceInterval Interval(double estimate, Func<int, int[], double> metric) =>
            ClusterBootstrap.Interval(
                cardCount,
                estimate,
                draws =>
                {
                    var drawn = draws.ToArray();
                    return Enumerable.Range(0, folds.Length).Average(fold => metric(fold, drawn));
                },
                options.Replicates,
                options.Seed);

        double[] Weights(int fold, int[] draws) => [.. folds[fold].Rows.Select(row => (double)draws[cards[row]])];

        static T[] Array<T>(ImmutableArray<T> values) => ImmutableCollectionsMarshal.AsArray(values)!;
    }

    private static CardPrecision Cards(HandbookPayments payments, int[] rows, int[] cards, double[] scores, float[] labels) => new(
        [.. rows.Select(payments.DayNumber)],
        [.. rows.Select(row => cards[row])],
        scores,
        labels,
        cards.Max() + 1);

    private static float[] Labels(HandbookPayments payments, int[] rows) => [.. rows.Select(row => payments.IsFraud(row) ? 1f : 0f)];

    /// <summary>A number from 0 on for the customer of each payment.</summary>
    private static int[] CardNumbers(HandbookPayments payments)
    {
        var numbers = new Dictionary<long, int>();
        var cards = new int[payments.Count];
        for (var row = 0; row < cards.Length; row++)
        {
            if (!numbers.TryGetValue(payments.Customer(row), out var number))
                numbers.Add(payments.Customer(row), number = numbers.Count);
            cards[row] = number;
        }

        return cards;
    }
}
