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
        ForChunks((start, count) =>
        {
            var s = scores.Span.Slice(start, count);
            var y = labels.Span.Slice(start, count);
            var w = weights.IsEmpty ? default : weights.Span.Slice(start, count);
            var pairs = Pairs + (2 * (long)start);
            Span<double> padded = stackalloc double[Vector512<double>.Count];
            Span<double> p = stackalloc double[Vector512<double>.Count];
            for (var i = 0; i < count; i += p.Length)
            {
                // The tail goes through the same arithmetic, so that a row's derivative does not depend on where its chunk ends.
                var lanes = Math.Min(p.Length, count - i);
                padded.Clear();
                s.Slice(i, lanes).CopyTo(padded);
                (Vector512<double>.One / (Vector512<double>.One + Vector512.Exp(-Vector512.Create<double>(padded)))).CopyTo(p);
                for (var lane = 0; lane < lanes; lane++)
                {
                    var weight = w.IsEmpty ? 1f : w[i + lane];
                    pairs[2 * (i + lane)] = weight * (float)(p[lane] - y[i + lane]);
                    pairs[(2 * (i + lane)) + 1] = weight * (float)Math.Max(p[lane] * (1 - p[lane]), 1e-16);
                }
            }
        });

    /// <summary>Rounds the pairs to words.</summary>
    /// <param name="included">1 for a row that the round sees, 0 for one left out; empty for all.</param>
    /// <param name="seed">The seed of the rounding, another for each round.</param>
    public void Pack(ReadOnlyMemory<byte> included, ulong seed)
    {
        var maxima = new (float Gradient, float Hessian)[ChunkCount];
        ForChunks((start, count) =>
        {
            float gradient = 0, hessian = 0;
            var pairs = Pairs + (2 * (long)start);
            for (var i = 0; i < count; i++)
            {
                gradient = Math.Max(gradient, Math.Abs(pairs[2 * i]));
                hessian = Math.Max(hessian, pairs[(2 * i) + 1]);
            }

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
        const double Unit = 1.0 / (1L << 32);
        var gradientShift = HasHessians ? CountBits + HessianBits : CountBits;
        for (var row = start; row < start + count; row++)
        {
            if (!included.IsEmpty && included[row] == 0)
            {
                Words[row] = 0;
                continue;
            }

            var random = ((ulong)row + seed) * 0x9E3779B97F4A7C15;
            random = (random ^ (random >> 32)) * 0xD6E8FEB86659FD93;
            random ^= random >> 32;
            var gradient = (long)Math.Floor((Pairs[2 * (long)row] * gradientScale) + ((random & 0xFFFF_FFFF) * Unit));
            var word = (gradient << gradientShift) + 1;
            if (HasHessians)
                word += (long)((Pairs[(2 * (long)row) + 1] * hessianScale) + ((random >> 32) * Unit)) << CountBits;
            Words[row] = word;
        }
    }

    private void ForChunks(Action<int, int> action)
    {
        var chunks = ChunkCount;
        if (_threads == 1 || chunks == 1)
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
