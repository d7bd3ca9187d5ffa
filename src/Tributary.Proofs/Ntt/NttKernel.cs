using Tributary.Proofs.Fields;

namespace Tributary.Proofs.Ntt;

/// <summary>
/// Number-theoretic transforms of one column on a packing. Coefficients stand in bit-reversed order, values in natural order, so neither
/// direction permutes: forward decimates in time, inverse in frequency. A column larger than a cache block is a matrix whose rows are blocks:
/// layers within a block run in the first-level cache, layers across blocks run on tiles that are copied into it, and memory is read and
/// written twice in all.
/// </summary>
internal static unsafe class NttKernel<T>
    where T : unmanaged, IPackedField<T>
{
    /// <summary>log2 of the elements of a block: 16 KiB, and as much again for its factors.</summary>
    private const int LogBlock = 12;

    /// <summary>Vectors side by side in a tile.</summary>
    private const int TileVectors = 2;

    /// <summary>True where the size fills whole transposed blocks; smaller transforms take the scalar packing.</summary>
    public static bool Fits(int logSize) => logSize >= 2 * T.LogWidth;

    /// <summary>Words of scratch memory that a transform of this size needs.</summary>
    public static long ScratchLength(int logSize) => (long)TileVectors * T.Width << Math.Max(0, logSize - LogBlock);

    /// <summary>Values in natural order at <paramref name="values"/> from bit-reversed coefficients; the two may be one place.</summary>
    public static void Forward(uint* coefficients, uint* values, int logSize, uint* twiddles, uint* scratch)
    {
        var logBlock = Math.Min(logSize, LogBlock);
        var block = 1 << logBlock;
        var lanes = stackalloc T[T.Width];
        SpreadLanes(twiddles, lanes);
        for (long start = 0; start < 1L << logSize; start += block)
        {
            if (coefficients != values)
                Buffer.MemoryCopy(coefficients + start, values + start, block * sizeof(uint), block * sizeof(uint));
            ForwardLanes(values + start, block, (uint*)lanes);
            ForwardRows((T*)(values + start), block >> T.LogWidth, 1, twiddles, T.Width);
        }

        var rows = 1 << (logSize - logBlock);
        if (rows == 1)
            return;
        for (var column = 0; column < block; column += TileVectors * T.Width)
        {
            Gather(values + column, block, rows, (T*)scratch);
            ForwardRows((T*)scratch, rows, TileVectors, twiddles + column, block);
            Scatter((T*)scratch, rows, values + column, block);
        }
    }

    /// <summary>Bit-reversed coefficients at <paramref name="coefficients"/> from values in natural order; the two may be one place.</summary>
    public static void Inverse(uint* values, uint* coefficients, int logSize, uint* inverseTwiddles, uint* scratch)
    {
        var logBlock = Math.Min(logSize, LogBlock);
        var block = 1 << logBlock;
        var rows = 1 << (logSize - logBlock);
        for (var column = 0; rows > 1 && column < block; column += TileVectors * T.Width)
        {
            Gather(values + column, block, rows, (T*)scratch);
            InverseRows((T*)scratch, rows, TileVectors, inverseTwiddles + column, block);
            Scatter((T*)scratch, rows, coefficients + column, block);
        }

        if (rows == 1 && coefficients != values)
            Buffer.MemoryCopy(values, coefficients, block * sizeof(uint), block * sizeof(uint));
        var lanes = stackalloc T[T.Width];
        SpreadLanes(inverseTwiddles, lanes);
        var scale = T.FromBase(KoalaBear.InversePowerOfTwo(logSize));
        for (long start = 0; start < 1L << logSize; start += block)
        {
            InverseRows((T*)(coefficients + start), block >> T.LogWidth, 1, inverseTwiddles, T.Width);
            InverseLanes(coefficients + start, block, (uint*)lanes, scale);
        }
    }

    /// <summary>The factors of the layers within a vector, each in all lanes of a vector: place h + j as in the table.</summary>
    private static void SpreadLanes(uint* twiddles, T* lanes)
    {
        for (var i = 0; i < T.Width; i++)
            lanes[i] = T.Broadcast(twiddles[i]);
    }

    /// <summary>The layers that join neighbours within a vector: transposed, they join whole vectors.</summary>
    private static void ForwardLanes(uint* data, int length, uint* lanes)
    {
        for (var i = 0; i < length && T.Width > 1; i += T.Width * T.Width)
        {
            var rows = (T*)(data + i);
            T.Transpose(rows);
            ForwardRows(rows, T.Width, 1, lanes, T.Width);
            T.Transpose(rows);
        }
    }

    private static void InverseLanes(uint* data, int length, uint* lanes, T scale)
    {
        if (T.Width == 1)
        {
            for (var i = 0; i < length; i++)
                T.Store(data + i, T.Load(data + i) * scale);
            return;
        }

        for (var i = 0; i < length; i += T.Width * T.Width)
        {
            var rows = (T*)(data + i);
            T.Transpose(rows);
            InverseRows(rows, T.Width, 1, lanes, T.Width);
            for (var row = 0; row < T.Width; row++)
                rows[row] *= scale;
            T.Transpose(rows);
        }
    }

    private static void Gather(uint* source, nint stride, int rows, T* tile)
    {
        for (var row = 0; row < rows; row++)
        {
            for (var u = 0; u < TileVectors; u++)
                tile[u] = T.Load(source + (u * T.Width));
            tile += TileVectors;
            source += stride;
        }
    }

    private static void Scatter(T* tile, int rows, uint* destination, nint stride)
    {
        for (var row = 0; row < rows; row++)
        {
            for (var u = 0; u < TileVectors; u++)
                T.Store(destination + (u * T.Width), tile[u]);
            tile += TileVectors;
            destination += stride;
        }
    }

    /// <summary>
    /// Decimation in time across <paramref name="rows"/> rows of <paramref name="width"/> vectors, two layers at a time. The factor of row j of a
    /// half of h rows stands at twiddles + (h + j)·<paramref name="step"/>, a vector for each vector of the row.
    /// </summary>
    private static void ForwardRows(T* data, int rows, int width, uint* twiddles, nint step)
    {
        var half = 1;
        for (; half * 4 <= rows; half *= 4)
        {
            nint h = (nint)half * width;
            for (nint i = 0; i < h; i++)
            {
                var (row, lane) = width == 1 ? (i, 0) : Math.DivRem(i, width);
                var inner = T.Load(twiddles + ((half + row) * step) + (lane * T.Width));
                var outer0 = T.Load(twiddles + (((2 * half) + row) * step) + (lane * T.Width));
                var outer1 = T.Load(twiddles + (((3 * half) + row) * step) + (lane * T.Width));
                for (var x = data + i; x < data + ((nint)rows * width); x += 4 * h)
                {
                    var t1 = x[h] * inner;
                    var t3 = x[3 * h] * inner;
                    var a0 = x[0] + t1;
                    var a1 = x[0] - t1;
                    var a2 = (x[2 * h] + t3) * outer0;
                    var a3 = (x[2 * h] - t3) * outer1;
                    x[0] = a0 + a2;
                    x[h] = a1 + a3;
                    x[2 * h] = a0 - a2;
                    x[3 * h] = a1 - a3;
                }
            }
        }

        if (half < rows)
            ForwardLayer(data, rows, width, twiddles, step, half);
    }

    private static void ForwardLayer(T* data, int rows, int width, uint* twiddles, nint step, int half)
    {
        nint h = (nint)half * width;
        for (nint i = 0; i < h; i++)
        {
            var (row, lane) = width == 1 ? (i, 0) : Math.DivRem(i, width);
            var factor = T.Load(twiddles + ((half + row) * step) + (lane * T.Width));
            for (var x = data + i; x < data + ((nint)rows * width); x += 2 * h)
            {
                var t = x[h] * factor;
                x[h] = x[0] - t;
                x[0] += t;
            }
        }
    }

    /// <summary>Decimation in frequency: <see cref="ForwardRows"/> backwards.</summary>
    private static void InverseRows(T* data, int rows, int width, uint* twiddles, nint step)
    {
        var top = rows / 2;
        if (int.Log2(rows) % 2 == 1)
        {
            InverseLayer(data, rows, width, twiddles, step, top);
            top /= 2;
        }

        for (var half = top / 2; half >= 1; half /= 4)
        {
            nint h = (nint)half * width;
            for (nint i = 0; i < h; i++)
            {
                var (row, lane) = width == 1 ? (i, 0) : Math.DivRem(i, width);
                var inner = T.Load(twiddles + ((half + row) * step) + (lane * T.Width));
                var outer0 = T.Load(twiddles + (((2 * half) + row) * step) + (lane * T.Width));
                var outer1 = T.Load(twiddles + (((3 * half) + row) * step) + (lane * T.Width));
                for (var x = data + i; x < data + ((nint)rows * width); x += 4 * h)
                {
                    var a0 = x[0] + x[2 * h];
                    var a1 = x[h] + x[3 * h];
                    var a2 = (x[0] - x[2 * h]) * outer0;
                    var a3 = (x[h] - x[3 * h]) * outer1;
                    x[0] = a0 + a1;
                    x[h] = (a0 - a1) * inner;
                    x[2 * h] = a2 + a3;
                    x[3 * h] = (a2 - a3) * inner;
                }
            }
        }
    }

    private static void InverseLayer(T* data, int rows, int width, uint* twiddles, nint step, int half)
    {
        nint h = (nint)half * width;
        for (nint i = 0; i < h; i++)
        {
            var (row, lane) = width == 1 ? (i, 0) : Math.DivRem(i, width);
            var factor = T.Load(twiddles + ((half + row) * step) + (lane * T.Width));
            for (var x = data + i; x < data + ((nint)rows * width); x += 2 * h)
            {
                var difference = x[0] - x[h];
                x[0] += x[h];
                x[h] = difference * factor;
            }
        }
    }
}
