using System.Diagnostics.CodeAnalysis;

namespace Tributary.Storage.Files;

/// <summary>A folder that lives as long as its process: for what a user asks not to be kept. A flush is done at once.</summary>
public sealed class MemoryDirectory : IStorageDirectory
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, Content> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _locks = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public string Location => "memory";

    /// <inheritdoc/>
    public IReadOnlyList<string> List()
    {
        lock (_lock)
            return [.. _files.Keys];
    }

    /// <inheritdoc/>
    public bool Exists(string name)
    {
        lock (_lock)
            return _files.ContainsKey(name);
    }

    /// <inheritdoc/>
    public IStorageFile Create(string name)
    {
        lock (_lock)
        {
            var content = new Content();
            return _files.TryAdd(name, content) ? new MemoryFile(name, content) : throw new IOException($"The file {name} exists.");
        }
    }

    /// <inheritdoc/>
    public IStorageFile Open(string name, FileUse use)
    {
        lock (_lock)
            return _files.TryGetValue(name, out var content) ? new MemoryFile(name, content) : throw new FileNotFoundException($"There is no file {name}.", name);
    }

    /// <inheritdoc/>
    public void Rename(string from, string to)
    {
        lock (_lock)
        {
            if (!_files.Remove(from, out var content))
                throw new FileNotFoundException($"There is no file {from}.", from);
            _files[to] = content;
        }
    }

    /// <inheritdoc/>
    public void Remove(string name)
    {
        lock (_lock)
            _files.Remove(name);
    }

    /// <inheritdoc/>
    public void Sync()
    {
    }

    /// <inheritdoc/>
    public bool TryLock(string name, string holder, [NotNullWhen(true)] out IDisposable? taken, [NotNullWhen(false)] out string? heldBy)
    {
        lock (_lock)
        {
            (taken, heldBy) = (null, null);
            if (!_locks.TryAdd(name, holder))
            {
                heldBy = _locks[name];
                return false;
            }

            taken = new Held(this, name);
            return true;
        }
    }

    private void Release(string name)
    {
        lock (_lock)
            _locks.Remove(name);
    }

    private sealed class Held(MemoryDirectory directory, string name) : IDisposable
    {
        private MemoryDirectory? _directory = directory;

        public void Dispose() => Interlocked.Exchange(ref _directory, null)?.Release(name);
    }

    /// <summary>The bytes behind a name, shared by its handles.</summary>
    private sealed class Content
    {
        internal Lock Lock { get; } = new();

        internal byte[] Bytes { get; set; } = [];

        internal int Length { get; set; }
    }

    private sealed class MemoryFile(string name, Content content) : IStorageFile
    {
        public string Name => name;

        public long Length
        {
            get
            {
                lock (content.Lock)
                    return content.Length;
            }
        }

        public int Read(long offset, Span<byte> destination)
        {
            lock (content.Lock)
            {
                var count = (int)Math.Clamp(content.Length - offset, 0, destination.Length);
                if (count > 0)
                    content.Bytes.AsSpan((int)offset, count).CopyTo(destination);
                return count;
            }
        }

        public void Write(long offset, ReadOnlySpan<byte> bytes)
        {
            lock (content.Lock)
            {
                ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, content.Length);
                var end = checked((int)(offset + bytes.Length));
                if (end > content.Bytes.Length)
                {
                    var larger = new byte[(int)Math.Min(Array.MaxLength, Math.Max(end, content.Bytes.Length * 2L))];
                    content.Bytes.AsSpan(0, content.Length).CopyTo(larger);
                    content.Bytes = larger;
                }

                bytes.CopyTo(content.Bytes.AsSpan((int)offset));
                content.Length = Math.Max(content.Length, end);
            }
        }

        public void Truncate(long length)
        {
            lock (content.Lock)
                content.Length = (int)length;
        }

        public void Flush()
        {
        }

        public ValueTask FlushAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public void Dispose()
        {
        }
    }
}
