using System.Diagnostics.CodeAnalysis;

namespace Tributary.Storage.Files;

/// <summary>
/// Another directory whose files are not flushed but wait as long as a given disk would take. For measurements that are to be compared between
/// machines: nothing in it survives a loss of power.
/// </summary>
/// <param name="inner">Where the files are.</param>
/// <param name="flush">How long a flush takes.</param>
public sealed class DelayedDirectory(IStorageDirectory inner, TimeSpan flush) : IStorageDirectory
{
    private readonly FlushThread _flushes = new("delayed flush");

    /// <inheritdoc/>
    public string Location => inner.Location;

    /// <inheritdoc/>
    public IReadOnlyList<string> List() => inner.List();

    /// <inheritdoc/>
    public bool Exists(string name) => inner.Exists(name);

    /// <inheritdoc/>
    public IStorageFile Create(string name) => new DelayedFile(inner.Create(name), flush, _flushes);

    /// <inheritdoc/>
    public IStorageFile Open(string name, FileUse use) => new DelayedFile(inner.Open(name, use), flush, _flushes);

    /// <inheritdoc/>
    public void Rename(string from, string to) => inner.Rename(from, to);

    /// <inheritdoc/>
    public void Remove(string name) => inner.Remove(name);

    /// <inheritdoc/>
    public void Sync() => PreciseDelay.Wait(flush);

    /// <inheritdoc/>
    public FilePlace? PlaceOf(string name) => inner.PlaceOf(name);

    /// <inheritdoc/>
    public bool TryLock(string name, string holder, [NotNullWhen(true)] out IDisposable? taken, [NotNullWhen(false)] out string? heldBy) =>
        inner.TryLock(name, holder, out taken, out heldBy);

    private sealed class DelayedFile(IStorageFile inner, TimeSpan flush, FlushThread flushes) : IStorageFile
    {
        public string Name => inner.Name;

        public long Length => inner.Length;

        public int Read(long offset, Span<byte> destination) => inner.Read(offset, destination);

        public void Write(long offset, ReadOnlySpan<byte> bytes) => inner.Write(offset, bytes);

        public void Truncate(long length) => inner.Truncate(length);

        public void Flush() => PreciseDelay.Wait(flush);

        public ValueTask FlushAsync(CancellationToken cancellationToken) => new(flushes.RunAsync(Flush));

        public void Dispose() => inner.Dispose();
    }
}
