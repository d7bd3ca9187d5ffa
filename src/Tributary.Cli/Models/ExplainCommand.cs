using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Tributary.Cli.Reporting;
using Tributary.Intelligence.Explanations;
using Tributary.Intelligence.Protocols;
using Tributary.Intelligence.Protocols.Fraud;
using Tributary.Primitives.Results;

namespace Tributary.Cli.Models;

/// <summary><c>tributary model explain</c>: the reasons behind scores, and below which amount a payment would have passed.</summary>
internal static class ExplainCommand
{
    private const int MostPayments = 1_000;

    internal static Command Create(TimeProvider clock)
    {
        var model = ModelOptions.Model();
        var data = ModelOptions.Data();
        var payment = new Option<ulong?>("--payment") { Description = "The number of a payment in the file; otherwise the riskiest ones are explained." };
        var top = new Option<int>("--top") { Description = "How many of the riskiest payments.", DefaultValueFactory = static _ => 5 };
        var threshold = new Option<double>("--threshold") { Description = "The score that a payment must stay below to pass.", DefaultValueFactory = static _ => 0.5 };
        var counterfactual = new Option<bool>("--counterfactual") { Description = "Also search the amount below which each payment would have passed; always done for a single payment." };
        var unit = new Option<string>("--currency") { Description = "The currency, for the words.", DefaultValueFactory = static _ => "EUR" };
        var command = new Command("explain", "Say why payments scored as they did, in words, and what would have made them pass.")
        {
            model, data, payment, top, threshold, counterfactual, unit,
        };
        command.SetAction((parsed, cancellationToken) => Task.Run(
            () =>
            {
                var writer = ReportWriter.For(parsed);
                if (parsed.GetValue(top) is < 1 or > MostPayments)
                    return writer.Fail("--top", $"is a number from 1 to {MostPayments}");
                if (parsed.GetValue(threshold) is not (> 0 and < 1))
                    return writer.Fail("--threshold", "is between 0 and 1");
                var single = parsed.GetValue(payment);
                var report = ProgressDisplay.Run(writer, progress => HistoryFile.Score(parsed.GetRequiredValue(model), parsed.GetRequiredValue(data), clock, progress, cancellationToken)
                    .Then(read => Explain(
                        read.Model,
                        read.Scored,
                        single,
                        parsed.GetValue(top),
                        single is not null || parsed.GetValue(counterfactual) ? parsed.GetValue(threshold) : null,
                        parsed.GetValue(unit)!,
                        progress,
                        cancellationToken)));
                return report.TryGet(out var explained, out var refusal)
                    ? writer.Report(explained, ModelsJson.Default.ExplainReport, Show)
                    : writer.Fail(refusal);
            },
            cancellationToken));
        return command;
    }

    private static Result<ExplainReport, Refusal> Explain(
        FraudModel model, ScoredHistory scored, ulong? payment, int top, double? threshold, string unit, IProgress<ProtocolProgress>? progress, CancellationToken cancellationToken)
    {
        int[] rows = [.. Enumerable.Range(0, scored.History.Count)];
        rows = payment is { } id
            ? Array.FindAll(rows, row => scored.History.Payment(row).Id == id)
            : [.. rows.OrderByDescending(row => scored.Scores[row]).Take(top)];
        if (rows.Length == 0)
            return new Refusal("--payment", $"the file has no payment {payment}");
        var explainer = Explainer.For(model.File.Model);
        var writer = new ReasonWriter(model.Features.Schema, FeatureWording.Of(model.Features, scored.History.Categories, unit));
        var explained = new List<ExplainedPayment>();
        foreach (var row in rows)
        {
            progress?.Report(new ProtocolProgress("explaining", explained.Count / (double)rows.Length, null));
            var features = new float[model.Features.Schema.Count];
            scored.Features.CopyRow(row, features);
            var contributions = new double[features.Length];
            var expected = explainer.Explain(features, contributions);
            var bound = new AmountBound(null, double.NaN);
            if (threshold is { } limit && scored.Scores[row] >= limit && !AmountCounterfactual.Find(model, scored.History, row, limit, cancellationToken).TryGet(out bound, out var refusal))
                return refusal;
            explained.Add(Describe(scored, row, expected, [.. writer.Write(features, contributions)], bound, threshold, unit));
        }

        return new ExplainReport(Convert.ToHexStringLower(model.Identity.Span), [.. explained]);
    }

    private static ExplainedPayment Describe(
        ScoredHistory scored, int row, double expected, IReadOnlyList<ReasonCode> reasons, AmountBound bound, double? threshold, string unit)
    {
        const decimal MinorPerMajor = 100;
        var payment = scored.History.Payment(row);
        var sentence = (threshold, bound.AmountMinor) switch
        {
            (null, _) => null,
            ({ } limit, _) when scored.Scores[row] < limit => "It passes as it is.",
            (_, { } amount) => $"With {(amount / MinorPerMajor).ToString("N2", CultureInfo.InvariantCulture)} {unit} it would have scored {bound.Score:0.000} and passed.",
            _ => "No smaller amount would have made it pass: it is not the amount that makes it risky.",
        };
        return new ExplainedPayment(
            payment.Id,
            DateTimeOffset.FromUnixTimeMilliseconds(payment.TimeMs),
            payment.AmountMinor / MinorPerMajor,
            scored.Scores[row],
            expected,
            [.. reasons],
            bound.AmountMinor / MinorPerMajor,
            bound.AmountMinor is null ? null : bound.Score,
            sentence);
    }

    private static void Show(IAnsiConsole terminal, ExplainReport report)
    {
        foreach (var payment in report.Payments)
        {
            terminal.WriteLine($"Payment {payment.Payment}, {payment.Time:yyyy-MM-dd HH:mm:ss} UTC, {payment.Amount.ToString("N2", CultureInfo.InvariantCulture)}: score {payment.Score:0.0000}");
            foreach (var reason in payment.Reasons)
                terminal.WriteLine($"  {reason.Contribution.ToString("+0.00;-0.00", CultureInfo.InvariantCulture)}  {reason.Text}");
            if (payment.Sentence is { } sentence)
                terminal.WriteLine($"  {sentence}");
        }
    }
}
