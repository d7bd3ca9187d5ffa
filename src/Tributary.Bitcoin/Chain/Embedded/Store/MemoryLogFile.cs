using Tributary.Primitives.Bytes;

namespace Tributary.Bitcoin.Chain.Embedded.Store;

/// <summary>A log that lives as long as its chain.</summary>
internal sealed class MemoryLogFile : ILogFile
{
    private readonly ByteWriter _bytes = new();

    public long Length => _bytes.Length;

    public void Read(long offset, Span<byte> destination)
    {
        if (offset < 0 || offset + destination.Length > _bytes.Length)
            throw new EndOfStreamException();
        _bytes.WrittenSpan.Slice((int)offset, destination.Length).CopyTo(destination);
    }

    public void Append(ReadOnlySpan<byte> bytes) => _bytes.WriteBytes(bytes);

    public void Flush()
    {
    }

    public void Truncate(long length)
    {
        var kept = _bytes.WrittenSpan[..(int)length].ToArray();
        _bytes.Clear();
        _bytes.WriteBytes(kept);
    }

    public void Dispose()
    {
    }
}
