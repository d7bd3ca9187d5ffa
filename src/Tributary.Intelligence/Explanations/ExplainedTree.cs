using Tributary.Intelligence.Models;

namespace Tributary.Intelligence.Explanations;

/// <summary>Where a tree's edges are in a model's list of edges.</summary>
internal sealed class ExplainedTree
{
    /// <param name="tree">A tree with a node or more.</param>
    /// <param name="edges">The model's edges, to which the tree's are added.</param>
    public ExplainedTree(DecisionTree tree, List<TreeEdge> edges)
    {
        FirstEdge = edges.Count;
        EdgeCount = 2 * tree.Nodes.Length;
        var covers = NodeCovers(tree);
        var pathLengths = new int[EdgeCount];
        var open = new Stack<(int Node, int Parent)>([(0, -1)]);
        while (open.TryPop(out var next))
        {
            var node = tree.Nodes[next.Node];
            var above = Above(edges, node.Feature, next.Parent);
            foreach (var child in new[] { node.Left, node.Right })
            {
                var edge = edges.Count - FirstEdge;
                pathLengths[edge] = (next.Parent < 0 ? 0 : pathLengths[next.Parent]) + (above < 0 ? 1 : 0);
                LongestPath = Math.Max(LongestPath, pathLengths[edge]);
                edges.Add(new TreeEdge
                {
                    Feature = node.Feature,
                    Parent = next.Parent,
                    Above = above,
                    Share = (above < 0 ? 1 : edges[FirstEdge + above].Share) * Cover(tree, covers, child) / covers[next.Node],
                    LeafValue = child < 0 ? tree.LeafValues[~child] : 0,
                    Threshold = node.Threshold,
                    MissingLeft = node.MissingLeft,
                    Categories = node.Categories,
                });
                if (child >= 0)
                    open.Push((child, edge));
            }
        }
    }

    public int FirstEdge { get; }

    public int EdgeCount { get; }

    /// <summary>Different features on a path at most.</summary>
    public int LongestPath { get; }

    private int Above(List<TreeEdge> edges, int feature, int edge)
    {
        while (edge >= 0 && edges[FirstEdge + edge].Feature != feature)
            edge = edges[FirstEdge + edge].Parent;
        return edge;
    }

    private static double[] NodeCovers(DecisionTree tree)
    {
        // Children come after their parents.
        var covers = new double[tree.Nodes.Length];
        for (var node = covers.Length - 1; node >= 0; node--)
            covers[node] = Cover(tree, covers, tree.Nodes[node].Left) + Cover(tree, covers, tree.Nodes[node].Right);
        return covers;
    }

    private static double Cover(DecisionTree tree, double[] nodeCovers, int child) => child >= 0 ? nodeCovers[child] : tree.LeafCovers[~child];
}
