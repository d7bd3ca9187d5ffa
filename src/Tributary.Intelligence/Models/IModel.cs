using Tributary.Intelligence.Data;

namespace Tributary.Intelligence.Models;

/// <summary>Anything that turns a row of features into a number. Safe to call from many threads; scoring allocates nothing.</summary>
public interface IModel
{
    /// <summary>The features that a row holds, in order.</summary>
    FeatureSchema Schema { get; }

    /// <summary>A probability in [0, 1] for a binary model, a value for a regression.</summary>
    /// <param name="row"><c>Schema.Count</c> values; NaN is missing. Never NaN itself: infinities are treated as the largest finite value.</param>
    double Score(ReadOnlySpan<float> row);
}
