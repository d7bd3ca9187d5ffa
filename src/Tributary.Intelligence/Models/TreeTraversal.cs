using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Tributary.Intelligence.Models;

/// <summary>Trees laid out in one array of sixteen-byte nodes, walked one after another: the reference for the vector form.</summary>
internal sealed class TreeTraversal
{
    private readonly Node[] _nodes;
    private readonly int[] _roots;
    private readonly double[] _leafValues;
    private readonly CategorySet[] _sets;

    public TreeTraversal(ImmutableArray<DecisionTree> trees)
    {
        var nodes = new List<Node>();
        var values = new List<double>();
        var sets = new List<CategorySet>();
        _roots = new int[trees.Length];
        for (var i = 0; i < trees.Length; i++)
        {
            var (firstNode, firstLeaf) = (nodes.Count, values.Count);
            _roots[i] = trees[i].Nodes.IsEmpty ? ~firstLeaf : firstNode;
            values.AddRange(trees[i].LeafValues);
            foreach (var node in trees[i].Nodes)
            {
                var key = BitConverter.SingleToInt32Bits(node.Threshold);
                if (node.Categories is { } set)
                {
                    key = sets.Count;
                    sets.Add(set);
                }

                nodes.Add(new Node(key, (ushort)node.Feature, node.Categories is not null, node.MissingLeft, Child(node.Left), Child(node.Right)));
            }

            int Child(int child) => child >= 0 ? child + firstNode : ~(~child + firstLeaf);
        }

        _nodes = [.. nodes];
        _leafValues = [.. values];
        _sets = [.. sets];
    }

    /// <summary>The sum of the leaves that a row falls into, in the order of the trees.</summary>
    public double Sum(ReadOnlySpan<float> row)
    {
        double sum = 0;
        foreach (var root in _roots)
        {
            var at = root;
            while (at >= 0)
            {
                ref readonly var node = ref _nodes[at];
                at = GoesLeft(node, row[node.Feature]) ? node.Left : node.Right;
            }

            sum += _leafValues[~at];
        }

        return sum;
    }

    private bool GoesLeft(in Node node, float value)
    {
        if (float.IsNaN(value))
            return node.MissingLeft;
        return node.IsCategorical ? _sets[node.Key].Contains(value) : value <= BitConverter.Int32BitsToSingle(node.Key);
    }

    /// <summary>A question; its key is the bits of the threshold, or the index of the category set.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Node(int Key, ushort Feature, bool IsCategorical, bool MissingLeft, int Left, int Right);
}
