namespace Tributary.Proofs.Memory;

/// <summary>Room for field elements, as stored words. One owner, who disposes it.</summary>
internal sealed unsafe class FieldBuffer : IDisposable
{
    private readonly NativeBlock _block;

    /// <summary>Takes room for <paramref name="count"/> elements. Their content is undefined unless <paramref name="clear"/> is set.</summary>
    public FieldBuffer(long count, bool clear = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        Count = count;
        _block = new NativeBlock(checked((nuint)Math.Max(count, 16) * sizeof(uint)));
        if (clear)
            _block.Clear();
    }

    /// <summary>Elements.</summary>
    public long Count { get; }

    /// <summary>The stored words; valid until disposal.</summary>
    public uint* Words => (uint*)_block.Address;

    public void Dispose() => _block.Dispose();
}
