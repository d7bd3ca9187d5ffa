using System.Collections.Immutable;
using Tributary.Intelligence.Data;

namespace Tributary.Intelligence.Models;

/// <summary>
/// Logistic regression: log-odds are an intercept plus one term per feature. Standardisation, one-hot encoding and what missing values mean are
/// inside the model, so a row goes in as it is.
/// </summary>
public sealed class LogisticModel : IModel
{
    /// <param name="schema">The features.</param>
    /// <param name="intercept">The log-odds when every term is zero.</param>
    /// <param name="terms">A term per feature, of the feature's kind.</param>
    public LogisticModel(FeatureSchema schema, double intercept, ImmutableArray<LogisticTerm> terms)
    {
        if (terms.Length != schema.Count)
            throw new ArgumentException($"{terms.Length} terms for {schema.Count} features.", nameof(terms));
        for (var feature = 0; feature < terms.Length; feature++)
        {
            if (terms[feature] is CategoryTerm != (schema.Kinds[feature] == FeatureKind.Categorical))
                throw new ArgumentException($"The term of '{schema.Names[feature]}' is not of the feature's kind.", nameof(terms));
        }

        Schema = schema;
        Intercept = intercept;
        Terms = terms;
    }

    public FeatureSchema Schema { get; }

    /// <summary>The log-odds when every term is zero.</summary>
    public double Intercept { get; }

    /// <summary>A term per feature.</summary>
    public ImmutableArray<LogisticTerm> Terms { get; }

    public double Score(ReadOnlySpan<float> row) => Logistic.Probability(RawScore(row));

    /// <summary>The log-odds of a row.</summary>
    public double RawScore(ReadOnlySpan<float> row)
    {
        if (row.Length != Terms.Length)
            throw new ArgumentException($"A row of {row.Length} values for {Terms.Length} features.", nameof(row));
        var sum = Intercept;
        for (var feature = 0; feature < row.Length; feature++)
            sum += Terms[feature].Value(row[feature]);
        return sum;
    }
}
