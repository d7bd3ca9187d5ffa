using Tributary.Intelligence.Data;
using Tributary.Intelligence.Models;

namespace Tributary.Intelligence.Explanations;

/// <summary>
/// Shapley values of a blend: the weighted sum of its models', in log-odds, because Shapley values are linear in the game. The contributions of a
/// model that does not speak in log-odds (a forest, a calibrated model) are stretched by one factor, so that they add up to its log-odds.
/// </summary>
public sealed class BlendExplainer : IExplainer
{
    private readonly BlendedModel _blend;
    private readonly IExplainer[] _explainers;

    public BlendExplainer(BlendedModel blend)
    {
        _blend = blend;
        _explainers = [.. blend.Models.Select(Explainer.For)];
    }

    public FeatureSchema Schema => _blend.Schema;

    public double Explain(ReadOnlySpan<float> row, Span<double> contributions)
    {
        const int StackFeatures = 512;
        var own = row.Length <= StackFeatures ? stackalloc double[row.Length] : new double[row.Length];
        contributions.Clear();
        double expected = 0;
        for (var i = 0; i < _explainers.Length; i++)
        {
            var from = _explainers[i].Explain(row, own);
            var to = from;
            foreach (var contribution in own)
                to += contribution;
            var (logFrom, logTo) = (ToLogOdds(_blend.Models[i], from), ToLogOdds(_blend.Models[i], to));
            var stretch = Math.Abs(to - from) > 1e-12 ? (logTo - logFrom) / (to - from) : 0;
            expected += _blend.Weights[i] * logFrom;
            for (var feature = 0; feature < own.Length; feature++)
                contributions[feature] += _blend.Weights[i] * stretch * own[feature];
        }

        return expected;
    }

    /// <summary>What a blend hears when a model's raw score is this.</summary>
    private static double ToLogOdds(IModel model, double raw) => model switch
    {
        GbdtModel trees => Logistic.LogOdds(trees.Apply(raw)),
        CalibratedModel calibrated => Logistic.LogOdds(calibrated.Calibration.Calibrate(Logistic.Probability(ToLogOdds(calibrated.Inner, raw)))),
        _ => Logistic.LogOdds(Logistic.Probability(raw)),
    };
}
