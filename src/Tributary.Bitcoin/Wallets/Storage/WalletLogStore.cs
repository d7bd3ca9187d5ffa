using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using Tributary.Primitives.Contracts;
using Tributary.Primitives.Results;

namespace Tributary.Bitcoin.Wallets.Storage;

/// <summary>
/// A wallet in one append-only file, readable by its owner alone. Every commit is a frame with a checksum, synced to the disk before it is acknowledged; a
/// frame that a crash cut short is dropped when the file is opened again. A lock file beside it keeps every other process out.
/// </summary>
public sealed class WalletLogStore : IWalletStore
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _path;
    private readonly uint _salt;
    private readonly FileStream _lock;
    private FileStream _log;
    private IReadOnlyList<ReadOnlyMemory<byte>>? _loaded;
    private ulong _nextSequence;
    private string? _broken;

    private WalletLogStore(string path, FileStream lockFile, FileStream log, uint salt, WalletLogFormat.Contents contents)
    {
        _path = path;
        _salt = salt;
        _lock = lockFile;
        _log = log;
        _loaded = contents.Records;
        _nextSequence = contents.NextSequence;
    }

    public long Size => _log.Length;

    /// <summary>Opens a wallet file, or creates it where there is none.</summary>
    /// <param name="path">The file; its directory is created when it is missing.</param>
    /// <param name="entropy">For a new file's salt.</param>
    /// <param name="mustExist">True to refuse a file that is not there, where a typing error would otherwise make a new wallet.</param>
    [SuppressMessage("Reliability", "CA2000", Justification = "The store owns the streams.")]
    public static Result<WalletLogStore, Refusal> Open(string path, IEntropy entropy, bool mustExist = false)
    {
        path = Path.GetFullPath(path);
        var directory = Path.GetDirectoryName(path)!;
        if (mustExist && !File.Exists(path))
            return new Refusal("wallet", $"is not at {path}");

        FileStream? lockFile = null;
        FileStream? log = null;
        try
        {
            Directory.CreateDirectory(directory);
            if (!TryLock($"{path}.lock", out lockFile))
                return new Refusal("wallet", $"at {path} is in use by another process");

            // A snapshot that was not finished has no name yet, and the old file is whole.
            File.Delete($"{path}.new");
            log = OpenFile(path, FileMode.OpenOrCreate);
            if (!ReadContents(log).TryGet(out var contents, out var refusal))
            {
                log.Dispose();
                lockFile.Dispose();
                return refusal;
            }

            var salt = contents.Length > 0 ? contents.Salt : NewSalt(entropy);
            Recover(log, salt, contents, directory);
            return new WalletLogStore(path, lockFile, log, salt, contents);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            log?.Dispose();
            lockFile?.Dispose();
            return new Refusal("wallet", $"at {path} cannot be opened: {exception.Message}");
        }
    }

    public ValueTask<IReadOnlyList<ReadOnlyMemory<byte>>> LoadAsync(CancellationToken cancellationToken)
    {
        var records = _loaded ?? throw new InvalidOperationException("The records are loaded once, after opening.");
        _loaded = null;
        return ValueTask.FromResult(records);
    }

    public async ValueTask AppendAsync(IReadOnlyList<ReadOnlyMemory<byte>> records, CancellationToken cancellationToken)
    {
        RequireWhole();
        if (records.Count == 0)
            return;

        cancellationToken.ThrowIfCancellationRequested();
        var frame = WalletLogFormat.Frame(_salt, _nextSequence, records);
        try
        {
            // Not to be cancelled half way: what is begun is finished or the store is closed.
            await _log.WriteAsync(frame, CancellationToken.None).ConfigureAwait(false);
            _log.Flush(flushToDisk: true);
        }
        catch (Exception exception)
        {
            _broken = exception.Message;
            throw;
        }

        _nextSequence++;
    }

    public async ValueTask ReplaceAsync(IReadOnlyList<ReadOnlyMemory<byte>> snapshot, CancellationToken cancellationToken)
    {
        RequireWhole();
        cancellationToken.ThrowIfCancellationRequested();
        var next = $"{_path}.new";
        try
        {
            var file = OpenFile(next, FileMode.Create);
            await using (file.ConfigureAwait(false))
            {
                await file.WriteAsync(WalletLogFormat.Header(_salt), CancellationToken.None).ConfigureAwait(false);
                await file.WriteAsync(WalletLogFormat.Frame(_salt, 0, snapshot), CancellationToken.None).ConfigureAwait(false);
                file.Flush(flushToDisk: true);
            }

            await _log.DisposeAsync().ConfigureAwait(false);
            File.Move(next, _path, overwrite: true);
            DirectorySync.Flush(Path.GetDirectoryName(_path)!);
            _log = OpenFile(_path, FileMode.Open);
            _log.Seek(0, SeekOrigin.End);
            _nextSequence = 1;
        }
        catch (Exception exception)
        {
            _broken = exception.Message;
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _log.DisposeAsync().ConfigureAwait(false);
        await _lock.DisposeAsync().ConfigureAwait(false);
    }

    private static bool TryLock(string path, [NotNullWhen(true)] out FileStream? lockFile)
    {
        try
        {
            lockFile = OpenFile(path, FileMode.OpenOrCreate);
            return true;
        }
        catch (IOException exception) when (exception is not (FileNotFoundException or DirectoryNotFoundException or PathTooLongException))
        {
            lockFile = null;
            return false;
        }
    }

    private static FileStream OpenFile(string path, FileMode mode)
    {
        // FileShare.None is an flock on Unix: it goes with the process, however that ends.
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows() && mode != FileMode.Open)
            options.UnixCreateMode = OwnerOnly;
        return new FileStream(path, options);
    }

    private static Result<WalletLogFormat.Contents, Refusal> ReadContents(FileStream log)
    {
        if (log.Length > Array.MaxLength)
            return new Refusal("wallet", "is larger than 2 GiB");
        var bytes = new byte[log.Length];
        log.Position = 0;
        log.ReadExactly(bytes);
        return WalletLogFormat.Read(bytes);
    }

    private static void Recover(FileStream log, uint salt, WalletLogFormat.Contents contents, string directory)
    {
        if (contents.Length == log.Length && contents.Length > 0)
            return;

        log.SetLength(contents.Length);
        log.Position = contents.Length;
        if (contents.Length == 0)
            log.Write(WalletLogFormat.Header(salt));
        log.Flush(flushToDisk: true);
        DirectorySync.Flush(directory);
    }

    private static uint NewSalt(IEntropy entropy)
    {
        Span<byte> salt = stackalloc byte[sizeof(uint)];
        entropy.Fill(salt);
        return BinaryPrimitives.ReadUInt32LittleEndian(salt);
    }

    private void RequireWhole()
    {
        if (_broken is not null)
            throw new IOException($"The wallet file takes no more records since a write failed ({_broken}); open it again.");
    }
}
