namespace Tributary.Intelligence.Training;

/// <summary>Builds the histograms of nodes. Owns the block histograms of each thread and lends node histograms from a pool.</summary>
internal sealed unsafe class HistogramBuilder : IDisposable
{
    /// <summary>Rows from which a node is shared out to threads.</summary>
    private const int ParallelRows = 16_384;

    private readonly BinnedMatrix _matrix;
    private readonly GradientBuffer _gradients;
    private readonly int _threads;
    private readonly AlignedBuffer<long>[] _blocks;
    private readonly AlignedBuffer<double>[] _partials;
    private readonly Stack<AlignedBuffer<double>> _pool = new();
    private readonly List<AlignedBuffer<double>> _all = [];

    public HistogramBuilder(BinnedMatrix matrix, GradientBuffer gradients, int threads)
    {
        _matrix = matrix;
        _gradients = gradients;
        _threads = threads;
        Length = matrix.HistogramOffsets[^1];
        _blocks = new AlignedBuffer<long>[threads];
        _partials = new AlignedBuffer<double>[threads];
        for (var thread = 0; thread < threads; thread++)
        {
            _blocks[thread] = new AlignedBuffer<long>(HistogramKernel.BlockWords);
            _partials[thread] = new AlignedBuffer<double>(thread == 0 ? 0 : 3L * Length);
        }
    }

    /// <summary>Bins of a histogram. Its buffer holds as many sums of gradients, then of hessians, then of rows.</summary>
    public int Length { get; }

    /// <summary>A zeroed histogram from the pool.</summary>
    public AlignedBuffer<double> Rent()
    {
        if (_pool.TryPop(out var histogram))
        {
            histogram.Span(0, 3 * Length).Clear();
            return histogram;
        }

        histogram = new AlignedBuffer<double>(3L * Length);
        _all.Add(histogram);
        return histogram;
    }

    /// <summary>Gives a histogram back to the pool.</summary>
    public void Return(AlignedBuffer<double> histogram) => _pool.Push(histogram);

    /// <summary>Adds rows to a zeroed histogram.</summary>
    /// <param name="rows">The rows; null for the first <paramref name="count"/>.</param>
    /// <param name="count">How many.</param>
    /// <param name="features">Features wanted; panels without one are skipped.</param>
    /// <param name="histogram">Where the sums go.</param>
    public void Build(int* rows, int count, bool[] features, AlignedBuffer<double> histogram)
    {
        var workers = Math.Clamp(count / (ParallelRows / 2), 1, _threads);
        if (workers == 1)
        {
            Run(0, 0, count);
            return;
        }

        Parallel.For(0, workers, new ParallelOptions { MaxDegreeOfParallelism = workers }, worker =>
        {
            var start = (int)((long)count * worker / workers);
            Run(worker, start, (int)((long)count * (worker + 1) / workers) - start);
        });
        for (var worker = 1; worker < workers; worker++)
            HistogramKernel.Add(histogram.Pointer, _partials[worker].Pointer, 3 * Length);

        void Run(int worker, int start, int length)
        {
            var target = histogram.Pointer;
            if (worker > 0)
            {
                _partials[worker].Span(0, 3 * Length).Clear();
                target = _partials[worker].Pointer;
            }

            for (var panel = 0; panel < _matrix.Panels.Length; panel++)
            {
                var (first, width, _) = _matrix.Panels[panel];
                if (features.AsSpan(first, width).Contains(true))
                    BuildPanel(panel, rows, start, length, _blocks[worker].Pointer, target);
            }
        }
    }

    /// <summary>The sums over all rows of a histogram, from the bins of any feature that was built.</summary>
    public LeafSums Total(AlignedBuffer<double> histogram, int feature)
    {
        LeafSums total = default;
        for (var bin = _matrix.HistogramOffsets[feature]; bin < _matrix.HistogramOffsets[feature + 1]; bin++)
            total += new LeafSums(histogram.Pointer[bin], histogram.Pointer[Length + bin], histogram.Pointer[(2 * Length) + bin]);
        return total;
    }

    public void Dispose()
    {
        foreach (var buffer in _all)
            buffer.Dispose();
        foreach (var buffer in _blocks)
            buffer.Dispose();
        foreach (var buffer in _partials)
            buffer.Dispose();
    }

    private void BuildPanel(int panel, int* rows, int start, int length, long* block, double* histogram)
    {
        var (first, width, stride) = _matrix.Panels[panel];
        var bins = _matrix.PanelRows(panel);
        for (var done = 0; done < length; done += GradientBuffer.BlockRows)
        {
            var count = Math.Min(GradientBuffer.BlockRows, length - done);
            var at = start + done;
            if (rows == null)
                HistogramKernel.Accumulate(bins + ((long)at * stride), stride, null, count, _gradients.Words + at, block);
            else
                HistogramKernel.Accumulate(bins, stride, rows + at, count, _gradients.Words, block);

            for (var k = 0; k < width; k++)
            {
                var offset = _matrix.HistogramOffsets[first + k];
                var binCount = _matrix.HistogramOffsets[first + k + 1] - offset;
                var target = histogram + offset;
                HistogramKernel.Flush(block + (256 * k), binCount, _gradients.HasHessians, target, target + Length, target + (2 * Length));
            }
        }

        // The stride's padding fell into bin 0 of features that do not exist.
        for (var k = width; k < stride; k++)
            block[256 * k] = 0;
    }
}
