using System.Collections.Immutable;
using Tributary.Intelligence.Data;

namespace Tributary.Intelligence.Drift;

/// <summary>What rows, scores and labels looked like when the model was made: counts per bin, never a row.</summary>
/// <param name="Features">A distribution per feature of the schema.</param>
/// <param name="Scores">Of the scores, on rows that the model was not trained on where there are such.</param>
/// <param name="Labels">Of the labels.</param>
public sealed record DriftReference(ImmutableArray<ReferenceDistribution> Features, ReferenceDistribution Scores, ReferenceDistribution Labels)
{
    /// <summary>The reference of a table.</summary>
    /// <param name="x">The rows.</param>
    /// <param name="scores">Their scores, of rows left out of the training where there are such.</param>
    /// <param name="y">Their labels.</param>
    public static DriftReference Of(FeatureMatrix x, ReadOnlySpan<double> scores, ReadOnlySpan<float> y)
    {
        var features = ImmutableArray.CreateBuilder<ReferenceDistribution>(x.Schema.Count);
        for (var feature = 0; feature < x.Schema.Count; feature++)
            features.Add(ReferenceDistribution.Of(x.Schema.Names[feature], x.Schema.Kinds[feature], x.Column(feature)));
        var narrow = new float[scores.Length];
        for (var i = 0; i < narrow.Length; i++)
            narrow[i] = (float)scores[i];
        return new DriftReference(
            features.MoveToImmutable(),
            ReferenceDistribution.Of("score", FeatureKind.Numeric, narrow, bins: 20),
            ReferenceDistribution.Of("label", FeatureKind.Categorical, y));
    }

    public bool Equals(DriftReference? other) =>
        other is not null && Scores == other.Scores && Labels == other.Labels && Features.AsSpan().SequenceEqual(other.Features.AsSpan());

    public override int GetHashCode() => HashCode.Combine(Features.Length, Scores, Labels);
}
