using Microsoft.Win32.SafeHandles;
using Tributary.Primitives.Results;

namespace Tributary.Bitcoin.Chain.Embedded.Store;

/// <summary>A log on disk, held with an exclusive lock until disposal. The kernel drops the lock when the process ends in any way.</summary>
internal sealed class DiskLogFile : ILogFile
{
    private readonly SafeFileHandle _handle;

    private DiskLogFile(SafeFileHandle handle)
    {
        _handle = handle;
        Length = RandomAccess.GetLength(handle);
    }

    public long Length { get; private set; }

    /// <summary>Opens or creates a file and the folder above it.</summary>
    internal static Result<DiskLogFile, Refusal> Open(string path)
    {
        try
        {
            var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
            Directory.CreateDirectory(folder);
            var isNew = !File.Exists(path);
            var handle = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            if (isNew)
                FolderSync.Flush(folder);
            return new DiskLogFile(handle);
        }
        catch (UnauthorizedAccessException exception)
        {
            return new Refusal("path", $"{path} may not be written by this user: {exception.Message}");
        }
        catch (IOException exception)
        {
            return new Refusal("path", $"{path} can't be opened; another process may have it open: {exception.Message}");
        }
    }

    public void Read(long offset, Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            var read = RandomAccess.Read(_handle, destination, offset);
            if (read == 0)
                throw new EndOfStreamException();
            destination = destination[read..];
            offset += read;
        }
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        RandomAccess.Write(_handle, bytes, Length);
        Length += bytes.Length;
    }

    public void Flush() => RandomAccess.FlushToDisk(_handle);

    public void Truncate(long length)
    {
        RandomAccess.SetLength(_handle, length);
        RandomAccess.FlushToDisk(_handle);
        Length = length;
    }

    public void Dispose() => _handle.Dispose();
}
