using System.Diagnostics.CodeAnalysis;
using Tributary.Primitives.Randomness;
using Tributary.Storage.Files;

namespace Tributary.Testing.Storage;

/// <summary>
/// A disk in memory that does to unsynced data whatever a disk may do when the power fails, from a seed: each sector written since the last flush
/// is there or is not, on its own; a file that grew has any length in between, its missing sectors zeros or garbage; names created, changed or
/// removed since the folder's last sync are as they were after any number of those steps. A flush that fails leaves pages that look written, in
/// the cache, and that no later flush writes (fsyncgate). Any operation can be made the last one. Several folders share one disk, and its crash.
/// </summary>
public sealed class SimulatedDisk
{
    internal const int SectorBytes = 512;

    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, SimulatedFolder> _folders = new(StringComparer.Ordinal);
    private readonly TimeProvider _time;
    private readonly Xoshiro256 _random;
    private long _operationsLeft = long.MaxValue;
    private int _flushesToFail;
    private int _life;

    /// <param name="seed">Decides what survives.</param>
    /// <param name="time">The clock of the delays; the system's when null.</param>
    public SimulatedDisk(ulong seed, TimeProvider? time = null)
    {
        _random = new Xoshiro256(seed);
        _time = time ?? TimeProvider.System;
    }

    /// <summary>How long a flush takes.</summary>
    public TimeSpan FlushDelay { get; set; }

    /// <summary>Bytes that files may take together; more is a full disk.</summary>
    public long CapacityBytes { get; set; } = long.MaxValue;

    /// <summary>Operations that changed something so far: writes, flushes, truncations, changes and syncs of names.</summary>
    public long Operations { get; private set; }

    /// <summary>Flushes so far.</summary>
    public long Flushes { get; private set; }

    /// <summary>True since the power failed.</summary>
    public bool IsDown { get; private set; }

    internal Lock Lock => _lock;

    internal TimeProvider Time => _time;

    internal int Life => _life;

    /// <summary>A folder of this disk.</summary>
    public IStorageDirectory Folder(string name = "log")
    {
        lock (_lock)
        {
            if (!_folders.TryGetValue(name, out var folder))
                _folders.Add(name, folder = new SimulatedFolder(name));
            return new SimulatedDirectory(this, folder);
        }
    }

    /// <summary>The power fails in place of the operation after this many more; everything then throws until <see cref="Restart"/>.</summary>
    public void FailPowerAfter(long operations)
    {
        lock (_lock)
            _operationsLeft = operations;
    }

    /// <summary>So many of the next flushes fail.</summary>
    public void FailFlushes(int count)
    {
        lock (_lock)
            _flushesToFail = count;
    }

    /// <summary>The power fails now, if it has not, and comes back: what was not synced is there or not, and every handle of before is dead.</summary>
    public void Restart()
    {
        lock (_lock)
        {
            foreach (var folder in _folders.Values)
                folder.Crash(_random);
            _operationsLeft = long.MaxValue;
            _flushesToFail = 0;
            IsDown = false;
            _life++;
        }
    }

    /// <summary>The process ends and the disk goes on: nothing is lost, every handle of before is dead.</summary>
    public void KillProcess()
    {
        lock (_lock)
        {
            foreach (var folder in _folders.Values)
                folder.Locks.Clear();
            _operationsLeft = long.MaxValue;
            _flushesToFail = 0;
            IsDown = false;
            _life++;
        }
    }

    /// <summary>Changes bits of a file, in the cache and on the medium.</summary>
    public void Flip(string folder, string file, long offset, byte mask)
    {
        lock (_lock)
            _folders[folder].Names[file].Flip((int)offset, mask);
    }

    /// <summary>A file's bytes as the system shows them.</summary>
    public byte[] Bytes(string folder, string file)
    {
        lock (_lock)
            return _folders[folder].Names[file].Current.ToArray();
    }

    /// <summary>Counts an operation, and fails where it was to be the last. Under the lock.</summary>
    internal void Operate(int life)
    {
        RequireAlive(life);
        if (_operationsLeft-- <= 0)
            IsDown = true;
        RequireAlive(life);
        Operations++;
    }

    internal void RequireAlive(int life)
    {
        if (IsDown || life != _life)
            throw new IOException("The power has failed.");
    }

    /// <summary>Counts a flush; false where it is to fail.</summary>
    internal bool TryFlush(int life)
    {
        Operate(life);
        Flushes++;
        if (_flushesToFail == 0)
            return true;
        _flushesToFail--;
        return false;
    }

    internal void RequireRoom(long more)
    {
        if (more > 0 && _folders.Values.SelectMany(static folder => folder.Names.Values).Sum(static file => (long)file.Current.Count) + more > CapacityBytes)
            throw new IOException("No space left on device.");
    }

    internal bool Chance(int percent) => (int)(_random.NextUInt64() % 100) < percent;

    private sealed class SimulatedDirectory(SimulatedDisk disk, SimulatedFolder folder) : IStorageDirectory
    {
        private readonly int _life = disk.Life;

        public string Location => folder.Name;

        public IReadOnlyList<string> List()
        {
            lock (disk.Lock)
            {
                disk.RequireAlive(_life);
                return [.. folder.Names.Keys];
            }
        }

        public bool Exists(string name)
        {
            lock (disk.Lock)
            {
                disk.RequireAlive(_life);
                return folder.Names.ContainsKey(name);
            }
        }

        public IStorageFile Create(string name)
        {
            lock (disk.Lock)
            {
                disk.Operate(_life);
                if (folder.Names.ContainsKey(name))
                    throw new IOException($"The file {name} exists.");
                var content = new SimulatedContent();
                folder.Change(names => names[name] = content);
                return new SimulatedFile(disk, name, content, _life, isWritable: true);
            }
        }

        public IStorageFile Open(string name, FileUse use)
        {
            lock (disk.Lock)
            {
                disk.RequireAlive(_life);
                return folder.Names.TryGetValue(name, out var content)
                    ? new SimulatedFile(disk, name, content, _life, use == FileUse.ReadWrite)
                    : throw new FileNotFoundException($"There is no file {name}.", name);
            }
        }

        public void Rename(string from, string to)
        {
            lock (disk.Lock)
            {
                disk.Operate(_life);
                if (!folder.Names.TryGetValue(from, out var content))
                    throw new FileNotFoundException($"There is no file {from}.", from);
                folder.Change(names =>
                {
                    names.Remove(from);
                    names[to] = content;
                });
            }
        }

        public void Remove(string name)
        {
            lock (disk.Lock)
            {
                if (!folder.Names.ContainsKey(name))
                    return;
                disk.Operate(_life);
                folder.Change(names => names.Remove(name));
            }
        }

        public void Sync()
        {
            lock (disk.Lock)
            {
                if (!disk.TryFlush(_life))
                    throw new IOException("The folder cannot be synced.");
                folder.Sync();
            }
        }

        public bool TryLock(string name, string holder, [NotNullWhen(true)] out IDisposable? taken, [NotNullWhen(false)] out string? heldBy)
        {
            lock (disk.Lock)
            {
                disk.RequireAlive(_life);
                (taken, heldBy) = (null, null);
                if (!folder.Locks.TryAdd(name, holder))
                {
                    heldBy = folder.Locks[name];
                    return false;
                }

                taken = new Held(disk, folder, name, _life);
                return true;
            }
        }
    }

    private sealed class Held(SimulatedDisk disk, SimulatedFolder folder, string name, int life) : IDisposable
    {
        private bool _isReleased;

        public void Dispose()
        {
            lock (disk.Lock)
            {
                if (!_isReleased && life == disk.Life)
                    folder.Locks.Remove(name);
                _isReleased = true;
            }
        }
    }

    private sealed class SimulatedFile(SimulatedDisk disk, string name, SimulatedContent content, int life, bool isWritable) : IStorageFile
    {
        private bool _isClosed;

        public string Name => name;

        public long Length
        {
            get
            {
                lock (disk.Lock)
                    return content.Current.Count;
            }
        }

        public int Read(long offset, Span<byte> destination)
        {
            lock (disk.Lock)
            {
                RequireOpen();
                disk.RequireAlive(life);
                return content.Read(offset, destination);
            }
        }

        public void Write(long offset, ReadOnlySpan<byte> bytes)
        {
            lock (disk.Lock)
            {
                RequireWritable();
                disk.RequireAlive(life);
                try
                {
                    disk.Operate(life);
                    disk.RequireRoom(offset + bytes.Length - content.Current.Count);
                }
                catch (IOException)
                {
                    // Part of it was written all the same.
                    content.Write(offset, bytes[..(bytes.Length / 2)]);
                    throw;
                }

                content.Write(offset, bytes);
            }
        }

        public void Truncate(long length)
        {
            lock (disk.Lock)
            {
                RequireWritable();
                disk.Operate(life);
                content.Truncate((int)length);
            }
        }

        public void Flush()
        {
            lock (disk.Lock)
            {
                RequireOpen();
                var isDone = disk.TryFlush(life);
                content.Flush(isDone, disk._random);
                if (!isDone)
                    throw new IOException("Input/output error.");
            }
        }

        public async ValueTask FlushAsync(CancellationToken cancellationToken)
        {
            if (disk.FlushDelay > TimeSpan.Zero)
                await Task.Delay(disk.FlushDelay, disk.Time, cancellationToken);
            Flush();
        }

        public void Dispose() => _isClosed = true;

        private void RequireOpen() => ObjectDisposedException.ThrowIf(_isClosed, this);

        private void RequireWritable()
        {
            RequireOpen();
            if (!isWritable)
                throw new UnauthorizedAccessException("The file was opened to be read.");
        }
    }
}
