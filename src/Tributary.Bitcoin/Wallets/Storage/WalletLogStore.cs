using System.Diagnostics.CodeAnalysis;
using Tributary.Primitives.Contracts;
using Tributary.Primitives.Results;
using Tributary.Storage.Files;
using Tributary.Storage.Logs;

namespace Tributary.Bitcoin.Wallets.Storage;

/// <summary>A wallet in a <see cref="RecordLog"/>: a commit is a batch, a snapshot a checkpoint. The folder is its owner's alone to read.</summary>
public sealed class WalletLogStore : IWalletStore
{
    private const string Purpose = "tributary.wallet/1";

    /// <summary>A commit's bound, in bytes: the largest that a rescan of a large wallet makes.</summary>
    private const int CommitBytesMax = 256 << 20;

    private readonly RecordLog _log;
    private List<ReadOnlyMemory<byte>>? _loaded;

    private WalletLogStore(RecordLog log, List<ReadOnlyMemory<byte>> loaded)
    {
        _log = log;
        _loaded = loaded;
    }

    public long Size => _log.Size;

    /// <summary>Opens a wallet's folder, or creates it where there is none.</summary>
    /// <param name="path">The folder; created when it is missing.</param>
    /// <param name="entropy">For a new log's id.</param>
    /// <param name="mustExist">True to refuse a wallet that is not there, where a typing error would otherwise make a new one.</param>
    [SuppressMessage("Reliability", "CA2000", Justification = "The store owns the log.")]
    public static Result<WalletLogStore, Refusal> Open(string path, IEntropy entropy, bool mustExist = false)
    {
        path = Path.GetFullPath(path);
        if (mustExist && !Directory.Exists(path))
            return new Refusal("wallet", $"is not at {path}");
        try
        {
            var loading = new Loading();
            var options = new LogOptions { Purpose = Purpose, MustExist = mustExist, BatchBytesMax = CommitBytesMax };
            return RecordLog.Open(DiskDirectory.Open(path), options, entropy, loading).TryGet(out var log, out var error)
                ? new WalletLogStore(log, loading.Records)
                : error.ToRefusal("wallet");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new Refusal("wallet", $"at {path} cannot be opened: {exception.Message}");
        }
    }

    public ValueTask<IReadOnlyList<ReadOnlyMemory<byte>>> LoadAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<ReadOnlyMemory<byte>> records = _loaded ?? throw new InvalidOperationException("The records are loaded once, after opening.");
        _loaded = null;
        return ValueTask.FromResult(records);
    }

    public async ValueTask AppendAsync(IReadOnlyList<ReadOnlyMemory<byte>> records, CancellationToken cancellationToken)
    {
        if (records.Count == 0)
            return;
        cancellationToken.ThrowIfCancellationRequested();
        var batch = new LogBatch();
        foreach (var record in records)
            batch.Add(record.Span);

        // Not to be cancelled half way: what is begun is finished or the store is closed.
        await _log.AppendAsync(batch, CancellationToken.None);
    }

    public ValueTask ReplaceAsync(IReadOnlyList<ReadOnlyMemory<byte>> snapshot, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return _log.CheckpointAsync(_log.DurableThrough, snapshot, CancellationToken.None);
    }

    public ValueTask DisposeAsync() => _log.DisposeAsync();

    private sealed class Loading : ILogReplay
    {
        internal List<ReadOnlyMemory<byte>> Records { get; } = [];

        public string? OnCheckpoint(ReadOnlySpan<byte> record) => Keep(record);

        public string? OnRecord(LogSequence batch, RecordLocation location, ReadOnlySpan<byte> record) => Keep(record);

        private string? Keep(ReadOnlySpan<byte> record)
        {
            Records.Add(record.ToArray());
            return null;
        }
    }
}
