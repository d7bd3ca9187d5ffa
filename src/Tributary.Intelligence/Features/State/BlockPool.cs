using System.Numerics;
using System.Runtime.CompilerServices;

namespace Tributary.Intelligence.Features.State;

/// <summary>
/// Memory for blocks of numbers that grow and shrink by entity: chunks cut into blocks that begin on cache lines, and a list of free blocks for
/// each length. Keeps millions of small histories off the garbage collector's books.
/// </summary>
internal sealed class BlockPool(long maxNumbers)
{
    /// <summary>"No block".</summary>
    public const long None = -1;

    // Chunks double from 64 KiB to 16 MiB: a small store stays small, a large one lies on large pages.
    private const int FirstChunkLength = 1 << 13;
    private const int LastChunkLength = 1 << 21;

    private readonly Dictionary<int, Stack<long>> _free = [];
    private LineMemory[] _chunks = new LineMemory[4];
    private int _count;
    private int _used;
    private long _numbers;

    /// <summary>Bytes taken from the system.</summary>
    public long Bytes => _numbers * sizeof(long);

    /// <summary>A block with undefined content, or <see cref="None"/> when the bound is reached.</summary>
    public long TryTake(int length)
    {
        if (_free.TryGetValue(length, out var free) && free.TryPop(out var handle))
            return handle;
        var taken = (length + CacheLines.Length - 1) / CacheLines.Length * CacheLines.Length;
        if (_count == 0 || _used + taken > _chunks[_count - 1].Length)
        {
            var chunkLength = Math.Max(taken, FirstChunkLength << Math.Min(_count, BitOperations.Log2(LastChunkLength / FirstChunkLength)));
            if (_numbers + chunkLength > maxNumbers)
                return None;
            if (_count == _chunks.Length)
                Array.Resize(ref _chunks, 2 * _count);
            _chunks[_count++] = LineMemory.Allocate(chunkLength);
            _numbers += chunkLength;
            _used = 0;
        }

        handle = ((long)(_count - 1) << 32) | (uint)_used;
        _used += taken;
        return handle;
    }

    /// <summary>Gives a block back.</summary>
    public void Return(long handle, int length)
    {
        if (!_free.TryGetValue(length, out var free))
            _free.Add(length, free = new Stack<long>());
        free.Push(handle);
    }

    /// <summary>The numbers of a block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<long> Open(long handle, int length) => _chunks[(int)(handle >> 32)].Slice((int)handle, length);
}
