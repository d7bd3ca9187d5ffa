using System.Globalization;
using Tributary.Storage.Files;

namespace Tributary.Intelligence.Privacy.Storage;

/// <summary>
/// Keys as files of one folder, named <c>subject-keys-00000001.tks</c>, locked against a second writer from the first write on. Zeros are written in
/// place; a disk or file system that writes elsewhere instead (flash, copy on write, snapshots) keeps the old bytes until it reuses them: there,
/// <see cref="SubjectKeys.Rotate"/>.
/// </summary>
public sealed class FileSubjectKeyStorage : ISubjectKeyStorage, IDisposable
{
    private const string Prefix = "subject-keys-";
    private const string Suffix = ".tks";
    private const int WipeBytes = 1 << 20;

    private readonly string _folder;
    private readonly List<int> _segments = [];
    private DiskDirectory? _directory;
    private IDisposable? _lock;
    private IStorageFile? _file;
    private int _open = -1;
    private bool _created;

    /// <param name="folder">The folder; created with the first write when it is not there.</param>
    public FileSubjectKeyStorage(string folder)
    {
        _folder = Path.GetFullPath(folder);
        if (!Directory.Exists(_folder))
            return;
        _directory = DiskDirectory.Open(_folder);
        _segments.AddRange(_directory.List().Select(NumberOf).Where(static number => number > 0).Order());
    }

    /// <inheritdoc/>
    public IReadOnlyList<int> Segments => _segments;

    /// <inheritdoc/>
    public long Length(int segment)
    {
        if (segment == _open)
            return _file!.Length;
        using var file = _directory!.Open(NameOf(segment), FileUse.Read);
        return file.Length;
    }

    /// <inheritdoc/>
    public int Read(int segment, long offset, Span<byte> destination)
    {
        if (segment == _open)
            return _file!.Read(offset, destination);
        using var file = _directory!.Open(NameOf(segment), FileUse.Read);
        return file.Read(offset, destination);
    }

    /// <inheritdoc/>
    public void Append(int segment, ReadOnlySpan<byte> bytes)
    {
        var file = Open(segment);
        file.Write(file.Length, bytes);
    }

    /// <inheritdoc/>
    public void Sync(int segment)
    {
        Open(segment).Flush();
        if (!_created)
            return;
        _directory!.Sync();
        _created = false;
    }

    /// <inheritdoc/>
    public void Truncate(int segment, long length)
    {
        var file = Open(segment);
        file.Truncate(length);
        file.Flush();
    }

    /// <inheritdoc/>
    public void Wipe(int segment, long offset, int length) => Open(segment).Write(offset, new byte[length]);

    /// <inheritdoc/>
    public void Destroy(int segment)
    {
        var file = Open(segment);
        var zeros = new byte[(int)Math.Min(WipeBytes, file.Length)];
        for (var offset = 0L; offset < file.Length; offset += zeros.Length)
            file.Write(offset, zeros.AsSpan(0, (int)Math.Min(zeros.Length, file.Length - offset)));
        file.Flush();
        Close();
        _directory!.Remove(NameOf(segment));
        _segments.Remove(segment);
        _directory.Sync();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Close();
        _lock?.Dispose();
        _lock = null;
    }

    private static string NameOf(int segment) => $"{Prefix}{segment:D8}{Suffix}";

    private static int NumberOf(string name) =>
        name.Length > Prefix.Length + Suffix.Length && name.StartsWith(Prefix, StringComparison.Ordinal) && name.EndsWith(Suffix, StringComparison.Ordinal)
        && int.TryParse(name.AsSpan()[Prefix.Length..^Suffix.Length], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : 0;

    private IStorageFile Open(int segment)
    {
        if (segment == _open)
            return _file!;
        Close();
        _directory ??= DiskDirectory.Open(_folder);
        if (_lock is null && !_directory.TryLock("lock", $"process {Environment.ProcessId}", out _lock, out var heldBy))
            throw new IOException($"The keys in {_folder} are in use by {heldBy}.");

        var name = NameOf(segment);
        _created = !_directory.Exists(name);
        _file = _created ? _directory.Create(name) : _directory.Open(name, FileUse.ReadWrite);
        _open = segment;
        if (_created)
            _segments.Add(segment);
        return _file;
    }

    private void Close()
    {
        _file?.Dispose();
        _file = null;
        _open = -1;
    }
}
