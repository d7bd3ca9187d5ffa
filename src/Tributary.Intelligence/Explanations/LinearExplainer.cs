using Tributary.Intelligence.Data;
using Tributary.Intelligence.Models;

namespace Tributary.Intelligence.Explanations;

/// <summary>Shapley values of a logistic regression: a feature's term less what the term is on average.</summary>
public sealed class LinearExplainer(LogisticModel model) : IExplainer
{
    private readonly double _expected = model.Intercept + model.Terms.Sum(term => term.Mean);

    public FeatureSchema Schema => model.Schema;

    public double Explain(ReadOnlySpan<float> row, Span<double> contributions)
    {
        for (var feature = 0; feature < row.Length; feature++)
            contributions[feature] = model.Terms[feature].Value(row[feature]) - model.Terms[feature].Mean;
        return _expected;
    }
}
