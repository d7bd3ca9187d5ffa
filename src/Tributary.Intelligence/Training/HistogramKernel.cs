using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Tributary.Intelligence.Training;

/// <summary>The inner loops of histograms: one addition to memory for each row and feature.</summary>
internal static unsafe class HistogramKernel
{
    /// <summary>Words of a panel's block histogram: 256 bins for each of sixteen features.</summary>
    public const int BlockWords = BinnedMatrix.PanelWidth * 256;

    private const int PrefetchDistance = 16;

    /// <summary>Adds rows to a block histogram, at most <see cref="GradientBuffer.BlockRows"/> of them.</summary>
    /// <param name="panel">Bins by row.</param>
    /// <param name="stride">Bytes of a row: 4, 8, 12 or 16.</param>
    /// <param name="rows">The rows, or null for <paramref name="count"/> rows from the first of <paramref name="panel"/> and <paramref name="words"/>.</param>
    /// <param name="count">How many.</param>
    /// <param name="words">The packed derivatives of every row.</param>
    /// <param name="block">256 words for each feature of the panel.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Accumulate(byte* panel, int stride, int* rows, int count, long* words, long* block)
    {
        if (rows == null)
        {
            AccumulateRange(panel, stride, count, words, block);
            return;
        }

        switch (stride)
        {
            case 16:
                for (var i = 0; i < count; i++)
                {
                    Prefetch(panel, 16, rows, i, count, words);
                    var row = (nint)rows[i];
                    Add16(panel + (row * 16), words[row], block);
                }

                break;
            case 12:
                for (var i = 0; i < count; i++)
                {
                    Prefetch(panel, 12, rows, i, count, words);
                    var row = (nint)rows[i];
                    Add8(panel + (row * 12), words[row], block);
                    Add4(panel + (row * 12) + 8, words[row], block + 2048);
                }

                break;
            case 8:
                for (var i = 0; i < count; i++)
                {
                    Prefetch(panel, 8, rows, i, count, words);
                    var row = (nint)rows[i];
                    Add8(panel + (row * 8), words[row], block);
                }

                break;
            default:
                for (var i = 0; i < count; i++)
                {
                    Prefetch(panel, 4, rows, i, count, words);
                    var row = (nint)rows[i];
                    Add4(panel + (row * 4), words[row], block);
                }

                break;
        }
    }

    /// <summary>Moves a feature's block sums to a node's histogram as doubles, which hold them exactly, and zeroes the block.</summary>
    /// <param name="block">256 words.</param>
    /// <param name="bins">Bins, rounded up to a multiple of eight.</param>
    /// <param name="hasHessians">How words are packed.</param>
    /// <param name="gradients">Sums of gradients.</param>
    /// <param name="hessians">Sums of hessians.</param>
    /// <param name="counts">Rows.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Flush(long* block, int bins, bool hasHessians, double* gradients, double* hessians, double* counts)
    {
        if (!Vector512.IsHardwareAccelerated)
        {
            FlushScalar(block, bins, hasHessians, gradients, hessians, counts);
            return;
        }

        var countMask = Vector512.Create((1L << GradientBuffer.CountBits) - 1);
        var hessianMask = Vector512.Create((1L << GradientBuffer.HessianBits) - 1);
        for (var bin = 0; bin < bins; bin += Vector512<long>.Count)
        {
            var word = Vector512.Load(block + bin);
            Vector512.Store(Vector512<long>.Zero, block + bin);
            var count = Vector512.ConvertToDouble(word & countMask);
            var hessian = hasHessians ? Vector512.ConvertToDouble((word >> GradientBuffer.CountBits) & hessianMask) : count;
            var gradient = Vector512.ConvertToDouble(
                hasHessians ? word >> (GradientBuffer.CountBits + GradientBuffer.HessianBits) : word >> GradientBuffer.CountBits);
            (Vector512.Load(gradients + bin) + gradient).Store(gradients + bin);
            (Vector512.Load(hessians + bin) + hessian).Store(hessians + bin);
            (Vector512.Load(counts + bin) + count).Store(counts + bin);
        }
    }

    /// <summary>What <see cref="Flush"/> does, one bin at a time.</summary>
    public static void FlushScalar(long* block, int bins, bool hasHessians, double* gradients, double* hessians, double* counts)
    {
        for (var bin = 0; bin < bins; bin++)
        {
            GradientBuffer.Unpack(block[bin], hasHessians, out var gradient, out var hessian, out var count);
            block[bin] = 0;
            gradients[bin] += gradient;
            hessians[bin] += hessian;
            counts[bin] += count;
        }
    }

    /// <summary>target −= other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Subtract(double* target, double* other, int length)
    {
        for (var i = 0; i < length; i += Vector512<double>.Count)
            (Vector512.Load(target + i) - Vector512.Load(other + i)).Store(target + i);
    }

    /// <summary>target += other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(double* target, double* other, int length)
    {
        for (var i = 0; i < length; i += Vector512<double>.Count)
            (Vector512.Load(target + i) + Vector512.Load(other + i)).Store(target + i);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AccumulateRange(byte* panel, int stride, int count, long* words, long* block)
    {
        switch (stride)
        {
            case 16:
                for (nint row = 0; row < count; row++)
                    Add16(panel + (row * 16), words[row], block);
                break;
            case 12:
                for (nint row = 0; row < count; row++)
                {
                    Add8(panel + (row * 12), words[row], block);
                    Add4(panel + (row * 12) + 8, words[row], block + 2048);
                }

                break;
            case 8:
                for (nint row = 0; row < count; row++)
                    Add8(panel + (row * 8), words[row], block);
                break;
            default:
                for (nint row = 0; row < count; row++)
                    Add4(panel + (row * 4), words[row], block);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch(byte* panel, int stride, int* rows, int i, int count, long* words)
    {
        if (Sse.IsSupported && i + PrefetchDistance < count)
        {
            var ahead = (nint)rows[i + PrefetchDistance];
            Sse.Prefetch0(panel + (ahead * stride));
            Sse.Prefetch0(words + ahead);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add16(byte* bins, long word, long* block)
    {
        Add8(bins, word, block);
        Add8(bins + 8, word, block + 2048);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add8(byte* bins, long word, long* block)
    {
        Add4(bins, word, block);
        Add4(bins + 4, word, block + 1024);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add4(byte* bins, long word, long* block)
    {
        block[(nint)bins[0]] += word;
        block[256 + (nint)bins[1]] += word;
        block[512 + (nint)bins[2]] += word;
        block[768 + (nint)bins[3]] += word;
    }
}
