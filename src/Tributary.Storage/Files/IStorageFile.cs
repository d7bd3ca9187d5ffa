namespace Tributary.Storage.Files;

/// <summary>
/// One open file. What is written is durable after a flush that succeeded; after one that failed nothing is known, and no later flush makes up
/// for it (the kernel may have dropped the pages: "fsyncgate"). One writer at a time; reads may run beside it.
/// </summary>
public interface IStorageFile : IDisposable
{
    /// <summary>The name it was opened by.</summary>
    string Name { get; }

    /// <summary>Bytes.</summary>
    long Length { get; }

    /// <summary>Fills the span from an offset; returns how many bytes there were, fewer than asked only at the end of the file.</summary>
    int Read(long offset, Span<byte> destination);

    /// <summary>Writes at an offset of at most <see cref="Length"/>; all of the bytes, or an exception.</summary>
    void Write(long offset, ReadOnlySpan<byte> bytes);

    /// <summary>Cuts the end off.</summary>
    void Truncate(long length);

    /// <summary>Returns when everything written survives a loss of power. Blocks; for opening and closing.</summary>
    void Flush();

    /// <summary>Completes when everything written before the call survives a loss of power. Blocks no thread of the pool.</summary>
    ValueTask FlushAsync(CancellationToken cancellationToken);
}
