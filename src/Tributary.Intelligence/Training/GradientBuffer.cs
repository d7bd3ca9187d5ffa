using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Tributary.Intelligence.Training;

/// <summary>
/// First and second derivatives of the loss for each row, as floats and as fixed-point numbers packed in one word, gradient | hessian | 1.
/// One addition of words adds all three, and sums of integers do not depend on their order, so neither does the model. The fixed point is
/// rounded at random, by a hash of row and round, which leaves the sums unbiased (Shi et al., "Quantized Training of Gradient Boosting Decision
/// Trees", 2022); leaf values are computed from the floats.
/// </summary>
internal sealed unsafe class GradientBuffer : IDisposable
{
    /// <summary>Bits of the row count in a word: a block of rows is summed in one word before it could overflow.</summary>
    public const int CountBits = 11;

    /// <summary>Bits of the hessian's sum in a word, where rows have hessians of their own.</summary>
    public const int HessianBits = 26;

    /// <summary>Rows of a block: its sums fit the fields of a word.</summary>
    public const int BlockRows = (1 << CountBits) - 1;

    private const double MaxFixed = 32_767;
    private const int ChunkRows = 4096;
    private const int Lanes = 8;

    /// <summary>Chunks from which threads share the work: below, waking them costs more than they do.</summary>
    private const int ParallelChunks = 8;

    private const double Unit = 1.0 / (1L << 32);
    private const ulong FirstMultiplier = 0x9E3779B97F4A7C15;
    private const ulong SecondMultiplier = 0xD6E8FEB86659FD93;

    private readonly AlignedBuffer<float> _pairs;
    private readonly AlignedBuffer<long> _words;
    private readonly int _threads;

    /// <param name="rowCount">Rows.</param>
    /// <param name="hasHessians">False when every hessian is 1: the count stands for it and the gradient has the bits to itself.</param>
    /// <param name="threads">Threads at most.</param>
    public GradientBuffer(int rowCount, bool hasHessians, int threads)
    {
        RowCount = rowCount;
        HasHessians = hasHessians;
        _threads = threads;
        _pairs = new AlignedBuffer<float>(2L * rowCount);
        _words = new AlignedBuffer<long>(rowCount);
    }

    public int RowCount { get; }

    /// <summary>False when every hessian is 1 and words hold gradient | 1 only.</summary>
    public bool HasHessians { get; }

    /// <summary>Gradient and hessian of each row, alternating.</summary>
    public float* Pairs => _pairs.Pointer;

    /// <summary>The packed word of each row; 0 for a row left out of the round.</summary>
    public long* Words => _words.Pointer;

    /// <summary>Fixed-point units of one unit of gradient.</summary>
    public double GradientScale { get; private set; } = 1;

    /// <summary>Fixed-point units of one unit of hessian.</summary>
    public double HessianScale { get; private set; } = 1;

    /// <summary>Derivatives of ½ w (score − label)².</summary>
    public void SetSquaredError(ReadOnlyMemory<double> scores, ReadOnlyMemory<float> labels, ReadOnlyMemory<float> weights) =>
        ForChunks((start, count) =>
        {
            var s = scores.Span;
            var y = labels.Span;
            var w = weights.Span;
            for (var row = start; row < start + count; row++)
            {
                var weight = w.IsEmpty ? 1f : w[row];
                Pairs[2 * (long)row] = weight * (float)(s[row] - y[row]);
                Pairs[(2 * (long)row) + 1] = weight;
            }
        });

    /// <summary>Derivatives of the log loss in log-odds: w (p − y) and w p (1 − p).</summary>
    public void SetLogLoss(ReadOnlyMemory<double> scores, ReadOnlyMemory<float> labels, ReadOnlyMemory<float> weights) =>
        ForChunks((start, count) => LogLossChunk(
            scores.Span.Slice(start, count), labels.Span.Slice(start, count), weights.IsEmpty ? default : weights.Span.Slice(start, count), Pairs + (2 * (long)start)));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void LogLossChunk(ReadOnlySpan<double> scores, ReadOnlySpan<float> labels, ReadOnlySpan<float> weights, float* pairs)
    {
        var done = 0;
        for (; done + Lanes <= scores.Length; done += Lanes)
            LogLossLanes(scores.Slice(done, Lanes), labels.Slice(done, Lanes), weights.IsEmpty ? weights : weights.Slice(done, Lanes), pairs + (2 * done));

        // The tail goes through the same arithmetic, so that a row's derivatives do not depend on its place.
        Span<double> scoreTail = stackalloc double[Lanes];
        Span<float> labelTail = stackalloc float[Lanes];
        Span<float> weightTail = stackalloc float[Lanes];
        var pairTail = stackalloc float[2 * Lanes];
        scoreTail.Clear();
        scores[done..].CopyTo(scoreTail);
        labels[done..].CopyTo(labelTail);
        weights[(weights.IsEmpty ? 0 : done)..].CopyTo(weightTail);
        LogLossLanes(scoreTail, labelTail, weights.IsEmpty ? weights : weightTail, pairTail);
        var rest = scores.Length - done;
        new Span<float>(pairTail, 2 * rest).CopyTo(new Span<float>(pairs + (2 * done), 2 * rest));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void LogLossLanes(ReadOnlySpan<double> scores, ReadOnlySpan<float> labels, ReadOnlySpan<float> weights, float* pairs)
    {
        var p = Vector512<double>.One / (Vector512<double>.One + Vector512.Exp(-Vector512.Create(scores)));
        var gradient = p - Widen(labels);
        var hessian = Vector512.Max(p * (Vector512<double>.One - p), Vector512.Create(1e-16));
        if (!weights.IsEmpty)
        {
            var weight = Widen(weights);
            gradient *= weight;
            hessian *= weight;
        }

        var narrow = Vector512.Narrow(gradient, hessian);
        Vector512.Shuffle(narrow, Vector512.Create(0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15)).Store(pairs);

        static Vector512<double> Widen(ReadOnlySpan<float> values)
        {
            var (lower, upper) = Vector256.Widen(Vector256.Create(values));
            return Vector512.Create(lower, upper);
        }
    }

    /// <summary>Rounds the pairs to words.</summary>
    /// <param name="included">1 for a row that the round sees, 0 for one left out; empty for all.</param>
    /// <param name="seed">The seed of the rounding, another for each round.</param>
    public void Pack(ReadOnlyMemory<byte> included, ulong seed)
    {
        var maxima = new (float Gradient, float Hessian)[ChunkCount];
        ForChunks((start, count) =>
        {
            // Pairs alternate, so even lanes hold gradients and odd lanes hessians.
            var greatest = Vector256<float>.Zero;
            var pairs = Pairs + (2 * (long)start);
            var i = 0;
            for (; i + 4 <= count; i += 4)
                greatest = Vector256.Max(greatest, Vector256.Abs(Vector256.Load(pairs + (2 * i))));
            float gradient = 0, hessian = 0;
            for (var lane = 0; lane < Vector256<float>.Count; lane += 2)
                (gradient, hessian) = (Math.Max(gradient, greatest[lane]), Math.Max(hessian, greatest[lane + 1]));
            for (; i < count; i++)
                (gradient, hessian) = (Math.Max(gradient, Math.Abs(pairs[2 * i])), Math.Max(hessian, pairs[(2 * i) + 1]));
            maxima[start / ChunkRows] = (gradient, hessian);
        });

        double greatestGradient = 0, greatestHessian = 0;
        foreach (var (gradient, hessian) in maxima)
            (greatestGradient, greatestHessian) = (Math.Max(greatestGradient, gradient), Math.Max(greatestHessian, hessian));

        // Without hessians the bits are enough for exactness in practice; sums over all rows must stay below 2⁵³, where doubles are exact.
        var limit = HasHessians ? MaxFixed - 1 : Math.Min(1L << 40, (1L << 52) / Math.Max(1, RowCount));
        GradientScale = limit / Math.Max(greatestGradient, float.Epsilon);
        HessianScale = HasHessians ? limit / Math.Max(greatestHessian, float.Epsilon) : 1;
        var (gradientScale, hessianScale) = (GradientScale, HessianScale);
        ForChunks((start, count) => PackChunk(start, count, included.Span, seed, gradientScale, hessianScale));
    }

    /// <summary>Sums of the floats of rows that the round sees, in their order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public (double Gradient, double Hessian) Sum(ReadOnlySpan<int> rows)
    {
        double gradient = 0, hessian = 0;
        foreach (var row in rows)
        {
            if (Words[row] == 0)
                continue;
            gradient += Pairs[2 * (nint)row];
            hessian += Pairs[(2 * (nint)row) + 1];
        }

        return (gradient, hessian);
    }

    /// <summary>The sums of a word, or of a block of words, in fixed point.</summary>
    public static void Unpack(long word, bool hasHessians, out double gradient, out double hessian, out double count)
    {
        count = word & ((1L << CountBits) - 1);
        if (hasHessians)
        {
            hessian = (word >> CountBits) & ((1L << HessianBits) - 1);
            gradient = word >> (CountBits + HessianBits);
        }
        else
        {
            hessian = count;
            gradient = word >> CountBits;
        }
    }

    public void Dispose()
    {
        _pairs.Dispose();
        _words.Dispose();
    }

    private int ChunkCount => (RowCount + ChunkRows - 1) / ChunkRows;

    private void PackChunk(int start, int count, ReadOnlySpan<byte> included, ulong seed, double gradientScale, double hessianScale)
    {
        var rest = count;
        if (Vector512.IsHardwareAccelerated)
        {
            rest = count % Lanes;
            PackLanes(start, count - rest, seed, gradientScale, hessianScale);
        }

        PackScalar(start + count - rest, rest, seed, gradientScale, hessianScale);
        if (included.IsEmpty)
            return;
        for (var row = start; row < start + count; row++)
            Words[row] &= -(long)included[row];
    }

    /// <summary>Rounds rows to words, one at a time.</summary>
    internal void PackScalar(int start, int count, ulong seed, double gradientScale, double hessianScale)
    {
        var gradientShift = HasHessians ? CountBits + HessianBits : CountBits;
        for (var row = start; row < start + count; row++)
        {
            var random = ((ulong)row + seed) * FirstMultiplier;
            random = (random ^ (random >> 32)) * SecondMultiplier;
            random ^= random >> 32;
            var gradient = (long)Math.Floor((Pairs[2 * (long)row] * gradientScale) + ((random & 0xFFFF_FFFF) * Unit));
            var word = (gradient << gradientShift) + 1;
            if (HasHessians)
                word += (long)((Pairs[(2 * (long)row) + 1] * hessianScale) + ((random >> 32) * Unit)) << CountBits;
            Words[row] = word;
        }
    }

    /// <summary>What <see cref="PackScalar"/> does, eight rows at a time; <paramref name="count"/> is a multiple of eight.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void PackLanes(int start, int count, ulong seed, double gradientScale, double hessianScale)
    {
        var rows = Vector512.Create((ulong)start + seed) + Vector512.Create(0UL, 1, 2, 3, 4, 5, 6, 7);
        var apart = Vector512.Create(0, 2, 4, 6, 8, 10, 12, 14, 1, 3, 5, 7, 9, 11, 13, 15);
        var gradientShift = HasHessians ? CountBits + HessianBits : CountBits;
        var pairs = Pairs + (2 * (long)start);
        for (var i = 0; i < count; i += Lanes)
        {
            var random = rows * FirstMultiplier;
            random = (random ^ (random >>> 32)) * SecondMultiplier;
            random ^= random >>> 32;
            var (gradients, hessians) = Vector512.Widen(Vector512.Shuffle(Vector512.Load(pairs + (2 * i)), apart));
            var dither = Vector512.ConvertToDouble((random & Vector512.Create(0xFFFF_FFFFUL)).AsInt64()) * Unit;
            var word = (Vector512.ConvertToInt64Native(Vector512.Floor((gradients * gradientScale) + dither)) << gradientShift) + Vector512<long>.One;
            if (HasHessians)
            {
                dither = Vector512.ConvertToDouble((random >>> 32).AsInt64()) * Unit;
                word += Vector512.ConvertToInt64Native((hessians * hessianScale) + dither) << CountBits;
            }

            word.Store(Words + start + i);
            rows += Vector512.Create((ulong)Lanes);
        }
    }

    private void ForChunks(Action<int, int> action)
    {
        var chunks = ChunkCount;
        if (_threads == 1 || chunks < ParallelChunks)
        {
            for (var chunk = 0; chunk < chunks; chunk++)
                Run(chunk);
        }
        else
        {
            Parallel.For(0, chunks, new ParallelOptions { MaxDegreeOfParallelism = _threads }, Run);
        }

        void Run(int chunk)
        {
            var start = chunk * ChunkRows;
            action(start, Math.Min(ChunkRows, RowCount - start));
        }
    }
}
