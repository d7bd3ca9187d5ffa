using System.Text.RegularExpressions;
using System.Xml.Linq;
using Tributary.Intelligence.Decisions.Backtesting;
using Tributary.Intelligence.Protocols;
using Tributary.Intelligence.Protocols.TimeSplit;
using Tributary.Intelligence.Reports;
using Tributary.Intelligence.Tests.Protocols;

namespace Tributary.Intelligence.Tests.Reports;

public sealed partial class EvaluationPageTests
{
    private static readonly Lazy<(EvaluationReport Report, string Page)> Written = new(Write);

    [Fact]
    public void The_page_needs_nothing_else_and_tells_how_it_was_made()
    {
        var (report, page) = Written.Value;
        Assert.DoesNotMatch(Links(), page);
        Assert.Contains("<script>&quot;x.csv", page.Replace("&lt;script&gt;", "<script>", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        foreach (var fact in (string[])[report.Data.Sha256, "a machine", "tributary model evaluate", "seed".ToUpperInvariant()[..1] + "eed"])
            Assert.Contains(fact, page, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_plot_has_a_title_a_description_and_its_numbers_in_a_table()
    {
        var page = Written.Value.Page;
        var document = XDocument.Parse(page["<!doctype html>".Length..].Replace("<meta charset=\"utf-8\">", "", StringComparison.Ordinal).Replace("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">", "", StringComparison.Ordinal));
        var figures = document.Descendants("figure").ToArray();
        Assert.Equal(["ROC curve", "Precision and recall", "Calibration", "Lift", "Net value by threshold", "What moves the score"], figures.Select(static figure => figure.Element("h3")!.Value), StringComparer.Ordinal);
        var ids = document.Descendants().Attributes("id").Select(static id => id.Value).ToArray();
        Assert.Equal(ids.Length, ids.Distinct(StringComparer.Ordinal).Count());
        Assert.All(figures, figure =>
        {
            var svg = figure.Element("svg")!;
            Assert.Equal("img", svg.Attribute("role")!.Value);
            Assert.All(svg.Attribute("aria-labelledby")!.Value.Split(' '), id => Assert.Contains(id, ids, StringComparer.Ordinal));
            Assert.NotEmpty(svg.Element("title")!.Value);
            Assert.NotEmpty(svg.Element("desc")!.Value);
            var table = figure.Descendants("table").Single();
            var width = table.Element("thead")!.Descendants("th").Count();
            Assert.NotEmpty(table.Element("tbody")!.Elements("tr"));
            Assert.All(table.Element("tbody")!.Elements("tr"), row => Assert.Equal(width, row.Elements().Count()));
            Assert.DoesNotContain("NaN", svg.ToString(), StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Policies_are_measured_against_letting_everything_pass()
    {
        var policies = Written.Value.Report.Policies;
        Assert.Equal((0, 0, 0, 0L), (policies[0].Blocked, policies[0].Reviewed, policies[0].SteppedUp, policies[0].NetValueMinor));
        Assert.All(policies, static policy => Assert.InRange(policy.FraudStoppedShare, 0, 1));
        Assert.True(policies[^1].NetValueMinor > 0);
    }

    [Fact]
    public void Policies_cost_and_save_what_a_count_by_hand_finds()
    {
        var payments = new ScoredPayments([.95, .95, .3, .01], [1, 0, 1, 0], [10_000, 20_000, 5_000, 70_000]);
        var policies = PolicyTable.Measure(payments, new BacktestEconomics(MarginBasisPoints: 300, ReviewCost: 300));
        Assert.Equal(10_000 - 600, policies.Single(static policy => policy.Name is "Block from 50 %").NetValueMinor);
        Assert.Equal(500, policies.Single(static policy => policy.Name is "Block from 50 %").FalseBlocksPerThousand);
        Assert.Equal(10_000 - 600 + 5_000 - 300, policies.Single(static policy => policy.Name is "Block from 90 %, review from 20 %").NetValueMinor);
    }

    private static (EvaluationReport Report, string Page) Write()
    {
        var options = new TimeSplitOptions { Features = PaymentFormat.Commerce.Engine, Replicates = 5 };
        var run = TimeSplitProtocol.Run(Shop.History(), options, TimeProvider.System).Value;
        var data = new DataFacts("<script>\"x.csv", new string('a', 64), 1, 2, 1, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch);
        var report = TimeSplitSummary.Of("commerce", run, options, data, new RunFacts(DateTimeOffset.UnixEpoch, 1, "a machine", "tributary model evaluate"));
        return (report, EvaluationPage.Write(report, run.Payments, run.Model, run.Features, run.Payments.Labels, options.Economics));
    }

    [GeneratedRegex("(src|href)=|url\\(|@import|https?:", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Links();
}
