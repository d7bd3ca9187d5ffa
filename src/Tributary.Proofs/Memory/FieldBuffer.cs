namespace Tributary.Proofs.Memory;

/// <summary>Room for field elements, as stored words. One owner, who disposes it; the room then goes back to the memory that it came from.</summary>
internal sealed unsafe class FieldBuffer : IDisposable
{
    private readonly ProverMemory? _memory;
    private NativeBlock? _block;

    /// <summary>Takes room for <paramref name="count"/> elements. Their content is undefined unless <paramref name="clear"/> is set.</summary>
    public FieldBuffer(long count, ProverMemory? memory = null, bool clear = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        Count = count;
        _memory = memory;
        var bytes = checked((nuint)Math.Max(count, 16) * sizeof(uint));
        _block = memory?.Take(bytes) ?? new NativeBlock(bytes);
        if (clear)
            _block.Clear();
    }

    /// <summary>Elements.</summary>
    public long Count { get; }

    /// <summary>The stored words; valid until disposal.</summary>
    public uint* Words => (uint*)(_block ?? throw new ObjectDisposedException(nameof(FieldBuffer))).Address;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _block, null) is not { } block)
            return;
        if (_memory is null)
            block.Dispose();
        else
            _memory.Return(block);
    }
}
