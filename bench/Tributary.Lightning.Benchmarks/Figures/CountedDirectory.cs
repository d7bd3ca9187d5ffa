using System.Diagnostics.CodeAnalysis;
using Tributary.Storage.Files;

namespace Tributary.Lightning.Benchmarks.Figures;

/// <summary>Another directory whose flushes are counted.</summary>
internal sealed class CountedDirectory(IStorageDirectory inner) : IStorageDirectory
{
    private int _flushes;

    internal int Flushes => Volatile.Read(ref _flushes);

    public string Location => inner.Location;

    public IReadOnlyList<string> List() => inner.List();

    public bool Exists(string name) => inner.Exists(name);

    public IStorageFile Create(string name) => new CountedFile(this, inner.Create(name));

    public IStorageFile Open(string name, FileUse use) => new CountedFile(this, inner.Open(name, use));

    public void Rename(string from, string to) => inner.Rename(from, to);

    public void Remove(string name) => inner.Remove(name);

    public void Sync() => inner.Sync();

    public bool TryLock(string name, string holder, [NotNullWhen(true)] out IDisposable? taken, [NotNullWhen(false)] out string? heldBy) =>
        inner.TryLock(name, holder, out taken, out heldBy);

    private sealed class CountedFile(CountedDirectory owner, IStorageFile inner) : IStorageFile
    {
        public string Name => inner.Name;

        public long Length => inner.Length;

        public int Read(long offset, Span<byte> destination) => inner.Read(offset, destination);

        public void Write(long offset, ReadOnlySpan<byte> bytes) => inner.Write(offset, bytes);

        public void Truncate(long length) => inner.Truncate(length);

        public void Flush()
        {
            Interlocked.Increment(ref owner._flushes);
            inner.Flush();
        }

        public ValueTask FlushAsync(CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref owner._flushes);
            return inner.FlushAsync(cancellationToken);
        }

        public void Dispose() => inner.Dispose();
    }
}
