using System.Collections.Immutable;
using System.Globalization;
using Tributary.Intelligence.Decisions.Backtesting;
using Tributary.Intelligence.Evaluation;

namespace Tributary.Intelligence.Reports.Plots;

/// <summary>The plots that need scores and outcomes alone.</summary>
internal static class ScoreFigures
{
    private const int DrawnPoints = 240;
    private const double LeastShare = 1e-5;

    private static readonly double[] ListedRates = [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.2, 0.5, 1];

    /// <summary>Recall against the share of good payments caught by mistake, on a logarithmic axis: with fraud, the first thousandth decides.</summary>
    public static Figure Roc(OperatingPoint[] points, double area)
    {
        const string Title = "ROC curve";
        var caption = $"The area under the curve is {area:0.000}: so often a fraud scores above a good payment. "
            + $"At 0.1 % false positives {At(points, 0.001).TruePositiveRate:P1} of the frauds are caught.";
        var plot = new SvgPlot(Axis.Logarithmic("Good payments caught by mistake", LeastShare, 1, Axis.Percent), Axis.Linear("Frauds caught", 0, 1, Axis.Percent))
            .Line(Enumerable.Range(0, 101).Select(static i => Math.Pow(10, -5 + (i / 20.0))).Select(static rate => (rate, rate)), "chance")
            .Line(Thin(points).Select(static point => (point.FalsePositiveRate, point.TruePositiveRate)), "first")
            .Dot(0.001, At(points, 0.001).TruePositiveRate, "first");
        return new Figure("roc", Title, caption, plot.ToSvg("roc", Title, caption), ["False positives at most", "Frauds caught", "Threshold"],
            [.. ListedRates.Select(rate => Row(Axis.Percent(rate), At(points, rate).TruePositiveRate.ToString("P1", CultureInfo.InvariantCulture), Score(At(points, rate).Threshold)))]);
    }

    /// <summary>Precision against recall.</summary>
    public static Figure PrecisionRecall(OperatingPoint[] points, double averagePrecision)
    {
        const string Title = "Precision and recall";
        var rate = points[0].Positives / (points[0].Positives + points[0].Negatives);
        var caption = $"Average precision is {averagePrecision:0.000}; a score that knows nothing reaches {rate:0.0000}. "
            + $"Half of the frauds are caught with {AtRecall(points, 0.5).Precision:P1} of the alarms being right.";
        var plot = new SvgPlot(Axis.Linear("Frauds caught (recall)", 0, 1, Axis.Percent), Axis.Linear("Alarms that are right (precision)", 0, 1, Axis.Percent))
            .Line([(0, rate), (1, rate)], "chance")
            .Line(Thin(points).Select(static point => (point.TruePositiveRate, point.Precision)), "first");
        return new Figure("pr", Title, caption, plot.ToSvg("pr", Title, caption), ["Frauds caught", "Alarms that are right", "Threshold"],
            [.. Enumerable.Range(1, 9).Select(static i => i / 10.0).Append(0.95).Select(recall => Row(
                Axis.Percent(recall), AtRecall(points, recall).Precision.ToString("P1", CultureInfo.InvariantCulture), Score(AtRecall(points, recall).Threshold)))]);
    }

    /// <summary>What was said against what came true, both on logarithmic axes.</summary>
    public static Figure Calibration(ScoredPayments payments)
    {
        const string Title = "Calibration";
        var curve = Bins(payments);
        var error = CalibrationCurve.Compute(payments.Scores.AsSpan(), payments.Labels.AsSpan(), 20).ExpectedError;
        var caption = $"Of payments said to be fraud with a probability, so many were; on the dashed line both agree. The mean distance is {error:0.00000}.";
        var seen = curve.Where(static bin => bin.MeanProbability > 0).ToArray();
        var least = Math.Pow(10, Math.Floor(Math.Log10(Math.Max(1e-6, seen.Select(static bin => bin.ObservedRate > 0 ? Math.Min(bin.MeanProbability, bin.ObservedRate) : bin.MeanProbability).DefaultIfEmpty(1e-3).Min()))));
        var plot = new SvgPlot(Axis.Logarithmic("Said: probability of fraud", least, 1, Axis.Percent), Axis.Logarithmic("Seen: share of fraud", least, 1, Axis.Percent))
            .Line([(least, least), (1, 1)], "chance")
            .Line(seen.Select(static bin => (bin.MeanProbability, bin.ObservedRate)), "first");
        foreach (var bin in seen)
            plot.Dot(bin.MeanProbability, bin.ObservedRate, "first");
        return new Figure("calibration", Title, caption, plot.ToSvg("calibration", Title, caption), ["Probability", "Payments", "Said", "Seen"],
            [.. curve.Select(static bin => Row(
                $"{Score(bin.LeastProbability)} to {Score(bin.GreatestProbability)}",
                bin.Count.ToString("N0", CultureInfo.InvariantCulture),
                bin.MeanProbability.ToString("P3", CultureInfo.InvariantCulture),
                bin.ObservedRate.ToString("P3", CultureInfo.InvariantCulture)))]);
    }

    /// <summary>How many frauds are found by looking at the riskiest payments.</summary>
    public static Figure Lift(OperatingPoint[] points)
    {
        const string Title = "Lift";
        var all = points[0].Positives + points[0].Negatives;
        var caption = $"Looking at the riskiest 1 % of payments finds {Found(0.01):P1} of the frauds, {Found(0.01) / 0.01:0.0} times as many as by chance.";
        var plot = new SvgPlot(Axis.Logarithmic("Payments looked at, riskiest first", LeastShare, 1, Axis.Percent), Axis.Linear("Frauds found", 0, 1, Axis.Percent))
            .Line(Enumerable.Range(0, 101).Select(static i => Math.Pow(10, -5 + (i / 20.0))).Select(static share => (share, share)), "chance")
            .Line(Thin(points).Select(point => ((point.TruePositives + point.FalsePositives) / all, point.TruePositiveRate)), "first")
            .Dot(0.01, Found(0.01), "first");
        return new Figure("lift", Title, caption, plot.ToSvg("lift", Title, caption), ["Payments looked at", "Frauds found", "Times chance"],
            [.. ListedRates.Select(share => Row(Axis.Percent(share), Found(share).ToString("P1", CultureInfo.InvariantCulture), (Found(share) / share).ToString("#,0.0", CultureInfo.InvariantCulture)))]);

        double Found(double share) => points.LastOrDefault(point => point.TruePositives + point.FalsePositives <= share * all).TruePositives / points[0].Positives;
    }

    /// <summary>What blocking from a threshold on is worth.</summary>
    public static Figure NetValue(ScoredPayments payments, BacktestEconomics economics)
    {
        const string Title = "Net value by threshold";
        var thresholds = Enumerable.Range(1, 99).Select(static i => i / 100.0).ToArray();
        var values = thresholds.Select(threshold => PolicyTable.NetValueOfBlocking(payments, economics, threshold) / 100.0).ToArray();
        var best = Array.IndexOf(values, values.Max());
        var caption = $"Blocking everything from {thresholds[best]:P0} on is worth most here: {values[best]:N0} in the payments' currency, against letting everything pass.";
        var plot = new SvgPlot(
                Axis.Linear("Blocked from this probability on", 0, 1, Axis.Percent),
                Axis.Linear("Net value", Math.Min(0, values.Min()), Math.Max(1, values.Max()), value => value != 0 && values.Max() >= 1e4 ? $"{value / 1e3:#,0.##} k" : $"{value:N0}"))
            .Line(thresholds.Zip(values), "second")
            .Dot(thresholds[best], values[best], "second");
        return new Figure("value", Title, caption, plot.ToSvg("value", Title, caption), ["Blocked from", "Net value"],
            [.. Enumerable.Range(0, 10).Select(i => Row(Axis.Percent(thresholds[(i * 10) + 4]), values[(i * 10) + 4].ToString("N2", CultureInfo.InvariantCulture)))]);
    }

    private static ImmutableArray<string> Row(params ReadOnlySpan<string> cells) => [.. cells];

    private static string Score(double score) => score.ToString("0.00000", CultureInfo.InvariantCulture);

    private static OperatingPoint At(OperatingPoint[] points, double falsePositiveRate)
    {
        var at = Array.FindLastIndex(points, point => point.FalsePositiveRate <= falsePositiveRate);
        return at < 0 ? new OperatingPoint(double.PositiveInfinity, 0, 0, points[0].Positives, points[0].Negatives) : points[at];
    }

    private static OperatingPoint AtRecall(OperatingPoint[] points, double recall) => Array.Find(points, point => point.TruePositiveRate >= recall);

    /// <summary>Points that a reader can tell apart: one for each step of either rate.</summary>
    private static List<OperatingPoint> Thin(OperatingPoint[] points)
    {
        var kept = new List<OperatingPoint> { points[0] };
        foreach (var point in points)
        {
            var last = kept[^1];
            var step = Math.Abs(point.TruePositiveRate - last.TruePositiveRate)
                + (Math.Log(Math.Max(point.FalsePositiveRate, LeastShare) / Math.Max(last.FalsePositiveRate, LeastShare)) / Math.Log(1 / LeastShare));
            if (step >= 2.0 / DrawnPoints)
                kept.Add(point);
        }

        kept.Add(points[^1]);
        return kept;
    }

    /// <summary>Bins by powers of two of the probability: most payments lie near zero, most frauds do not.</summary>
    private static List<CalibrationBin> Bins(ScoredPayments payments)
    {
        const int Halvings = 14;
        var bins = Enumerable.Range(0, Halvings + 1).Select(static _ => (Count: 0, Least: 1.0, Greatest: 0.0, Said: 0.0, Seen: 0.0)).ToArray();
        for (var row = 0; row < payments.Scores.Length; row++)
        {
            var score = payments.Scores[row];
            ref var bin = ref bins[score <= 0 ? Halvings : Math.Min(Halvings, (int)-Math.Log2(score))];
            bin = (bin.Count + 1, Math.Min(bin.Least, score), Math.Max(bin.Greatest, score), bin.Said + score, bin.Seen + payments.Labels[row]);
        }

        return Merge(bins.Where(static bin => bin.Count > 0).Reverse());
    }

    /// <summary>Neighbours are put together until each bin expects frauds enough for its share to mean something.</summary>
    private static List<CalibrationBin> Merge(IEnumerable<(int Count, double Least, double Greatest, double Said, double Seen)> bins)
    {
        const double FewestExpected = 5;
        var merged = new List<(int Count, double Least, double Greatest, double Said, double Seen)>();
        foreach (var bin in bins)
        {
            if (merged.Count > 0 && merged[^1].Said < FewestExpected)
                merged[^1] = (merged[^1].Count + bin.Count, merged[^1].Least, bin.Greatest, merged[^1].Said + bin.Said, merged[^1].Seen + bin.Seen);
            else
                merged.Add(bin);
        }

        return merged.ConvertAll(static bin => new CalibrationBin(bin.Count, bin.Least, bin.Greatest, bin.Said / bin.Count, bin.Seen / bin.Count));
    }
}
