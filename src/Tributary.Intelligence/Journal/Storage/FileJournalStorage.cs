using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Tributary.Intelligence.Journal.Storage;

/// <summary>
/// Segments as files of one folder, named <c>journal-00000001.tjs</c>. From its first write on, a writer holds the file <c>lock</c> to itself, so that
/// a second writer fails instead of interleaving. Not safe for use from many threads at once.
/// </summary>
public sealed class FileJournalStorage : IJournalStorage, IDisposable
{
    private const string Prefix = "journal-";
    private const string Suffix = ".tjs";

    private readonly string _folder;
    private readonly List<int> _segments;
    private SafeFileHandle? _lock;
    private SafeFileHandle? _handle;
    private int _open = -1;
    private long _length;
    private bool _created;

    /// <param name="folder">The folder; created with the first write when it is not there.</param>
    public FileJournalStorage(string folder)
    {
        _folder = Path.GetFullPath(folder);
        _segments = Directory.Exists(_folder)
            ? [.. Directory.EnumerateFiles(_folder, Prefix + "*" + Suffix).Select(NumberOf).Where(static number => number > 0).Order()]
            : [];
    }

    /// <inheritdoc/>
    public IReadOnlyList<int> Segments => _segments;

    /// <inheritdoc/>
    public long Length(int segment) => segment == _open ? _length : new FileInfo(PathOf(segment)).Length;

    /// <inheritdoc/>
    public int Read(int segment, long offset, Span<byte> destination)
    {
        if (segment == _open)
            return RandomAccess.Read(_handle!, destination, offset);
        using var handle = File.OpenHandle(PathOf(segment), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        return RandomAccess.Read(handle, destination, offset);
    }

    /// <inheritdoc/>
    public void Append(int segment, ReadOnlySpan<byte> bytes)
    {
        Open(segment);
        RandomAccess.Write(_handle!, bytes, _length);
        _length += bytes.Length;
    }

    /// <inheritdoc/>
    public void Sync(int segment)
    {
        Open(segment);
        RandomAccess.FlushToDisk(_handle!);
        if (!_created)
            return;
        DirectorySync.Sync(_folder);
        _created = false;
    }

    /// <inheritdoc/>
    public void Truncate(int segment, long length)
    {
        Open(segment);
        RandomAccess.SetLength(_handle!, length);
        _length = length;
        RandomAccess.FlushToDisk(_handle!);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Close();
        _lock?.Dispose();
        _lock = null;
    }

    private static int NumberOf(string path)
    {
        var name = Path.GetFileName(path.AsSpan());
        return int.TryParse(name[Prefix.Length..^Suffix.Length], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
    }

    private string PathOf(int segment) => Path.Combine(_folder, $"{Prefix}{segment:D8}{Suffix}");

    private void Open(int segment)
    {
        if (segment == _open)
            return;
        Close();
        if (!Directory.Exists(_folder))
        {
            Directory.CreateDirectory(_folder);
            if (Path.GetDirectoryName(_folder) is { } parent)
                DirectorySync.Sync(parent);
        }

        // On Unix only "no sharing" is a lock that another writer runs into.
        _lock ??= File.OpenHandle(Path.Combine(_folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        var path = PathOf(segment);
        _created = !File.Exists(path);
        _handle = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
        _length = RandomAccess.GetLength(_handle);
        _open = segment;
        if (_created)
            _segments.Add(segment);
    }

    private void Close()
    {
        _handle?.Dispose();
        _handle = null;
        _open = -1;
    }
}
