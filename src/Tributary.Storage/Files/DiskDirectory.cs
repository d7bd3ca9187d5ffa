using System.Diagnostics.CodeAnalysis;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Tributary.Storage.Files;

/// <summary>A folder of the file system. Its flushes run on one thread of its own, which ends when it is idle.</summary>
public sealed class DiskDirectory : IStorageDirectory
{
    private const int HolderBytesMax = 256;
    private const string Unnamed = "another process";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly FlushThread _flushes;

    private DiskDirectory(string path)
    {
        Location = path;
        _flushes = new FlushThread($"flush {Path.GetFileName(path)}");
    }

    /// <inheritdoc/>
    public string Location { get; }

    /// <summary>Opens a folder, and creates it, with those above it, for its owner alone, where it is missing.</summary>
    /// <exception cref="IOException">It cannot be created.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not.</exception>
    public static DiskDirectory Open(string path)
    {
        path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        CreateDurably(path);
        return new DiskDirectory(path);
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> List()
    {
        var names = Directory.EnumerateFiles(Location).Select(static path => Path.GetFileName(path)).ToArray();
        Array.Sort(names, StringComparer.Ordinal);
        return names;
    }

    /// <inheritdoc/>
    public bool Exists(string name) => File.Exists(PathOf(name));

    /// <inheritdoc/>
    public IStorageFile Create(string name) => new DiskFile(name, OpenHandle(name, FileMode.CreateNew, FileAccess.ReadWrite), _flushes);

    /// <inheritdoc/>
    public IStorageFile Open(string name, FileUse use) =>
        new DiskFile(name, OpenHandle(name, FileMode.Open, use == FileUse.Read ? FileAccess.Read : FileAccess.ReadWrite), _flushes);

    /// <inheritdoc/>
    public void Rename(string from, string to) => File.Move(PathOf(from), PathOf(to), overwrite: true);

    /// <inheritdoc/>
    public void Remove(string name) => File.Delete(PathOf(name));

    /// <inheritdoc/>
    public void Sync() => FolderSync.Flush(Location);

    /// <inheritdoc/>
    public FilePlace? PlaceOf(string name) => FilePlaces.Find(PathOf(name));

    /// <inheritdoc/>
    public bool TryLock(string name, string holder, [NotNullWhen(true)] out IDisposable? taken, [NotNullWhen(false)] out string? heldBy)
    {
        (taken, heldBy) = (null, null);
        SafeFileHandle handle;
        try
        {
            // On Unix "no sharing" is flock(2), exclusive; it belongs to this handle, not to the process.
            handle = File.OpenHandle(PathOf(name), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(PathOf(name)))
        {
            heldBy = ReadHolder(name);
            return false;
        }

        try
        {
            // The locked file itself cannot be read by others through .NET, which takes a shared lock to read.
            File.WriteAllText(HolderOf(name), holder);
        }
        catch
        {
            handle.Dispose();
            throw;
        }

        taken = handle;
        return true;
    }

    private static void CreateDurably(string path)
    {
        if (Directory.Exists(path))
            return;
        var parent = Path.GetDirectoryName(path);
        if (parent is not null)
            CreateDurably(parent);
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, OwnerOnly | UnixFileMode.UserExecute);
        if (parent is not null)
            FolderSync.Flush(parent);
    }

    private string ReadHolder(string name)
    {
        try
        {
            Span<byte> bytes = stackalloc byte[HolderBytesMax];
            using var file = File.OpenRead(HolderOf(name));
            var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return length > 0 ? Encoding.UTF8.GetString(bytes[..length]) : Unnamed;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Unnamed;
        }
    }

    private string HolderOf(string name) => PathOf($"{name}.holder");

    private SafeFileHandle OpenHandle(string name, FileMode mode, FileAccess access)
    {
        const FileShare Share = FileShare.ReadWrite | FileShare.Delete;
        var handle = File.OpenHandle(PathOf(name), mode, access, Share);
        if (mode == FileMode.CreateNew && !OperatingSystem.IsWindows())
            File.SetUnixFileMode(handle, OwnerOnly);
        return handle;
    }

    private string PathOf(string name) =>
        name.AsSpan().ContainsAny('/', '\\') ? throw new ArgumentException("A name holds no separator.", nameof(name)) : Path.Combine(Location, name);
}
