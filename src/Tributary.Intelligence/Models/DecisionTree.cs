using System.Collections.Immutable;

namespace Tributary.Intelligence.Models;

/// <summary>
/// A binary tree of questions. Nodes come before their children; every node but the first, and every leaf, is the child of exactly one node.
/// A tree without nodes is one leaf.
/// </summary>
public sealed class DecisionTree
{
    /// <param name="nodes">The questions.</param>
    /// <param name="leafValues">What each leaf adds to the raw score: finite.</param>
    /// <param name="leafCovers">Training rows of each leaf: positive.</param>
    public DecisionTree(ImmutableArray<TreeNode> nodes, ImmutableArray<double> leafValues, ImmutableArray<double> leafCovers)
    {
        if (FindFault(nodes, leafValues, leafCovers) is { } fault)
            throw new ArgumentException(fault, nameof(nodes));
        Nodes = nodes;
        LeafValues = leafValues;
        LeafCovers = leafCovers;
    }

    public ImmutableArray<TreeNode> Nodes { get; }

    /// <summary>What each leaf adds to the raw score.</summary>
    public ImmutableArray<double> LeafValues { get; }

    /// <summary>Training rows of each leaf.</summary>
    public ImmutableArray<double> LeafCovers { get; }

    /// <summary>The leaf that a row falls into.</summary>
    public int LeafOf(ReadOnlySpan<float> row)
    {
        var at = Nodes.IsEmpty ? ~0 : 0;
        while (at >= 0)
        {
            var node = Nodes[at];
            at = node.GoesLeft(row[node.Feature]) ? node.Left : node.Right;
        }

        return ~at;
    }

    /// <summary>Why nodes and leaves do not form a tree; null when they do.</summary>
    internal static string? FindFault(ImmutableArray<TreeNode> nodes, ImmutableArray<double> leafValues, ImmutableArray<double> leafCovers)
    {
        if (leafValues.Length != nodes.Length + 1 || leafCovers.Length != leafValues.Length)
            return $"{nodes.Length} nodes need {nodes.Length + 1} leaves with a value and a cover each.";
        if (leafValues.Any(value => !Magnitude.IsUsable(value)))
            return "A leaf's value is not finite.";
        if (leafCovers.Any(cover => !(cover > 0) || !Magnitude.IsUsable(cover)))
            return "A leaf's cover is not positive.";

        var seenNodes = new bool[nodes.Length];
        var seenLeaves = new bool[leafValues.Length];
        for (var i = 0; i < nodes.Length; i++)
        {
            if (float.IsNaN(nodes[i].Threshold))
                return $"The threshold of node {i} is NaN.";
            if (!Take(nodes[i].Left, i) || !Take(nodes[i].Right, i))
                return $"A child of node {i} is out of range, comes before it, or has another parent.";
        }

        return null;

        bool Take(int child, int parent)
        {
            var (seen, at) = child >= 0 ? (seenNodes, child) : (seenLeaves, ~child);
            if (at >= seen.Length || seen[at] || (child >= 0 && child <= parent))
                return false;
            return seen[at] = true;
        }
    }
}
