using Tributary.Intelligence.Data;
using Tributary.Intelligence.Models;
using Tributary.Intelligence.Training;

namespace Tributary.Intelligence.Tests.Models;

/// <summary>Trees and rows of any shape, drawn from a seed.</summary>
internal static class RandomTrees
{
    /// <summary>Features of which every third is a category.</summary>
    public static FeatureSchema Schema(int features) => new(
        [.. Enumerable.Range(0, features).Select(feature => $"f{feature}")],
        [.. Enumerable.Range(0, features).Select(feature => feature % 3 == 2 ? FeatureKind.Categorical : FeatureKind.Numeric)]);

    public static DecisionTree Tree(ref SeededGenerator generator, int features, int leaves)
    {
        // Leaves are split at random until there are enough.
        var nodes = new List<TreeNode>();
        var parents = new List<(int Node, bool IsLeft)> { (-1, false) };
        while (parents.Count < leaves)
        {
            var leaf = generator.NextInt32(parents.Count);
            var (parent, isLeft) = parents[leaf];
            var node = nodes.Count;
            var feature = generator.NextInt32(features);
            var categories = feature % 3 == 2
                ? new CategorySet([(uint)generator.NextUInt64(), (uint)generator.NextUInt64()], generator.NextInt32(2) == 0)
                : null;
            var threshold = categories is null ? generator.NextInt32(9) - 4 : 0;
            nodes.Add(new TreeNode(feature, threshold, categories, generator.NextInt32(2) == 0, ~leaf, ~parents.Count, generator.NextDouble()));
            if (parent >= 0)
                nodes[parent] = isLeft ? nodes[parent] with { Left = node } : nodes[parent] with { Right = node };
            parents[leaf] = (node, true);
            parents.Add((node, false));
        }

        var values = new double[leaves];
        var covers = new double[leaves];
        for (var leaf = 0; leaf < leaves; leaf++)
            (values[leaf], covers[leaf]) = (generator.NextNormal(), 1 + generator.NextInt32(100));
        return new DecisionTree([.. nodes], [.. values], [.. covers]);
    }

    public static DecisionTree[] Trees(ulong seed, int count, int features, int leaves)
    {
        var generator = new SeededGenerator(seed);
        var trees = new DecisionTree[count];
        for (var i = 0; i < count; i++)
            trees[i] = Tree(ref generator, features, 1 + generator.NextInt32(leaves));
        return trees;
    }

    /// <summary>A row with thresholds, missing values, infinities, unseen codes and values that are no code among its values.</summary>
    public static float[] Row(ref SeededGenerator generator, int features)
    {
        var row = new float[features];
        for (var feature = 0; feature < features; feature++)
        {
            row[feature] = generator.NextInt32(12) switch
            {
                0 => float.NaN,
                1 => float.PositiveInfinity,
                2 => float.NegativeInfinity,
                3 => 70_000,
                4 => (float)generator.NextNormal(),
                _ => feature % 3 == 2 ? generator.NextInt32(70) : generator.NextInt32(9) - 4,
            };
        }

        return row;
    }
}
