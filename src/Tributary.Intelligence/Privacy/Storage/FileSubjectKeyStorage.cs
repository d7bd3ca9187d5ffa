using Tributary.Intelligence.Journal.Storage;

namespace Tributary.Intelligence.Privacy.Storage;

/// <summary>
/// Keys as files of one folder, named <c>subject-keys-00000001.tks</c>, locked against a second writer. Zeros are written in place; a disk or file system
/// that writes elsewhere instead (flash, copy on write, snapshots) keeps the old bytes until it reuses them: there, <see cref="SubjectKeys.Rotate"/>.
/// </summary>
/// <param name="folder">The folder; created with the first write when it is not there.</param>
public sealed class FileSubjectKeyStorage(string folder) : ISubjectKeyStorage, IDisposable
{
    private readonly FileJournalStorage _files = new(folder, "subject-keys-", ".tks");

    /// <inheritdoc/>
    public IReadOnlyList<int> Segments => _files.Segments;

    /// <inheritdoc/>
    public long Length(int segment) => _files.Length(segment);

    /// <inheritdoc/>
    public int Read(int segment, long offset, Span<byte> destination) => _files.Read(segment, offset, destination);

    /// <inheritdoc/>
    public void Append(int segment, ReadOnlySpan<byte> bytes) => _files.Append(segment, bytes);

    /// <inheritdoc/>
    public void Sync(int segment) => _files.Sync(segment);

    /// <inheritdoc/>
    public void Truncate(int segment, long length) => _files.Truncate(segment, length);

    /// <inheritdoc/>
    public void Wipe(int segment, long offset, int length) => _files.Wipe(segment, offset, length);

    /// <inheritdoc/>
    public void Destroy(int segment) => _files.Destroy(segment);

    /// <inheritdoc/>
    public void Dispose() => _files.Dispose();
}
