using System.Collections.Immutable;

namespace Tributary.Intelligence.Explanations;

/// <summary>A feature that a person could change: an amount, not an age.</summary>
/// <param name="Feature">The feature's name.</param>
/// <param name="Direction">Which way; a category can be changed to any of <see cref="Categories"/>.</param>
/// <param name="Least">The least value that makes sense.</param>
/// <param name="Greatest">The greatest value that makes sense.</param>
public sealed record ActionableFeature(string Feature, ActionDirection Direction, float Least = 0, float Greatest = float.MaxValue)
{
    /// <summary>Categorical: the codes that it could be changed to.</summary>
    public ImmutableArray<int> Categories { get; init; } = [];
}
