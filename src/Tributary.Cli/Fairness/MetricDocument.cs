using Tributary.Intelligence.Fairness;

namespace Tributary.Cli.Fairness;

/// <summary>A metric with its intervals; null where a value is not defined.</summary>
/// <param name="Name">The metric.</param>
/// <param name="Estimate">On the rows as they are.</param>
/// <param name="Low">Lower end of the bootstrap interval.</param>
/// <param name="High">Upper end.</param>
/// <param name="AnalyticLow">Lower end of the interval by formula.</param>
/// <param name="AnalyticHigh">Upper end.</param>
internal sealed record MetricDocument(string Name, double? Estimate, double? Low, double? High, double? AnalyticLow, double? AnalyticHigh)
{
    internal static MetricDocument Of(FairnessMetric metric) => new(
        metric.Name,
        Finite(metric.Estimate),
        Finite(metric.Bootstrap.Low),
        Finite(metric.Bootstrap.High),
        metric.Analytic is { } low ? Finite(low.Low) : null,
        metric.Analytic is { } high ? Finite(high.High) : null);

    internal static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
