using System.Runtime.CompilerServices;
using Tributary.Intelligence.Data;

namespace Tributary.Intelligence.Training;

/// <summary>
/// A table as bytes, kept twice: by column, for splitting rows at a feature, and by row in panels of at most sixteen features, for histograms:
/// the histograms of one panel (32 KiB) fit in the first-level cache, and a row's bins in it are one load.
/// </summary>
internal sealed unsafe class BinnedMatrix : IDisposable
{
    /// <summary>Features of a panel at most.</summary>
    public const int PanelWidth = 16;

    /// <summary>Rows from which threads share the features.</summary>
    private const int ParallelRows = 8192;

    private readonly AlignedBuffer<byte> _columns;
    private readonly AlignedBuffer<byte> _panels;
    private readonly long[] _panelStarts;

    private BinnedMatrix(FeatureBins[] bins, int rowCount)
    {
        Bins = bins;
        RowCount = rowCount;
        HistogramOffsets = new int[bins.Length + 1];
        for (var feature = 0; feature < bins.Length; feature++)
            HistogramOffsets[feature + 1] = HistogramOffsets[feature] + ((bins[feature].Count + 7) & ~7);

        Panels = new Panel[(bins.Length + PanelWidth - 1) / PanelWidth];
        _panelStarts = new long[Panels.Length + 1];
        for (var panel = 0; panel < Panels.Length; panel++)
        {
            var first = panel * PanelWidth;
            var count = Math.Min(PanelWidth, bins.Length - first);
            Panels[panel] = new Panel(first, count, (count + 3) & ~3);
            _panelStarts[panel + 1] = _panelStarts[panel] + ((long)rowCount * Panels[panel].Stride);
        }

        _columns = new AlignedBuffer<byte>((long)rowCount * bins.Length);
        _panels = new AlignedBuffer<byte>(_panelStarts[^1]);
    }

    /// <summary>How each feature's values become bytes.</summary>
    public FeatureBins[] Bins { get; }

    public int RowCount { get; }

    public Panel[] Panels { get; }

    /// <summary>Where each feature's bins begin in a node's histogram, multiples of eight; the last is the histogram's length.</summary>
    public int[] HistogramOffsets { get; }

    /// <param name="x">The table.</param>
    /// <param name="maxBins">Bins of a feature at most.</param>
    /// <param name="threads">Threads at most.</param>
    /// <param name="rareRows">Rows at which a share of the bins is cut; none for bins by all rows alike.</param>
    /// <param name="rareShare">That share.</param>
    public static BinnedMatrix Create(FeatureMatrix x, int maxBins, int threads, int[]? rareRows = null, double rareShare = 0)
    {
        var bins = new FeatureBins[x.Schema.Count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = x.RowCount < ParallelRows ? 1 : threads };
        Parallel.For(0, bins.Length, options, feature => bins[feature] = FeatureBins.Find(x.Column(feature), x.Schema.Kinds[feature], maxBins, rareRows, rareShare));
        var matrix = new BinnedMatrix(bins, x.RowCount);
        Parallel.For(0, bins.Length, options, feature => bins[feature].BinColumn(x.Column(feature), new Span<byte>(matrix.Column(feature), x.RowCount)));
        for (var panel = 0; panel < matrix.Panels.Length; panel++)
            matrix.FillPanel(panel);
        return matrix;
    }

    /// <summary>A feature's bin of every row.</summary>
    public byte* Column(int feature) => _columns.Pointer + ((long)feature * RowCount);

    /// <summary>The bins of every row in a panel, <c>Stride</c> bytes each.</summary>
    public byte* PanelRows(int panel) => _panels.Pointer + _panelStarts[panel];

    public void Dispose()
    {
        _columns.Dispose();
        _panels.Dispose();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FillPanel(int panel)
    {
        var (first, count, stride) = Panels[panel];
        var rows = PanelRows(panel);
        const int Block = 4096;
        for (var start = 0; start < RowCount; start += Block)
        {
            var end = Math.Min(RowCount, start + Block);
            for (var k = 0; k < count; k++)
            {
                var column = Column(first + k);
                for (var row = start; row < end; row++)
                    rows[((long)row * stride) + k] = column[row];
            }
        }
    }

    /// <param name="First">Its first feature.</param>
    /// <param name="Count">Its features.</param>
    /// <param name="Stride">Bytes of a row: the features rounded up to a multiple of four, the rest zero.</param>
    internal readonly record struct Panel(int First, int Count, int Stride);
}
