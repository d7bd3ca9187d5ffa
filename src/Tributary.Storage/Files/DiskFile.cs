using Microsoft.Win32.SafeHandles;

namespace Tributary.Storage.Files;

/// <summary>A file of the file system, read and written by position.</summary>
internal sealed class DiskFile(string name, SafeFileHandle handle, FlushThread flushes) : IStorageFile
{
    private long _length = RandomAccess.GetLength(handle);

    public string Name => name;

    public long Length => Volatile.Read(ref _length);

    public int Read(long offset, Span<byte> destination)
    {
        var read = 0;
        while (read < destination.Length)
        {
            var count = RandomAccess.Read(handle, destination[read..], offset + read);
            if (count == 0)
                break;
            read += count;
        }

        return read;
    }

    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, _length);
        RandomAccess.Write(handle, bytes, offset);
        Volatile.Write(ref _length, Math.Max(_length, offset + bytes.Length));
    }

    public void Truncate(long length)
    {
        RandomAccess.SetLength(handle, length);
        Volatile.Write(ref _length, length);
    }

    public void Flush() => RandomAccess.FlushToDisk(handle);

    public ValueTask FlushAsync(CancellationToken cancellationToken) => new(flushes.RunAsync(Flush));

    public void Dispose() => handle.Dispose();
}
