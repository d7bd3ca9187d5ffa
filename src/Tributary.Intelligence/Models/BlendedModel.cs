using System.Collections.Immutable;
using Tributary.Intelligence.Data;

namespace Tributary.Intelligence.Models;

/// <summary>A weighted mean of models of one schema, taken in log-odds, so that a model that is certain is heard.</summary>
public sealed class BlendedModel : IModel
{
    /// <param name="models">Binary models of one schema, one or more.</param>
    /// <param name="weights">A weight per model, not negative, with the sum 1.</param>
    public BlendedModel(ImmutableArray<IModel> models, ImmutableArray<double> weights)
    {
        if (models.IsEmpty || models.Length != weights.Length)
            throw new ArgumentException("A blend needs one model or more, and a weight for each.", nameof(models));
        if (models.Any(model => !model.Schema.Equals(models[0].Schema)))
            throw new ArgumentException("The models of a blend must have one schema.", nameof(models));
        if (weights.Any(weight => !(weight >= 0)) || Math.Abs(weights.Sum() - 1) > 1e-9)
            throw new ArgumentException("The weights of a blend are not negative and have the sum 1.", nameof(weights));
        Models = models;
        Weights = weights;
    }

    public FeatureSchema Schema => Models[0].Schema;

    public ImmutableArray<IModel> Models { get; }

    /// <summary>A weight per model.</summary>
    public ImmutableArray<double> Weights { get; }

    public double Score(ReadOnlySpan<float> row)
    {
        double sum = 0;
        for (var i = 0; i < Models.Length; i++)
            sum += Weights[i] * Logistic.LogOdds(Models[i].Score(row));
        return Logistic.Probability(sum);
    }
}
