using System.Collections.Immutable;
using Tributary.Intelligence.Data;

namespace Tributary.Intelligence.Models;

/// <summary>
/// A sum of decision trees. The trees are kept twice: as they were grown, for explanations and for the model file, and laid out for scoring.
/// A row's NaN goes where training sent missing values (where it saw none: with most rows); a category never seen goes with most rows.
/// </summary>
public sealed class GbdtModel : IModel
{
    /// <summary>Features of a schema at most.</summary>
    public const int MaxFeatures = 65_535;

    /// <summary>Trees at most: each takes a kilobyte, laid out for scoring, however few bytes it has in a file.</summary>
    public const int MaxTrees = 100_000;

    private readonly TreeTraversal? _traversal;
    private readonly TreeVectors? _vectors;

    /// <param name="schema">The features.</param>
    /// <param name="trees">The trees; a tree's features must be in the schema.</param>
    /// <param name="baseScore">What every row scores before the first tree.</param>
    /// <param name="link">How the sum becomes the score.</param>
    public GbdtModel(FeatureSchema schema, ImmutableArray<DecisionTree> trees, double baseScore, ScoreLink link)
    {
        if (FindFault(schema, trees, baseScore) is { } fault)
            throw new ArgumentException(fault, nameof(trees));
        Schema = schema;
        Trees = trees;
        BaseScore = baseScore;
        Link = link;
        if (TreeVectors.Fits(trees, schema.Count))
            _vectors = new TreeVectors(trees, schema.Count);
        else
            _traversal = new TreeTraversal(trees);
    }

    public FeatureSchema Schema { get; }

    public ImmutableArray<DecisionTree> Trees { get; }

    /// <summary>What every row scores before the first tree.</summary>
    public double BaseScore { get; }

    public ScoreLink Link { get; }

    public double Score(ReadOnlySpan<float> row) => Apply(RawScore(row));

    /// <summary>The sum of the trees: log-odds for a boosted binary model.</summary>
    public double RawScore(ReadOnlySpan<float> row)
    {
        if (row.Length != Schema.Count)
            throw new ArgumentException($"A row of {row.Length} values for {Schema.Count} features.", nameof(row));
        return BaseScore + (_vectors is { } vectors ? vectors.Sum(row) : _traversal!.Sum(row));
    }

    /// <summary>The score of a raw score.</summary>
    public double Apply(double raw) => Link switch
    {
        ScoreLink.Logistic => Logistic.Probability(raw),
        ScoreLink.Share => Math.Clamp(raw, 0, 1),
        _ => raw,
    };

    /// <summary>Why trees do not fit a schema; null when they do.</summary>
    internal static string? FindFault(FeatureSchema schema, ImmutableArray<DecisionTree> trees, double baseScore)
    {
        if (!Magnitude.IsUsable(baseScore))
            return "The base score is not finite.";
        if (schema.Count > MaxFeatures)
            return $"{schema.Count} features are more than {MaxFeatures}.";
        if (trees.Length > MaxTrees)
            return $"{trees.Length} trees are more than {MaxTrees}.";
        foreach (var node in trees.SelectMany(tree => tree.Nodes))
        {
            if (node.Feature < 0 || node.Feature >= schema.Count)
                return $"A node asks for feature {node.Feature} of {schema.Count}.";
            if (node.Categories is not null != (schema.Kinds[node.Feature] == FeatureKind.Categorical))
                return $"A node's question does not fit the kind of '{schema.Names[node.Feature]}'.";
        }

        return null;
    }

    /// <summary>For each feature the reduction of the training loss by its splits, as a share of all.</summary>
    public double[] GainShares()
    {
        var shares = new double[Schema.Count];
        foreach (var node in Trees.SelectMany(tree => tree.Nodes))
            shares[node.Feature] += node.Gain;
        var total = shares.Sum();
        for (var feature = 0; total > 0 && feature < shares.Length; feature++)
            shares[feature] /= total;
        return shares;
    }
}
