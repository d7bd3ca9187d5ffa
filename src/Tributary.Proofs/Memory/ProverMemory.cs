namespace Tributary.Proofs.Memory;

/// <summary>
/// Keeps the large blocks that one proof has finished with for the next: the system clears every fresh page, which otherwise takes a quarter of the
/// time. Any number of proofs may share one; the owner disposes it, and blocks still in use then free themselves when they come back.
/// </summary>
public sealed class ProverMemory : IDisposable
{
    private const nuint LeastPooled = 1 << 20;

    private readonly Lock _lock = new();
    private readonly List<NativeBlock> _idle = [];
    private readonly long _idleLimitBytes;
    private bool _disposed;

    /// <summary>Keeps at most so many bytes idle; what comes back beyond that is freed.</summary>
    public ProverMemory(long idleLimitBytes = long.MaxValue)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(idleLimitBytes);
        _idleLimitBytes = idleLimitBytes;
    }

    /// <summary>Bytes kept and not in use.</summary>
    public long IdleBytes { get; private set; }

    /// <summary>A block of at least so many bytes, with any content.</summary>
    internal NativeBlock Take(nuint bytes)
    {
        lock (_lock)
        {
            var best = -1;
            for (var i = 0; i < _idle.Count; i++)
            {
                var size = _idle[i].Size;
                if (size >= bytes && size <= bytes + (bytes / 4) && (best < 0 || size < _idle[best].Size))
                    best = i;
            }

            if (best >= 0)
            {
                var block = _idle[best];
                _idle.RemoveAt(best);
                IdleBytes -= (long)block.Size;
                return block;
            }
        }

        return new NativeBlock(bytes);
    }

    /// <summary>Takes a block back.</summary>
    internal void Return(NativeBlock block)
    {
        lock (_lock)
        {
            if (!_disposed && block.Size >= LeastPooled && IdleBytes + (long)block.Size <= _idleLimitBytes)
            {
                _idle.Add(block);
                IdleBytes += (long)block.Size;
                return;
            }
        }

        block.Dispose();
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            foreach (var block in _idle)
                block.Dispose();
            _idle.Clear();
            IdleBytes = 0;
        }
    }
}
