using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Tributary.Intelligence.Data;
using Tributary.Intelligence.Models;

namespace Tributary.Intelligence.Training;

/// <summary>
/// How a feature's values become a byte. Numeric: bin b holds the values above bound b − 1 and up to bound b. Categorical: the most frequent
/// codes have a bin each; the rest, and codes never seen, share the last but one. The last bin is that of missing values.
/// </summary>
internal sealed class FeatureBins
{
    /// <summary>Beyond this many rows, bounds are found on an even sample of them.</summary>
    private const int MaxSample = 1 << 17;

    private FeatureBins(FeatureKind kind, float[] bounds, ushort[] codes, byte[] binOfCode, int binCount)
    {
        Kind = kind;
        Bounds = bounds;
        Codes = codes;
        _binOfCode = binOfCode;
        Count = binCount;
    }

    private readonly byte[] _binOfCode;

    public FeatureKind Kind { get; }

    /// <summary>Numeric: the greatest value of each bin but the last, ascending.</summary>
    public float[] Bounds { get; }

    /// <summary>Categorical: the code of each bin but the last two.</summary>
    public ushort[] Codes { get; }

    /// <summary>Bins, that of missing values included.</summary>
    public int Count { get; }

    /// <summary>The bin of missing values.</summary>
    public int MissingBin => Count - 1;

    /// <summary>Categorical: the bin of rare and unseen codes.</summary>
    public int OtherBin => Count - 2;

    /// <summary>Finds the bins of a column; a share of a numeric one's at the quantiles of some rows alone.</summary>
    public static FeatureBins Find(ReadOnlySpan<float> column, FeatureKind kind, int maxBins, ReadOnlySpan<int> rareRows = default, double rareShare = 0)
    {
        if (kind == FeatureKind.Categorical)
            return FindCategorical(column, maxBins);
        var bins = FindNumeric(column, maxBins);
        var rareBins = (int)(rareShare * (maxBins - 1));
        if (rareRows.IsEmpty || rareBins < 2 || bins.Bounds.Length < maxBins - 2)
            return bins;

        var rare = new float[rareRows.Length];
        for (var i = 0; i < rare.Length; i++)
            rare[i] = column[rareRows[i]];
        float[] bounds = [.. FindNumeric(rare, rareBins + 1).Bounds, .. FindNumeric(column, maxBins - rareBins).Bounds];
        Array.Sort(bounds);
        bounds = [.. bounds.Distinct()];
        return new FeatureBins(FeatureKind.Numeric, bounds, [], [], bounds.Length + 2);
    }

    /// <summary>The bin of a value.</summary>
    public byte BinOf(float value)
    {
        if (float.IsNaN(value))
            return (byte)MissingBin;
        if (Kind == FeatureKind.Categorical)
            return CategoryCode.TryRead(value, out var code) && code < _binOfCode.Length ? _binOfCode[code] : (byte)OtherBin;

        // The number of bounds below the value, by halving without a branch that depends on it.
        var bounds = Bounds;
        var low = 0;
        var length = bounds.Length;
        while (length > 0)
        {
            var half = (length + 1) >> 1;
            low += half * Unsafe.BitCast<bool, byte>(bounds[low + half - 1] < value);
            length -= half;
        }

        return (byte)low;
    }

    /// <summary>The bins of a column.</summary>
    public void BinColumn(ReadOnlySpan<float> column, Span<byte> bins)
    {
        if (Kind == FeatureKind.Numeric && Vector512.IsHardwareAccelerated)
        {
            BinNumericColumn(column, bins);
            return;
        }

        for (var row = 0; row < column.Length; row++)
            bins[row] = BinOf(column[row]);
    }

    /// <summary>
    /// Counts the bounds below a value with two comparisons of sixteen: first every sixteenth bound, then the sixteen up to the one that was not below.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void BinNumericColumn(ReadOnlySpan<float> column, Span<byte> bins)
    {
        Span<float> bounds = stackalloc float[256];
        bounds.Fill(float.PositiveInfinity);
        Bounds.CopyTo(bounds);
        Span<float> sixteenths = stackalloc float[16];
        for (var i = 0; i < sixteenths.Length; i++)
            sixteenths[i] = bounds[(16 * i) + 15];

        var coarse = Vector512.Create<float>(sixteenths);
        ref var first = ref MemoryMarshal.GetReference(bounds);
        for (var row = 0; row < column.Length; row++)
        {
            var value = Vector512.Create(column[row]);
            var block = BitOperations.PopCount(Vector512.LessThan(coarse, value).ExtractMostSignificantBits());
            var fine = Vector512.LoadUnsafe(ref first, (nuint)(16 * block));
            var bin = (16 * block) + BitOperations.PopCount(Vector512.LessThan(fine, value).ExtractMostSignificantBits());
            bins[row] = float.IsNaN(column[row]) ? (byte)MissingBin : (byte)bin;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static FeatureBins FindNumeric(ReadOnlySpan<float> column, int maxBins)
    {
        var keys = new uint[Math.Min(column.Length, MaxSample)];
        var count = 0;
        for (var i = 0; i < keys.Length; i++)
        {
            var value = column[(int)((long)i * column.Length / keys.Length)];
            if (!float.IsNaN(value))
                keys[count++] = FloatRadixSort.ToKey(Math.Clamp(value, float.MinValue, float.MaxValue));
        }

        var sorted = keys.AsSpan(0, count);
        FloatRadixSort.Sort(sorted, new uint[count]);
        var values = new float[count];
        var counts = new int[count];
        var distinct = 0;
        for (var start = 0; start < count;)
        {
            var end = start + 1;
            while (end < count && sorted[end] == sorted[start])
                end++;
            values[distinct] = FloatRadixSort.FromKey(sorted[start]);
            counts[distinct++] = end - start;
            start = end;
        }

        var valueBins = maxBins - 1;
        var bounds = distinct <= valueBins
            ? BoundsOfEach(values.AsSpan(0, distinct))
            : BoundsOfEqualShares(values.AsSpan(0, distinct), counts, count, valueBins);
        return new FeatureBins(FeatureKind.Numeric, bounds, [], [], bounds.Length + 2);
    }

    private static float[] BoundsOfEach(ReadOnlySpan<float> values)
    {
        var bounds = new float[Math.Max(0, values.Length - 1)];
        for (var i = 0; i < bounds.Length; i++)
            bounds[i] = Between(values[i], values[i + 1]);
        return bounds;
    }

    /// <summary>Bins of equal shares of the rows, where a value that fills a share by itself has its own bin and does not eat into the others.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float[] BoundsOfEqualShares(ReadOnlySpan<float> values, ReadOnlySpan<int> counts, int total, int valueBins)
    {
        var heavy = new bool[values.Length];
        var share = (double)total / valueBins;
        var lightTotal = total;
        var lightBins = valueBins;
        for (var i = 0; i < values.Length; i++)
        {
            heavy[i] = counts[i] >= share;
            if (heavy[i])
            {
                lightTotal -= counts[i];
                lightBins--;
            }
        }

        var bounds = new List<float>();
        share = (double)lightTotal / Math.Max(1, lightBins);
        var filled = 0;
        for (var i = 0; i < values.Length - 1 && bounds.Count < valueBins - 1; i++)
        {
            filled += counts[i];
            if (!heavy[i])
                lightTotal -= counts[i];

            var close = heavy[i] || filled >= share || (heavy[i + 1] && filled >= share / 2);
            if (!close)
                continue;

            bounds.Add(Between(values[i], values[i + 1]));
            filled = 0;
            if (!heavy[i] && lightBins > 1)
                share = (double)lightTotal / --lightBins;
        }

        return [.. bounds];
    }

    /// <summary>A bound that is at least <paramref name="low"/> and below <paramref name="high"/>: their middle where there is one.</summary>
    private static float Between(float low, float high)
    {
        var middle = (float)(((double)low + high) / 2);
        return middle < high ? middle : low;
    }

    private static FeatureBins FindCategorical(ReadOnlySpan<float> column, int maxBins)
    {
        var counts = new int[CategoryCode.Limit];
        var greatest = -1;
        foreach (var value in column)
        {
            if (CategoryCode.TryRead(value, out var code))
            {
                counts[code]++;
                greatest = Math.Max(greatest, code);
            }
        }

        var codes = Enumerable.Range(0, greatest + 1)
            .Where(code => counts[code] > 0)
            .OrderByDescending(code => counts[code])
            .ThenBy(code => code)
            .Take(maxBins - 2)
            .Select(code => (ushort)code)
            .ToArray();
        var binOfCode = new byte[greatest + 1];
        binOfCode.AsSpan().Fill((byte)codes.Length);
        for (var bin = 0; bin < codes.Length; bin++)
            binOfCode[codes[bin]] = (byte)bin;
        return new FeatureBins(FeatureKind.Categorical, [], codes, binOfCode, codes.Length + 2);
    }
}
