using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Tributary.Storage.Logs;

namespace Tributary.Lightning.Node.Backups;

/// <summary>
/// A file in a folder that lives in memory (<c>tmpfs</c>), bound to this start of the machine: 64 bytes for each log, written with each batch. Without such
/// a folder there is no witness, and the node waits for its peers' word instead.
/// </summary>
public sealed class RunWitness : IRunWitness, IDisposable
{
    private const string SharedMemory = "/dev/shm";
    private const string BootIdFile = "/proc/sys/kernel/random/boot_id";
    private const int Length = 64;
    private const int HashLength = 32;

    private readonly string _folder;
    private readonly byte[] _boot;
    private readonly Lock _sync = new();
    private LogId? _log;
    private FileStream? _file;
    private bool _isBroken;

    /// <param name="folder">In memory.</param>
    /// <param name="boot">Another one with each start of the machine.</param>
    public RunWitness(string folder, string boot)
    {
        _folder = folder;
        _boot = SHA256.HashData(Encoding.UTF8.GetBytes(boot))[..16];
    }

    /// <summary>The machine's own; null where it has no memory that processes share by name (other systems than Linux).</summary>
    public static RunWitness? OfMachine()
    {
        try
        {
            return Directory.Exists(SharedMemory) && File.Exists(BootIdFile) ? new RunWitness(SharedMemory, File.ReadAllText(BootIdFile).Trim()) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public RunNote? Find(LogId log)
    {
        Span<byte> there = stackalloc byte[Length];
        Span<byte> expected = stackalloc byte[Length];
        lock (_sync)
        {
            try
            {
                if (!File.Exists(PathOf(log)) || Open(log) is not { } file || RandomAccess.Read(file.SafeFileHandle, there, 0) != Length)
                    return null;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                return null;
            }
        }

        // Of another start of the machine, of another log, or torn: as good as none.
        var note = new RunNote(new LogSequence(BinaryPrimitives.ReadUInt64LittleEndian(there[16..])), BinaryPrimitives.ReadUInt64LittleEndian(there[24..]));
        Write(log, note, expected);
        return CryptographicOperations.FixedTimeEquals(there, expected) ? note : null;
    }

    public void Note(LogId log, RunNote note)
    {
        Span<byte> bytes = stackalloc byte[Length];
        Write(log, note, bytes);
        lock (_sync)
        {
            if (_isBroken)
                return;
            try
            {
                RandomAccess.Write(Open(log).SafeFileHandle, bytes, 0);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Half of the truth is worse than nothing: a note that stays behind would vouch for an old state.
                _isBroken = true;
                Forget(log);
            }
        }
    }

    public void Dispose()
    {
        lock (_sync)
            _file?.Dispose();
    }

    private FileStream Open(LogId log)
    {
        if (_file is { } open && _log == log)
            return open;
        _file?.Dispose();
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        (_log, _file) = (log, new FileStream(PathOf(log), options));
        return _file;
    }

    private void Forget(LogId log)
    {
        try
        {
            File.Delete(PathOf(log));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Nor can it be read then.
        }
    }

    // Nobody else knows a log's id before the file is there: the folder is everybody's.
    private string PathOf(LogId log) => Path.Combine(_folder, $"tributary-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(log.ToString())).AsSpan(0, 12))}");

    private void Write(LogId log, RunNote note, Span<byte> bytes)
    {
        bytes.Clear();
        _boot.CopyTo(bytes);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[16..], note.Through.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[24..], note.Mark);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(bytes[..(Length - HashLength)]);
        hash.AppendData(Encoding.UTF8.GetBytes(log.ToString()));
        hash.GetHashAndReset(bytes[(Length - HashLength)..]);
    }
}
