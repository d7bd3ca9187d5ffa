using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text;
using Tributary.Intelligence.Data;
using Tributary.Intelligence.Decisions.Backtesting;
using Tributary.Intelligence.Evaluation;
using Tributary.Intelligence.Models;
using Tributary.Intelligence.Reports.Plots;

namespace Tributary.Intelligence.Reports;

/// <summary>
/// An evaluation as one HTML page that needs nothing else: figures with their tables behind them, policies, and all that is needed to run it again.
/// Holds sums and samples of features, no payment of a person.
/// </summary>
public static class EvaluationPage
{
    /// <summary>Writes the page.</summary>
    /// <param name="report">The figures.</param>
    /// <param name="payments">The payments tested.</param>
    /// <param name="model">The model that is explained.</param>
    /// <param name="features">The features of the rows that are explained.</param>
    /// <param name="labels">Their labels.</param>
    /// <param name="economics">What decisions cost and save.</param>
    public static string Write(
        EvaluationReport report, ScoredPayments payments, IModel model, FeatureMatrix features, ImmutableArray<float> labels, BacktestEconomics economics)
    {
        var html = new StringBuilder();
        var title = $"Fraud model on {report.Data.File}";
        html.Append("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>")
            .Append(E(title)).Append("</title><style>").Append(PageStyle.Css).Append("</style></head><body><main>");
        html.Append($"<p class=\"quiet\">Tributary · protocol {E(report.Protocol)} · {report.Run.StartedAt:yyyy-MM-dd HH:mm} UTC</p><h1>{E(title)}</h1>");
        html.Append($"<p>{N(report.Data.Payments)} payments from {report.Data.From:yyyy-MM-dd} to {report.Data.To:yyyy-MM-dd}, {N(report.Data.Frauds)} of them fraud "
            + $"({report.Data.Frauds / (double)report.Data.Payments:P2}). Model: {E(report.Model)}.</p>");
        AppendTiles(html, report);
        AppendFigures(html, Figures(payments, model, features, labels, economics));
        AppendPolicies(html, report);
        AppendFolds(html, report);
        AppendOrigin(html, report);
        return html.Append("</main></body></html>\n").ToString();
    }

    private static IEnumerable<Figure> Figures(
        ScoredPayments payments, IModel model, FeatureMatrix features, ImmutableArray<float> labels, BacktestEconomics economics)
    {
        var ranked = new RankedOutcomes(payments.Scores.AsSpan(), payments.Labels.AsSpan());
        var points = ranked.OperatingPoints();
        yield return ScoreFigures.Roc(points, ranked.RocAuc());
        yield return ScoreFigures.PrecisionRecall(points, ranked.AveragePrecision());
        yield return ScoreFigures.Calibration(payments);
        yield return ScoreFigures.Lift(points);
        yield return ScoreFigures.NetValue(payments, economics);
        yield return ShapleyFigure.Create(model, features, labels.AsSpan());
    }

    private static void AppendTiles(StringBuilder html, EvaluationReport report)
    {
        html.Append("<ul class=\"tiles\" aria-label=\"Results\">");
        foreach (var (name, interval) in report.Metrics)
        {
            html.Append($"<li class=\"tile\"><span>{E(MetricNames.InWords(name))}</span><b>{F(interval.Estimate)}</b>");
            html.Append($"<span class=\"quiet\">{interval.Level:P0} interval {F(interval.Low)} to {F(interval.High)}</span>");
            if (report.Reference is { } reference && reference.TryGetValue(name, out var other))
                html.Append($"<span class=\"quiet\">Reference features {F(other.Estimate)}</span>");
            if (report.Oracle.TryGetValue(name, out var oracle))
                html.Append($"<span class=\"quiet\">The true labels reach {F(oracle)}</span>");
            html.Append("</li>");
        }

        html.Append("</ul>");
    }

    private static void AppendFigures(StringBuilder html, IEnumerable<Figure> figures)
    {
        html.Append("<h2>Plots</h2><div class=\"plots\">");
        foreach (var figure in figures)
        {
            html.Append($"<figure><h3>{E(figure.Title)}</h3>").Append(figure.Svg);
            if (figure.Id is "shapley")
                html.Append("<p class=\"quiet key\"><i style=\"background:var(--v0)\"></i>low value of the feature<i style=\"background:var(--v2)\"></i>middle<i style=\"background:var(--v4)\"></i>high</p>");
            html.Append($"<figcaption><p class=\"quiet\">{E(figure.Caption)}</p></figcaption><details><summary>Show the numbers</summary>");
            AppendTable(html, figure.Title, figure.Columns, figure.Rows);
            html.Append("</details></figure>");
        }

        html.Append("</div>");
    }

    private static void AppendPolicies(StringBuilder html, EvaluationReport report)
    {
        if (report.Policies.IsEmpty)
            return;
        html.Append("<h2>What decisions would have been worth</h2><p>");
        html.Append(string.Join(' ', report.Economics.Select(E))).Append("</p>");
        AppendTable(html, "Policies on the payments tested, against letting everything pass", ["Policy", "Net value", "Fraud stopped", "False blocks per 1,000 good", "Blocked", "Reviewed", "Stepped up"],
        [
            .. report.Policies.Select(static policy => ImmutableArray.Create(
                policy.Name,
                (policy.NetValueMinor / 100m).ToString("N2", CultureInfo.InvariantCulture),
                policy.FraudStoppedShare.ToString("P1", CultureInfo.InvariantCulture),
                policy.FalseBlocksPerThousand.ToString("0.000", CultureInfo.InvariantCulture),
                N(policy.Blocked),
                N(policy.Reviewed),
                N(policy.SteppedUp))),
        ]);
    }

    private static void AppendFolds(StringBuilder html, EvaluationReport report)
    {
        html.Append("<h2>Folds</h2>");
        string[] names = [.. report.Folds[0].Metrics.Keys];
        AppendTable(html, "Each split and what it showed", ["First test day", "Trained on", "Frauds", "Tested on", "Frauds", "Cards left out", .. names.Select(static name => name.Replace('_', ' '))],
        [
            .. report.Folds.Select(fold => (ImmutableArray<string>)
            [
                fold.Name, N(fold.TrainRows), N(fold.TrainFrauds), N(fold.TestRows), N(fold.TestFrauds), N(fold.RemovedCards), .. names.Select(name => F(fold.Metrics[name])),
            ]),
        ]);
    }

    private static void AppendOrigin(StringBuilder html, EvaluationReport report)
    {
        html.Append("<h2>How this was made</h2><dl>");
        Term("File", $"{E(report.Data.File)}, {N(report.Data.Bytes)} bytes");
        Term("SHA-256", $"<code>{report.Data.Sha256}</code>");
        Term("Split", string.Join(' ', report.Split.Select(E)));
        Term("Seed", $"{report.Seed}; intervals from {N(report.Replicates)} resamples of the cards");
        Term("Time", $"{report.Run.StartedAt:yyyy-MM-dd HH:mm:ss} UTC, {report.Run.ElapsedSeconds:0.0} s");
        Term("Machine", E(report.Run.Machine));
        Term("Command", $"<code>{E(report.Run.Command)}</code>");
        html.Append("</dl><details><summary>Features</summary><pre>").Append(E(string.Join('\n', report.Features))).Append("</pre></details>");

        void Term(string name, string description) => html.Append($"<dt>{name}</dt><dd>{description}</dd>");
    }

    private static void AppendTable(StringBuilder html, string caption, ImmutableArray<string> columns, ImmutableArray<ImmutableArray<string>> rows)
    {
        html.Append($"<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{E(caption)}\"><table><caption>{E(caption)}</caption><thead><tr>");
        foreach (var column in columns)
            html.Append($"<th scope=\"col\">{E(column)}</th>");
        html.Append("</tr></thead><tbody>");
        foreach (var row in rows)
        {
            html.Append($"<tr><th scope=\"row\">{E(row[0])}</th>");
            foreach (var cell in row.AsSpan()[1..])
                html.Append($"<td>{E(cell)}</td>");
            html.Append("</tr>");
        }

        html.Append("</tbody></table></div>");
    }

    private static string E(string text) => WebUtility.HtmlEncode(text);

    private static string F(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);

    private static string N(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
