using System.Runtime.InteropServices;

namespace Tributary.Intelligence.Training;

/// <summary>Zeroed memory outside the collector's heap, on a cache line's boundary, for the kernels of training. One owner, who disposes it.</summary>
internal sealed unsafe class AlignedBuffer<T> : IDisposable
    where T : unmanaged
{
    private const nuint CacheLineBytes = 64;

    public AlignedBuffer(long length)
    {
        var bytes = checked((nuint)Math.Max(1, length) * (nuint)sizeof(T));
        Length = length;
        Pointer = (T*)NativeMemory.AlignedAlloc(bytes, CacheLineBytes);
        NativeMemory.Clear(Pointer, bytes);
    }

    public long Length { get; }

    public T* Pointer { get; private set; }

    /// <summary>A view of a part; valid until the buffer is disposed.</summary>
    public Span<T> Span(long start, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start, Length - count);
        return new Span<T>(Pointer + start, count);
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(Pointer);
        Pointer = null;
    }
}
