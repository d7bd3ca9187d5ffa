using System.Runtime.CompilerServices;
using Tributary.Intelligence.Data;
using Tributary.Intelligence.Models;

namespace Tributary.Intelligence.Training;

/// <summary>
/// Grows one tree after another over the same rows, leaf-wise: the open leaf whose split gains most is split next. The smaller child's histogram is
/// built from its rows, the larger child's is the parent's less the smaller's.
/// </summary>
internal sealed unsafe class TreeGrower : IDisposable
{
    /// <summary>Open leaves with fewer rows do not keep their histogram: building it again costs less than the memory of many.</summary>
    private const int KeepHistogramRows = 1024;

    /// <summary>Rows from which threads share the leaves: below, waking them costs more than they do.</summary>
    private const int ParallelRows = 32_768;

    private readonly BinnedMatrix _matrix;
    private readonly GradientBuffer _gradients;
    private readonly GbdtOptions _options;
    private readonly int _threads;
    private readonly HistogramBuilder _histograms;
    private readonly SplitFinder _finder;
    private readonly RowPartition _rows;
    private readonly List<Leaf> _leaves = [];
    private readonly List<TreeNode> _nodes = [];
    private readonly PriorityQueue<int, (double NegativeGain, int Leaf)> _open = new();
    private readonly bool[] _treeFeatures;
    private readonly bool[] _splitFeatures;

    public TreeGrower(BinnedMatrix matrix, GradientBuffer gradients, GbdtOptions options, int threads)
    {
        _matrix = matrix;
        _gradients = gradients;
        _options = options;
        _threads = threads;
        _histograms = new HistogramBuilder(matrix, gradients, threads);
        _finder = new SplitFinder(matrix, options);
        _rows = new RowPartition(matrix.RowCount, threads);
        _treeFeatures = new bool[matrix.Bins.Length];
        _splitFeatures = new bool[matrix.Bins.Length];
    }

    /// <summary>Grows a tree and adds its values, times <paramref name="scale"/>, to the scores of every row.</summary>
    /// <param name="generator">Draws the features.</param>
    /// <param name="scale">The learning rate.</param>
    /// <param name="scores">The raw score of each row; empty to leave them.</param>
    public DecisionTree Grow(ref SeededGenerator generator, double scale, Memory<double> scores)
    {
        var rules = new SplitRules(_options, _gradients.GradientScale, _gradients.HessianScale);
        _leaves.Clear();
        _nodes.Clear();
        _open.Clear();
        _rows.Reset();
        DrawTreeFeatures(ref generator);

        var root = new Leaf { RowCount = _matrix.RowCount, Histogram = _histograms.Rent() };
        _histograms.Build(null, root.RowCount, _treeFeatures, root.Histogram);
        root.Sums = _histograms.Total(root.Histogram, Array.IndexOf(_treeFeatures, true));
        _leaves.Add(root);
        Evaluate(0, rules, ref generator);
        while (_leaves.Count < _options.MaxLeaves && _open.TryDequeue(out var leaf, out _))
            SplitLeaf(leaf, rules, ref generator);

        foreach (var leaf in _leaves)
            Release(leaf);
        return Finish(rules, scale, scores);
    }

    public void Dispose()
    {
        _histograms.Dispose();
        _finder.Dispose();
        _rows.Dispose();
    }

    private void DrawTreeFeatures(ref SeededGenerator generator)
    {
        Array.Fill(_treeFeatures, true);
        DropFeatures(_treeFeatures, _options.FeatureShare, ref generator);
    }

    /// <summary>Leaves at least one of the features that are set, and about the share of them.</summary>
    private static void DropFeatures(Span<bool> features, double share, ref SeededGenerator generator)
    {
        if (share >= 1)
            return;
        Span<int> set = new int[features.Length];
        var count = 0;
        for (var feature = 0; feature < features.Length; feature++)
        {
            if (features[feature])
                set[count++] = feature;
        }

        set = set[..count];
        generator.Shuffle(set);
        foreach (var feature in set[Math.Max(1, (int)Math.Round(share * count))..])
            features[feature] = false;
    }

    private void Evaluate(int index, in SplitRules rules, ref SeededGenerator generator)
    {
        var leaf = _leaves[index];
        _treeFeatures.CopyTo(_splitFeatures, 0);
        DropFeatures(_splitFeatures, _options.FeatureSharePerSplit, ref generator);
        leaf.Split = _finder.Find(leaf.Histogram!.Pointer, _histograms.Length, leaf.Sums, leaf.Bounds, _splitFeatures, rules);
        if (leaf.Split.Feature >= 0)
            _open.Enqueue(index, (-leaf.Split.Gain, index));
        if (leaf.Split.Feature < 0 || leaf.RowCount < KeepHistogramRows)
            Release(leaf);
    }

    private bool MaySplit(Leaf leaf) =>
        leaf.Sums.Count >= 2.0 * _options.MinLeafRows && (_options.MaxDepth == 0 || leaf.Depth < _options.MaxDepth) && _leaves.Count < _options.MaxLeaves;

    private void SplitLeaf(int index, in SplitRules rules, ref SeededGenerator generator)
    {
        var parent = _leaves[index];
        var split = parent.Split;
        var leftRows = _rows.Split(parent.Start, parent.RowCount, _matrix.Column(split.Feature), split.LeftBins);
        var node = _nodes.Count;
        var rightIndex = _leaves.Count;
        _nodes.Add(ToNode(split, ~index, ~rightIndex));
        if (parent.Node >= 0)
            _nodes[parent.Node] = parent.IsLeft ? _nodes[parent.Node] with { Left = node } : _nodes[parent.Node] with { Right = node };

        var (leftBounds, rightBounds) = ChildBounds(parent, rules);
        var left = new Leaf
        {
            Start = parent.Start,
            RowCount = leftRows,
            Sums = split.Left,
            Bounds = leftBounds,
            Depth = parent.Depth + 1,
            Node = node,
            IsLeft = true,
        };
        var right = new Leaf
        {
            Start = parent.Start + leftRows,
            RowCount = parent.RowCount - leftRows,
            Sums = parent.Sums - split.Left,
            Bounds = rightBounds,
            Depth = parent.Depth + 1,
            Node = node,
        };
        _leaves[index] = left;
        _leaves.Add(right);
        BuildHistograms(parent, left, right);
        if (left.Histogram is not null)
            Evaluate(index, rules, ref generator);
        if (right.Histogram is not null)
            Evaluate(rightIndex, rules, ref generator);
    }

    private void BuildHistograms(Leaf parent, Leaf left, Leaf right)
    {
        var (smaller, larger) = left.RowCount <= right.RowCount ? (left, right) : (right, left);
        var (wantSmaller, wantLarger) = (MaySplit(smaller), MaySplit(larger));
        if (wantSmaller || (wantLarger && parent.Histogram is not null))
            Build(smaller);
        if (wantLarger && parent.Histogram is { } histogram)
        {
            HistogramKernel.Subtract(histogram.Pointer, smaller.Histogram!.Pointer, 3 * _histograms.Length);
            (larger.Histogram, parent.Histogram) = (histogram, null);
        }
        else if (wantLarger)
        {
            Build(larger);
        }

        Release(parent);
        if (!wantSmaller)
            Release(smaller);

        void Build(Leaf leaf)
        {
            leaf.Histogram = _histograms.Rent();
            _histograms.Build(_rows.Rows + leaf.Start, leaf.RowCount, _treeFeatures, leaf.Histogram);
        }
    }

    /// <summary>Under a constraint neither side may cross the middle of both steps, so that no later split below can turn their order.</summary>
    private (StepBounds Left, StepBounds Right) ChildBounds(Leaf parent, in SplitRules rules)
    {
        var (feature, bounds) = (parent.Split.Feature, parent.Bounds);
        var sign = _options.Monotone.IsDefaultOrEmpty ? 0 : _options.Monotone[feature];
        if (sign == 0)
            return (bounds, bounds);

        var left = rules.Step(parent.Split.Left, rules.L2, bounds.Lowest, bounds.Highest);
        var right = rules.Step(parent.Sums - parent.Split.Left, rules.L2, bounds.Lowest, bounds.Highest);
        var middle = (left + right) / 2;
        var (below, above) = (bounds with { Highest = middle }, bounds with { Lowest = middle });
        return sign > 0 ? (below, above) : (above, below);
    }

    private TreeNode ToNode(Split split, int left, int right)
    {
        var bins = _matrix.Bins[split.Feature];
        var missingLeft = split.LeftBins.Contains(bins.MissingBin);
        if (bins.Kind == FeatureKind.Numeric)
        {
            var threshold = split.Bin < bins.Bounds.Length ? bins.Bounds[split.Bin] : float.PositiveInfinity;
            return new TreeNode(split.Feature, threshold, null, missingLeft, left, right, split.Gain);
        }

        var unseenLeft = split.LeftBins.Contains(bins.OtherBin);
        var bits = new uint[bins.Codes.Length == 0 ? 0 : (bins.Codes.Max() >> 5) + 1];
        bits.AsSpan().Fill(unseenLeft ? uint.MaxValue : 0);
        for (var bin = 0; bin < bins.Codes.Length; bin++)
        {
            var (word, bit) = (bins.Codes[bin] >> 5, 1u << (bins.Codes[bin] & 31));
            bits[word] = split.LeftBins.Contains(bin) ? bits[word] | bit : bits[word] & ~bit;
        }

        return new TreeNode(split.Feature, 0, new CategorySet([.. bits], unseenLeft), missingLeft, left, right, split.Gain);
    }

    private DecisionTree Finish(SplitRules rules, double scale, Memory<double> scores)
    {
        var values = new double[_leaves.Count];
        if (_threads == 1 || _matrix.RowCount < ParallelRows)
        {
            for (var leaf = 0; leaf < values.Length; leaf++)
                FinishLeaf(leaf);
        }
        else
        {
            Parallel.For(0, values.Length, new ParallelOptions { MaxDegreeOfParallelism = _threads }, FinishLeaf);
        }

        return new DecisionTree([.. _nodes], [.. values], [.. _leaves.Select(leaf => leaf.Sums.Count)]);

        // Leaf values come from the floats, summed in the order of the rows: exact enough, and the same for any number of threads.
        void FinishLeaf(int index)
        {
            var leaf = _leaves[index];
            var rows = new ReadOnlySpan<int>(_rows.Rows + leaf.Start, leaf.RowCount);
            var (gradient, hessian) = _gradients.Sum(rows);
            var step = -gradient / Math.Max(hessian + _options.L2, double.Epsilon);
            step = Math.Clamp(Math.Clamp(step, -rules.MaxStep, rules.MaxStep), leaf.Bounds.Lowest, leaf.Bounds.Highest);
            var value = values[index] = double.IsFinite(step) ? step * scale : 0;
            if (!scores.IsEmpty)
                AddTo(scores.Span, rows, value);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddTo(Span<double> scores, ReadOnlySpan<int> rows, double value)
    {
        foreach (var row in rows)
            scores[row] += value;
    }

    private void Release(Leaf leaf)
    {
        if (leaf.Histogram is { } histogram)
            _histograms.Return(histogram);
        leaf.Histogram = null;
    }

    private sealed class Leaf
    {
        public int Start { get; init; }

        /// <summary>Rows, those left out of the round included.</summary>
        public int RowCount { get; init; }

        /// <summary>Sums over the rows that the round sees.</summary>
        public LeafSums Sums { get; set; }

        public StepBounds Bounds { get; init; } = StepBounds.Unbounded;

        public int Depth { get; init; }

        /// <summary>The node whose child this is; −1 for the root.</summary>
        public int Node { get; init; } = -1;

        public bool IsLeft { get; init; }

        public AlignedBuffer<double>? Histogram { get; set; }

        public Split Split { get; set; }
    }
}
