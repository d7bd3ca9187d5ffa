using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Tributary.Intelligence.Data;
using Tributary.Intelligence.Models;

namespace Tributary.Intelligence.Explanations;

/// <summary>
/// Exact Shapley values of the game that TreeSHAP defines (path-dependent: Lundberg, Erion and Lee, 2018). A leaf pays its value times, for each
/// feature on its path, 1 or 0 as the row does or does not agree with the path (o) when the feature is known, and the share of training rows that
/// do (z) when it is not. The Shapley value of such a product is an integral over the chance t that another feature is known,
/// <c>φᵢ = v (oᵢ − zᵢ) ∫₀¹ ∏ⱼ≠ᵢ (t oⱼ + (1 − t) zⱼ) dt</c>,
/// of a polynomial, which Gauss–Legendre quadrature gives exactly. Products are shared by the leaves below an edge: one pass down the edges of a tree
/// multiplies, one pass up adds, and where a feature is asked again below, the deeper edge takes the shallower one's place (compare Yu et
/// al., "Linear TreeShap", 2022). Eight points, one vector, do for paths of up to sixteen features; longer paths take more passes.
/// </summary>
public sealed class TreeExplainer : IExplainer
{
    private const int Points = 8;

    private readonly GbdtModel _model;
    private readonly ExplainedTree[] _trees;
    private readonly TreeEdge[] _edges;
    private readonly Rule[] _rules;
    private readonly int _mostEdges;

    public TreeExplainer(GbdtModel model)
    {
        _model = model;
        var edges = new List<TreeEdge>();
        _trees = [.. model.Trees.Where(tree => !tree.Nodes.IsEmpty).Select(tree => new ExplainedTree(tree, edges))];
        _edges = [.. edges];
        _mostEdges = _trees.Length == 0 ? 0 : _trees.Max(tree => tree.EdgeCount);
        ExpectedValue = model.BaseScore;
        foreach (var tree in model.Trees)
            ExpectedValue += tree.LeafValues.Zip(tree.LeafCovers, (value, cover) => value * cover).Sum() / tree.LeafCovers.Sum();

        // A path of m features is a polynomial of degree m − 1, exact with m / 2 points.
        var passes = _trees.Length == 0 ? 0 : _trees.Max(tree => Passes(tree.LongestPath));
        _rules = [.. Enumerable.Range(1, passes).Select(count => new Rule(count))];
    }

    public FeatureSchema Schema => _model.Schema;

    /// <summary>The raw score averaged over the training rows, as the trees' covers weigh them.</summary>
    public double ExpectedValue { get; }

    public double Explain(ReadOnlySpan<float> row, Span<double> contributions)
    {
        if (row.Length != Schema.Count || contributions.Length != row.Length)
            throw new ArgumentException($"A row of {row.Length} values and {contributions.Length} contributions for {Schema.Count} features.", nameof(row));

        // One vector per feature collects what its points add; the points are summed once, at the end.
        var vectors = ArrayPool<Vector512<double>>.Shared.Rent(row.Length + (3 * _mostEdges));
        var agreements = ArrayPool<double>.Shared.Rent(2 * _mostEdges);
        var sums = vectors.AsSpan(0, row.Length);
        sums.Clear();
        foreach (var tree in _trees)
        {
            Ask(tree, row, agreements);
            var rule = _rules[Passes(tree.LongestPath) - 1];
            for (var pass = 0; pass < rule.Known.Length; pass++)
                AddTree(tree, rule.Known[pass], rule.Weights[pass], agreements, vectors, row.Length);
        }

        for (var feature = 0; feature < row.Length; feature++)
            contributions[feature] = Vector512.Sum(sums[feature]);
        ArrayPool<Vector512<double>>.Shared.Return(vectors);
        ArrayPool<double>.Shared.Return(agreements);
        return ExpectedValue;
    }

    private static int Passes(int pathFeatures) => Math.Max(1, (pathFeatures + (2 * Points) - 1) / (2 * Points));

    /// <summary>Whether the row agrees with each edge and those above it of the same feature: 1 or 0. The edges of a node lie side by side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Ask(ExplainedTree tree, ReadOnlySpan<float> row, double[] agreements)
    {
        ref var agrees = ref MemoryMarshal.GetArrayDataReference(agreements);
        ref var edge = ref _edges[tree.FirstEdge];
        ref var value = ref MemoryMarshal.GetReference(row);
        for (nint i = 0; i < tree.EdgeCount; i += 2)
        {
            ref readonly var left = ref Unsafe.Add(ref edge, i);
            var x = Unsafe.Add(ref value, left.Feature);
            var goesLeft = left.Categories is null && !float.IsNaN(x)
                ? Unsafe.BitCast<bool, byte>(x <= left.Threshold)
                : Unsafe.BitCast<bool, byte>(float.IsNaN(x) ? left.MissingLeft : left.Categories!.Contains(x));
            var above = left.Above < 0 ? 1 : Unsafe.Add(ref agrees, left.Above);
            Unsafe.Add(ref agrees, i) = above * goesLeft;
            Unsafe.Add(ref agrees, i + 1) = above * (1 - goesLeft);
        }
    }

    /// <summary>Adds what a tree's features contribute at eight points of the quadrature.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddTree(ExplainedTree tree, Vector512<double> known, Vector512<double> weights, double[] agreements, Vector512<double>[] vectors, int features)
    {
        ref var sums = ref MemoryMarshal.GetArrayDataReference(vectors);
        ref var products = ref Unsafe.Add(ref sums, features);
        ref var inverses = ref Unsafe.Add(ref products, _mostEdges);
        ref var paid = ref Unsafe.Add(ref inverses, _mostEdges);
        ref var agrees = ref MemoryMarshal.GetArrayDataReference(agreements);
        ref var first = ref _edges[tree.FirstEdge];
        var unknown = Vector512<double>.One - known;
        for (nint i = 0; i < tree.EdgeCount; i++)
        {
            ref readonly var edge = ref Unsafe.Add(ref first, i);
            var factor = (unknown * edge.Share) + (known * Unsafe.Add(ref agrees, i));
            var product = factor * (edge.Parent < 0 ? weights : Unsafe.Add(ref products, edge.Parent));
            if (edge.Above >= 0)
                product *= Unsafe.Add(ref inverses, edge.Above);
            Unsafe.Add(ref products, i) = product;
            Unsafe.Add(ref inverses, i) = Vector512<double>.One / factor;
            Unsafe.Add(ref paid, i) = product * edge.LeafValue;
        }

        for (nint i = tree.EdgeCount - 1; i >= 0; i--)
        {
            ref readonly var edge = ref Unsafe.Add(ref first, i);
            var below = Unsafe.Add(ref paid, i);
            var gain = Unsafe.Add(ref inverses, i) * (Unsafe.Add(ref agrees, i) - edge.Share);
            if (edge.Above >= 0)
                gain -= Unsafe.Add(ref inverses, edge.Above) * (Unsafe.Add(ref agrees, edge.Above) - Unsafe.Add(ref first, edge.Above).Share);
            Unsafe.Add(ref sums, edge.Feature) += below * gain;
            if (edge.Parent >= 0)
                Unsafe.Add(ref paid, edge.Parent) += below;
        }
    }

    /// <summary>The points of a quadrature and their weights, in vectors.</summary>
    private sealed class Rule
    {
        public Rule(int vectors)
        {
            var (points, weights) = GaussLegendre.Rule(vectors * Points);
            Known = [.. Enumerable.Range(0, vectors).Select(i => Vector512.Create(points, i * Points))];
            Weights = [.. Enumerable.Range(0, vectors).Select(i => Vector512.Create(weights, i * Points))];
        }

        public Vector512<double>[] Known { get; }

        public Vector512<double>[] Weights { get; }
    }
}
