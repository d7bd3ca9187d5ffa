using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Tributary.Intelligence.Ranking.Simulation;

/// <summary>A study over seeds.</summary>
/// <param name="Runs">The runs.</param>
public sealed record RoutingStudyReport(ImmutableArray<RoutingStudyRun> Runs)
{
    /// <summary>The router's mean share of the gap between random and oracle.</summary>
    public double RouterMean => Runs.Average(static run => run.Router.GapShare);

    /// <summary>Its lowest.</summary>
    public double RouterLowest => Runs.Min(static run => run.Router.GapShare);

    /// <summary>The baseline's mean share.</summary>
    public double BaselineMean => Runs.Average(static run => run.Baseline.GapShare);

    /// <summary>Its lowest.</summary>
    public double BaselineLowest => Runs.Min(static run => run.Baseline.GapShare);

    /// <summary>The report as lines for a terminal.</summary>
    public string ToText()
    {
        var text = new StringBuilder();
        text.AppendLine("seed   random  oracle  router  share   window  share");
        foreach (var (seed, router, baseline) in Runs)
            text.AppendLine(CultureInfo.InvariantCulture, $"{seed,4}   {router.Random:F4}  {router.Oracle:F4}  {router.Strategy:F4}  {router.GapShare:F3}   {baseline.Strategy:F4}  {baseline.GapShare:F3}");
        text.AppendLine(CultureInfo.InvariantCulture, $"mean share of the gap: router {RouterMean:F3} (lowest {RouterLowest:F3}), window {BaselineMean:F3} (lowest {BaselineLowest:F3})");
        return text.ToString();
    }
}
