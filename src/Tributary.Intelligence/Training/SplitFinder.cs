using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Tributary.Intelligence.Data;

namespace Tributary.Intelligence.Training;

/// <summary>
/// Finds a node's best split from its histogram. Numeric features: every bound, missing values on either side. Categories: in the order of
/// their gradient, which contains the best partition (Fisher, 1958). Equal gains go to the lower feature and bin.
/// </summary>
internal sealed unsafe class SplitFinder(BinnedMatrix matrix, GbdtOptions options) : IDisposable
{
    private const int OneAgainstRestCategories = 4;

    // Prefix sums of gradients, hessians and rows of one feature, padded for whole vectors.
    private readonly AlignedBuffer<double> _prefixes = new(3 * 256);
    private readonly bool _hasMonotone = options.Monotone.Any(sign => sign != 0);

    /// <summary>The best split of a node; <see cref="Split.None"/> when none gains.</summary>
    /// <param name="histogram">Sums of gradients, hessians and rows by bin.</param>
    /// <param name="length">Bins of the histogram.</param>
    /// <param name="total">The node's own sums.</param>
    /// <param name="bounds">Between which the node's step must stay (monotone constraints).</param>
    /// <param name="features">Features that may be split on.</param>
    /// <param name="rules">The rules of the round.</param>
    public Split Find(double* histogram, int length, in LeafSums total, StepBounds bounds, ReadOnlySpan<bool> features, in SplitRules rules)
    {
        var best = Split.None;
        if (total.Count < 2 * rules.MinRows)
            return best;

        for (var feature = 0; feature < features.Length; feature++)
        {
            if (!features[feature])
                continue;
            var column = new Column(feature, matrix.Bins[feature].Count, histogram + matrix.HistogramOffsets[feature], length);
            if (matrix.Bins[feature].Kind == FeatureKind.Categorical)
                FindCategorical(column, total, bounds, rules, ref best);
            else
                FindNumeric(column, total, bounds, rules, ref best);
        }

        return best;
    }

    public void Dispose() => _prefixes.Dispose();

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FindNumeric(Column column, in LeafSums total, StepBounds bounds, in SplitRules rules, ref Split best)
    {
        var missing = column.BinCount - 1;
        column.Accumulate(_prefixes.Pointer, missing);
        var missingSums = column[missing];
        var sign = options.Monotone.IsDefaultOrEmpty ? 0 : options.Monotone[column.Feature];
        var (bin1, gain1) = Scan(missing - (missingSums.Count > 0 ? 0 : 1), default, total, bounds, sign, rules);
        var (bin2, gain2) = missingSums.Count > 0 ? Scan(missing - 1, missingSums, total, bounds, sign, rules) : (-1, double.NegativeInfinity);
        var missingLeft = gain2 > gain1;
        var (at, value) = missingLeft ? (bin2, gain2) : (bin1, gain1);
        if (at < 0)
            return;

        var gain = value - Whole(total, bounds, rules);
        if (!(gain > best.Gain) || gain <= rules.MinGain)
            return;

        var left = Prefix(at);
        if (missingLeft)
            left += missingSums;
        else if (missingSums.Count == 0)
            missingLeft = left.Count > total.Count - left.Count;

        // Bins without a row of this node leave the bound open: its middle is the best guess for rows to come.
        var end = at;
        while (end + 1 < missing && column[end + 1].Count == 0)
            end++;
        best = new Split { Feature = column.Feature, Bin = (at + end) / 2, Gain = gain, Left = left };
        best.LeftBins.AddThrough(best.Bin);
        if (missingLeft)
            best.LeftBins.Add(missing);
    }

    private LeafSums Prefix(int bin) => new(_prefixes.Pointer[bin], _prefixes.Pointer[256 + bin], _prefixes.Pointer[512 + bin]);

    /// <summary>The best of the first <paramref name="count"/> bounds and Σ of its sides' gains; −1 when none is allowed.</summary>
    private (int Bin, double Gain) Scan(int count, in LeafSums alwaysLeft, in LeafSums total, StepBounds bounds, int sign, in SplitRules rules)
    {
        if (_hasMonotone)
            return ScanMonotone(count, alwaysLeft, total, bounds, sign, rules);
        var (bin, value) = Vector512.IsHardwareAccelerated
            ? ScanVector(_prefixes.Pointer, count, alwaysLeft, total, rules)
            : ScanScalar(_prefixes.Pointer, count, alwaysLeft, total, rules);
        return (bin, value * rules.GainScale);
    }

    /// <summary>Σ G²/(H + λ) of both sides, greatest over the bounds, one bound at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static (int Bin, double Value) ScanScalar(double* prefixes, int count, in LeafSums alwaysLeft, in LeafSums total, in SplitRules rules)
    {
        var bestBin = -1;
        var best = double.NegativeInfinity;
        for (var bin = 0; bin < count; bin++)
        {
            var left = new LeafSums(prefixes[bin], prefixes[256 + bin], prefixes[512 + bin]) + alwaysLeft;
            var right = total - left;
            if (!Allowed(left, rules) || !Allowed(right, rules))
                continue;
            var value = (left.Gradient * left.Gradient / (left.Hessian + rules.L2)) + (right.Gradient * right.Gradient / (right.Hessian + rules.L2));
            if (value > best)
                (bestBin, best) = (bin, value);
        }

        return (bestBin, best);
    }

    /// <summary>What <see cref="ScanScalar"/> does, eight bounds at a time and with the same roundings.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static (int Bin, double Value) ScanVector(double* prefixes, int count, in LeafSums alwaysLeft, in LeafSums total, in SplitRules rules)
    {
        var best = Vector512.Create(double.NegativeInfinity);
        var bestBin = Vector512.Create(-1.0);
        var bins = Vector512.Create(0.0, 1, 2, 3, 4, 5, 6, 7);
        var end = Vector512.Create((double)count);
        var minRows = Vector512.Create(rules.MinRows);
        var minHessian = Vector512.Create(rules.MinHessian);
        var l2 = Vector512.Create(rules.L2);
        for (var bin = 0; bin < count; bin += Vector512<double>.Count)
        {
            var leftGradient = Vector512.Load(prefixes + bin) + Vector512.Create(alwaysLeft.Gradient);
            var leftHessian = Vector512.Load(prefixes + 256 + bin) + Vector512.Create(alwaysLeft.Hessian);
            var leftCount = Vector512.Load(prefixes + 512 + bin) + Vector512.Create(alwaysLeft.Count);
            var rightGradient = Vector512.Create(total.Gradient) - leftGradient;
            var rightHessian = Vector512.Create(total.Hessian) - leftHessian;
            var rightCount = Vector512.Create(total.Count) - leftCount;
            var value = (leftGradient * leftGradient / (leftHessian + l2)) + (rightGradient * rightGradient / (rightHessian + l2));
            var allowed = Vector512.LessThan(bins, end)
                & Vector512.GreaterThanOrEqual(leftCount, minRows) & Vector512.GreaterThanOrEqual(rightCount, minRows)
                & Vector512.GreaterThanOrEqual(leftHessian, minHessian) & Vector512.GreaterThanOrEqual(rightHessian, minHessian);
            var better = allowed & Vector512.GreaterThan(value, best);
            best = Vector512.ConditionalSelect(better, value, best);
            bestBin = Vector512.ConditionalSelect(better, bins, bestBin);
            bins += Vector512.Create(8.0);
        }

        var (resultBin, result) = (-1, double.NegativeInfinity);
        for (var lane = 0; lane < Vector512<double>.Count; lane++)
        {
            var (value, bin) = (best[lane], (int)bestBin[lane]);
            if (bin >= 0 && (value > result || (value == result && bin < resultBin)))
                (resultBin, result) = (bin, value);
        }

        return (resultBin, result);
    }

    private (int Bin, double Gain) ScanMonotone(int count, in LeafSums alwaysLeft, in LeafSums total, StepBounds bounds, int sign, in SplitRules rules)
    {
        var bestBin = -1;
        var best = double.NegativeInfinity;
        for (var bin = 0; bin < count; bin++)
        {
            var left = Prefix(bin) + alwaysLeft;
            var gain = BoundedGain(left, total - left, bounds, sign, rules.L2, rules);
            if (gain > best)
                (bestBin, best) = (bin, gain);
        }

        return (bestBin, best);
    }

    private static double BoundedGain(in LeafSums left, in LeafSums right, StepBounds bounds, int sign, double l2, in SplitRules rules)
    {
        if (!Allowed(left, rules) || !Allowed(right, rules))
            return double.NegativeInfinity;
        var leftStep = rules.Step(left, l2, bounds.Lowest, bounds.Highest);
        var rightStep = rules.Step(right, l2, bounds.Lowest, bounds.Highest);
        return sign * (rightStep - leftStep) < 0
            ? double.NegativeInfinity
            : rules.GainOfStep(left, l2, leftStep) + rules.GainOfStep(right, l2, rightStep);
    }

    private double Whole(in LeafSums total, StepBounds bounds, in SplitRules rules) => _hasMonotone
        ? rules.GainOfStep(total, rules.L2, rules.Step(total, rules.L2, bounds.Lowest, bounds.Highest))
        : total.Gradient * total.Gradient / (total.Hessian + rules.L2) * rules.GainScale;

    private static bool Allowed(in LeafSums side, in SplitRules rules) => side.Count >= rules.MinRows && side.Hessian >= rules.MinHessian;

    private void FindCategorical(Column column, in LeafSums total, StepBounds bounds, in SplitRules rules, ref Split best)
    {
        Span<int> present = stackalloc int[256];
        Span<double> order = stackalloc double[256];
        var rowHessian = total.Hessian / total.Count;
        var count = 0;
        for (var bin = 0; bin < column.BinCount; bin++)
        {
            var sums = column[bin];
            if (sums.Count == 0)
                continue;
            order[count] = sums.Gradient / (sums.Hessian + (options.CategorySmoothingRows * rowHessian));
            present[count++] = bin;
        }

        present = present[..count];
        order = order[..count];
        if (count < 2)
            return;

        var single = count <= OneAgainstRestCategories;
        var l2 = rules.L2 + (single ? 0 : options.CategoryL2Rows * rowHessian);
        order.Sort(present);
        var bestBefore = best.Gain;
        var whole = Whole(total, bounds, rules);
        var (bestFrom, bestTo) = (0, 0);
        LeafSums bestLeft = default;
        for (var direction = 0; direction < (single ? 1 : 2); direction++)
        {
            LeafSums left = default;
            for (var i = 0; i < Math.Min(count - (single ? 0 : 1), single ? count : options.MaxCategoriesPerSplit); i++)
            {
                var at = direction == 0 ? i : count - 1 - i;
                left = single ? column[present[at]] : left + column[present[at]];
                var gain = CategoryGain(left, total - left, bounds, l2, rules) - whole;
                if (!(gain > best.Gain) || gain <= rules.MinGain)
                    continue;
                best.Gain = gain;
                bestLeft = left;
                (bestFrom, bestTo) = single ? (at, at + 1) : direction == 0 ? (0, i + 1) : (at, count);
            }
        }

        if (best.Gain == bestBefore)
            return;

        // Categories that this node has not seen go the way of most of its rows.
        best = new Split { Feature = column.Feature, Bin = -1, Gain = best.Gain, Left = bestLeft };
        foreach (var bin in present[bestFrom..bestTo])
            best.LeftBins.Add(bin);
        if (bestLeft.Count > total.Count - bestLeft.Count)
        {
            for (var bin = 0; bin < column.BinCount; bin++)
            {
                if (column[bin].Count == 0)
                    best.LeftBins.Add(bin);
            }
        }
    }

    private double CategoryGain(in LeafSums left, in LeafSums right, StepBounds bounds, double l2, in SplitRules rules)
    {
        if (_hasMonotone)
            return BoundedGain(left, right, bounds, 0, l2, rules);
        return Allowed(left, rules) && Allowed(right, rules)
            ? ((left.Gradient * left.Gradient / (left.Hessian + l2)) + (right.Gradient * right.Gradient / (right.Hessian + l2))) * rules.GainScale
            : double.NegativeInfinity;
    }

    /// <summary>One feature's part of a histogram.</summary>
    private readonly struct Column(int feature, int binCount, double* gradients, int length)
    {
        public int Feature => feature;

        public int BinCount => binCount;

        /// <summary>Writes the sums over the first bins, as many as each of them.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Accumulate(double* prefixes, int bins)
        {
            double gradient = 0, hessian = 0, count = 0;
            for (nint bin = 0; bin < bins; bin++)
            {
                prefixes[bin] = gradient += gradients[bin];
                prefixes[256 + bin] = hessian += gradients[bin + length];
                prefixes[512 + bin] = count += gradients[bin + (2 * (nint)length)];
            }
        }

        public LeafSums this[int bin] => new(gradients[bin], gradients[bin + length], gradients[bin + (2 * length)]);
    }
}
