using Tributary.Intelligence.Data;

namespace Tributary.Intelligence.Explanations;

/// <summary>
/// Shares a row's raw score out to its features (Shapley values: Lundberg and Lee, 2017). What every row starts from plus all contributions is the
/// row's raw score. Safe to call from many threads; allocates nothing.
/// </summary>
public interface IExplainer
{
    /// <summary>The features that a row holds, in order.</summary>
    FeatureSchema Schema { get; }

    /// <summary>Writes what each feature adds to the raw score (log-odds for a binary model).</summary>
    /// <param name="row"><c>Schema.Count</c> values; NaN is missing.</param>
    /// <param name="contributions"><c>Schema.Count</c> numbers.</param>
    /// <returns>What a row scores on average over the training rows, before anything is known about it.</returns>
    double Explain(ReadOnlySpan<float> row, Span<double> contributions);
}
