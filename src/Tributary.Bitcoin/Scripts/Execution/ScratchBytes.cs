using System.Buffers;

namespace Tributary.Bitcoin.Scripts.Execution;

/// <summary>
/// Room for what a script computes: hashes, numbers, its own P2WPKH script. The first bytes come from one pooled block; a script that needs
/// more gets arrays of its own, which the collector takes back as the stack drops them. One owner, which disposes it last.
/// </summary>
internal struct ScratchBytes : IDisposable
{
    private const int BlockLength = 512;
    private byte[]? _block;
    private int _used;

    public void Dispose()
    {
        if (_block is not null)
            ArrayPool<byte>.Shared.Return(_block);
        _block = null;
        _used = 0;
    }

    /// <summary>Room that nothing else gets before <see cref="Dispose"/>; its content is undefined.</summary>
    internal Memory<byte> Take(int length)
    {
        _block ??= ArrayPool<byte>.Shared.Rent(BlockLength);
        if (_used + length > BlockLength)
            return new byte[length];

        var memory = _block.AsMemory(_used, length);
        _used += length;
        return memory;
    }
}
