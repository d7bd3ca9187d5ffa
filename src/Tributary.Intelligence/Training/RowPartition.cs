using System.Runtime.CompilerServices;
namespace Tributary.Intelligence.Training;

/// <summary>The rows of a tree's leaves, each leaf's together and in ascending order.</summary>
internal sealed unsafe class RowPartition(int rowCount, int threads) : IDisposable
{
    private const int ChunkRows = 16_384;

    private readonly AlignedBuffer<int> _rows = new(rowCount);
    private readonly AlignedBuffer<int> _scratch = new(rowCount);
    private readonly AlignedBuffer<byte> _goesLeft = new(256);

    public int* Rows => _rows.Pointer;

    /// <summary>Puts all rows in one leaf.</summary>
    public void Reset()
    {
        var rows = _rows.Span(0, rowCount);
        for (var row = 0; row < rows.Length; row++)
            rows[row] = row;
    }

    /// <summary>Parts a leaf: rows whose bin is in the set come first. Both sides keep their order.</summary>
    /// <returns>Rows on the left.</returns>
    public int Split(int start, int count, byte* column, BinSet leftBins)
    {
        var table = _goesLeft.Pointer;
        for (var bin = 0; bin < 256; bin++)
            table[bin] = leftBins.Contains(bin) ? (byte)1 : (byte)0;

        var rows = _rows.Pointer + start;
        var scratch = _scratch.Pointer + start;
        var chunks = threads == 1 ? 1 : Math.Max(1, count / ChunkRows);
        if (chunks == 1)
        {
            var left = SplitChunk(rows, scratch, count, column, table);
            new Span<int>(scratch, count - left).CopyTo(new Span<int>(rows + left, count - left));
            return left;
        }

        // Each chunk is parted in its own place; then the left parts move down and the right parts follow.
        var lefts = new int[chunks];
        Parallel.For(0, chunks, new ParallelOptions { MaxDegreeOfParallelism = threads }, chunk =>
        {
            var (from, to) = Range(chunk);
            lefts[chunk] = SplitChunk(rows + from, scratch + from, to - from, column, table);
        });
        var at = 0;
        for (var chunk = 0; chunk < chunks; chunk++)
        {
            new Span<int>(rows + Range(chunk).From, lefts[chunk]).CopyTo(new Span<int>(rows + at, lefts[chunk]));
            at += lefts[chunk];
        }

        var leftCount = at;
        for (var chunk = 0; chunk < chunks; chunk++)
        {
            var (from, to) = Range(chunk);
            var right = to - from - lefts[chunk];
            new Span<int>(scratch + from, right).CopyTo(new Span<int>(rows + at, right));
            at += right;
        }

        return leftCount;

        (int From, int To) Range(int chunk) => ((int)((long)count * chunk / chunks), (int)((long)count * (chunk + 1) / chunks));
    }

    public void Dispose()
    {
        _rows.Dispose();
        _scratch.Dispose();
        _goesLeft.Dispose();
    }

    /// <summary>Leaves the left rows at the front of <paramref name="rows"/> and the right rows in <paramref name="rights"/>, without a branch on the data.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int SplitChunk(int* rows, int* rights, int count, byte* column, byte* goesLeft)
    {
        nint left = 0;
        for (nint i = 0; i < count; i++)
        {
            var row = rows[i];
            rows[left] = row;
            rights[i - left] = row;
            left += goesLeft[column[row]];
        }

        return (int)left;
    }
}
