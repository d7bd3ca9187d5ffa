using Tributary.Bitcoin.Blocks;
using Tributary.Primitives.Contracts;
using Tributary.Primitives.Results;
using Tributary.Storage.Files;
using Tributary.Storage.Logs;

namespace Tributary.Bitcoin.Chain.Embedded.Store;

/// <summary>
/// The chain's records in a <see cref="RecordLog"/>: a byte for the kind, and the payload. What is appended waits until it is committed, as one
/// batch. One thread at a time.
/// </summary>
/// <param name="directory">The folder, which the log has for itself.</param>
/// <param name="genesis">The network: the log of another one is refused.</param>
/// <param name="entropy">For a new log's id.</param>
internal sealed class ChainLog(IStorageDirectory directory, BlockHash genesis, IEntropy entropy) : IAsyncDisposable
{
    private const int BatchBytesMax = 256 << 20;

    private readonly LogBatch _pending = new(64 * 1024);
    private readonly List<StoredRecord> _waiting = [];
    private byte[] _record = new byte[1024];
    private RecordLog? _log;

    /// <summary>Receives the records of a log, in order. The payload is valid during the call.</summary>
    /// <returns>Null, or why the record can't be.</returns>
    internal delegate string? RecordHandler(LogRecordKind kind, StoredRecord place, ReadOnlySpan<byte> payload);

    /// <summary>Bytes appended and not yet committed.</summary>
    internal int PendingBytes => _pending.Length;

    /// <summary>Opens the log, or begins one in an empty folder, and hands over every record.</summary>
    internal Refusal? Open(RecordHandler handle)
    {
        var options = new LogOptions { Purpose = $"tributary.chain/1 {genesis}", BatchBytesMax = BatchBytesMax };
        return RecordLog.Open(directory, options, entropy, new Replay(handle)).TryGet(out _log, out var error) ? null : error.ToRefusal("path");
    }

    /// <summary>Adds a record to the batch that the next <see cref="CommitAsync"/> writes.</summary>
    /// <returns>Where the payload is, for <see cref="Read"/>.</returns>
    internal StoredRecord Append(LogRecordKind kind, ReadOnlySpan<byte> payload)
    {
        if (_record.Length <= payload.Length)
            _record = new byte[payload.Length + 1];
        _record[0] = (byte)kind;
        payload.CopyTo(_record.AsSpan(1));
        _pending.Add(_record.AsSpan(0, payload.Length + 1));
        var place = new StoredRecord { Pending = _waiting.Count };
        _waiting.Add(place);
        return place;
    }

    /// <summary>Writes the pending records as one batch; they are durable when the call completes.</summary>
    /// <exception cref="IOException">The disk refuses. What is durable is unknown: the log must be opened again.</exception>
    internal async ValueTask CommitAsync()
    {
        if (_waiting.Count == 0)
            return;
        if (!_log!.TryAppend(_pending, out var commit))
            throw new InvalidOperationException("Two commits at the same time.");
        await commit.Durable;
        for (var i = 0; i < _waiting.Count; i++)
            _waiting[i].Location = PayloadOf(commit.Locate(_pending, i));
        _pending.Clear();
        _waiting.Clear();
    }

    /// <summary>The payload of a record, committed or pending.</summary>
    internal byte[] Read(StoredRecord place) =>
        place.Location is { } location ? RecordLog.Read(directory, location) : _pending[place.Pending][1..].ToArray();

    public ValueTask DisposeAsync() => _log?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static RecordLocation PayloadOf(RecordLocation record) => record with { Offset = record.Offset + 1, Length = record.Length - 1 };

    private sealed class Replay(RecordHandler handle) : ILogReplay
    {
        public string? OnCheckpoint(ReadOnlySpan<byte> record) => "a chain has no checkpoints";

        public string? OnRecord(LogSequence batch, RecordLocation location, ReadOnlySpan<byte> record) =>
            record.IsEmpty ? "a record without a kind" : handle((LogRecordKind)record[0], new StoredRecord { Location = PayloadOf(location) }, record[1..]);
    }
}
