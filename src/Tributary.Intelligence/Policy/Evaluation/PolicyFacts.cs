namespace Tributary.Intelligence.Policy.Evaluation;

/// <summary>Everything that a policy is asked about, for one decision. Reads nothing that is not here; nothing is copied.</summary>
public readonly ref struct PolicyFacts
{
    /// <param name="features">The row of features in the order of the schema; NaN is missing.</param>
    /// <param name="facts">The facts in the order of the schema.</param>
    /// <param name="score">The model's score; NaN where there is none.</param>
    /// <param name="lists">The lists of the schema.</param>
    public PolicyFacts(ReadOnlySpan<float> features, ReadOnlySpan<FactValue> facts, double score, PolicyLists lists)
        : this(features, facts, score, lists, scoreHidden: false)
    {
    }

    private PolicyFacts(ReadOnlySpan<float> features, ReadOnlySpan<FactValue> facts, double score, PolicyLists lists, bool scoreHidden)
    {
        Features = features;
        Facts = facts;
        Score = score;
        Lists = lists;
        ScoreHidden = scoreHidden;
    }

    /// <summary>The row of features.</summary>
    public ReadOnlySpan<float> Features { get; }

    /// <summary>The facts.</summary>
    public ReadOnlySpan<FactValue> Facts { get; }

    /// <summary>The score; NaN where there is none, or where it is hidden.</summary>
    public double Score { get; }

    /// <summary>The lists.</summary>
    public PolicyLists Lists { get; }

    /// <summary>True where conditions are to hold whatever the score is: then even whether it is missing is unknown.</summary>
    internal bool ScoreHidden { get; }

    internal PolicyFacts WithoutScore() => new(Features, Facts, double.NaN, Lists, scoreHidden: true);
}
