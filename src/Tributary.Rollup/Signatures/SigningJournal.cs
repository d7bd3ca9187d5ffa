using Tributary.Finance.Accounts;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Contracts;
using Tributary.Primitives.Results;
using Tributary.Rollup.State;
using Tributary.Storage.Files;
using Tributary.Storage.Logs;

namespace Tributary.Rollup.Signatures;

/// <summary>
/// A wallet's signing journal on disk, for all its keys: a <see cref="RecordLog"/>, which one process writes and which a copy of the folder cannot
/// stand in for. A key begins in it either fresh or restored, and never twice. Not for several threads at once.
/// </summary>
public sealed class SigningJournal : IAsyncDisposable
{
    private const string Purpose = "tributary.rollup.signing/1";
    private const byte KeyRecord = 1;
    private const byte RestoreRecord = 2;
    private const byte IndexRecord = 3;
    private const int KeyLength = Bytes32.Length + KeyParameters.Length;

    private readonly RecordLog _log;
    private readonly Dictionary<XmssPublicKey, KeyHistory> _keys;

    private SigningJournal(RecordLog log, Dictionary<XmssPublicKey, KeyHistory> keys) => (_log, _keys) = (log, keys);

    /// <summary>The keys that it knows.</summary>
    public IReadOnlyCollection<XmssPublicKey> Keys => _keys.Keys;

    /// <summary>Opens the journal of a folder, or begins one.</summary>
    /// <param name="directory">The folder, which the journal has for itself.</param>
    /// <param name="entropy">For a new log's id.</param>
    /// <param name="mustExist">True to refuse a folder without a journal: a wallet that has signed must not go on without it.</param>
    public static Result<SigningJournal, Refusal> Open(IStorageDirectory directory, IEntropy entropy, bool mustExist = false)
    {
        var replay = new Replay();
        return RecordLog.Open(directory, new LogOptions { Purpose = Purpose, MustExist = mustExist }, entropy, replay).TryGet(out var log, out var error)
            ? new SigningJournal(log, replay.Keys)
            : error.ToRefusal("journal");
    }

    /// <summary>Begins with a key that was made just now and has never signed.</summary>
    public async ValueTask<Result<SigningIndex, Refusal>> BeginAsync(XmssPublicKey key, uint anchored, CancellationToken cancellationToken)
    {
        if (_keys.ContainsKey(key))
            return new Refusal("key", "is in the journal already: resume it");
        await AppendAsync(KeyRecord, key, default, cancellationToken).ConfigureAwait(false);
        _keys.Add(key, new KeyHistory());
        return Resume(key, anchored);
    }

    /// <summary>Begins with a key that was restored from a seed and may have signed: see <see cref="SigningIndex.Restore"/>.</summary>
    public async ValueTask<Result<SigningIndex, Refusal>> RestoreAsync(XmssPublicKey key, uint anchored, CancellationToken cancellationToken)
    {
        if (_keys.ContainsKey(key))
            return new Refusal("key", "is in the journal already: resume it");
        var index = new ByteWriter(sizeof(uint));
        index.WriteUInt32LittleEndian(anchored);
        await AppendAsync(RestoreRecord, key, index.WrittenMemory, cancellationToken).ConfigureAwait(false);
        _keys.Add(key, new KeyHistory { RestoredAt = anchored });
        return Resume(key, anchored);
    }

    /// <summary>Goes on with a key that the journal knows.</summary>
    public Result<SigningIndex, Refusal> Resume(XmssPublicKey key, uint anchored) => _keys.TryGetValue(key, out var history)
        ? SigningIndex.Open(new OfKey(this, key, history), key, history.Records, anchored, history.RestoredAt)
        : new Refusal("key", "is not in the journal: it is another wallet's, or the journal was lost and the wallet is to be restored from its seed");

    public ValueTask DisposeAsync() => _log.DisposeAsync();

    private async ValueTask AppendAsync(byte kind, XmssPublicKey key, ReadOnlyMemory<byte> rest, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var batch = new LogBatch().Add([kind, .. key.Root.Span, key.Parameters.Scheme, key.Parameters.LogLifetime, .. rest.Span]);

        // Not to be cancelled half way: a record that may be on disk counts.
        await _log.AppendAsync(batch, CancellationToken.None).ConfigureAwait(false);
    }

    private sealed class KeyHistory
    {
        internal uint? RestoredAt { get; init; }

        internal List<SigningRecord> Records { get; } = [];
    }

    private sealed class OfKey(SigningJournal journal, XmssPublicKey key, KeyHistory history) : ISigningJournal
    {
        public async ValueTask AppendAsync(SigningRecord record, CancellationToken cancellationToken)
        {
            var rest = new ByteWriter(sizeof(uint) + Bytes32.Length);
            rest.WriteUInt32LittleEndian(record.Index);
            rest.WriteBytes32(record.Message.ToBytes32());
            await journal.AppendAsync(IndexRecord, key, rest.WrittenMemory, cancellationToken).ConfigureAwait(false);
            history.Records.Add(record);
        }
    }

    private sealed class Replay : ILogReplay
    {
        internal Dictionary<XmssPublicKey, KeyHistory> Keys { get; } = [];

        public string? OnCheckpoint(ReadOnlySpan<byte> record) => Take(record);

        public string? OnRecord(LogSequence batch, RecordLocation location, ReadOnlySpan<byte> record) => Take(record);

        private string? Take(ReadOnlySpan<byte> record)
        {
            if (record.Length < 1 + KeyLength)
                return "is cut short";
            var parameters = new KeyParameters(record[KeyLength - 1], record[KeyLength]);
            if (!parameters.IsValid)
                return "names a key with parameters that no key has";
            var key = new XmssPublicKey(new Bytes32(record[1..33]), parameters);
            var rest = new SpanReader(record[(1 + KeyLength)..]);
            switch (record[0])
            {
                case KeyRecord when rest.IsAtEnd:
                    return Keys.TryAdd(key, new KeyHistory()) ? null : "begins a key a second time";
                case RestoreRecord when rest.TryReadUInt32LittleEndian(out var anchored) && rest.IsAtEnd:
                    return Keys.TryAdd(key, new KeyHistory { RestoredAt = anchored }) ? null : "begins a key a second time";
                case IndexRecord when rest.TryReadUInt32LittleEndian(out var index) && rest.TryReadBytes32(out var message) && rest.IsAtEnd:
                    if (!Keys.TryGetValue(key, out var history))
                        return "is of a key that never began";
                    if (!TreeDigest.TryFromBytes32(message, out var digest))
                        return "holds a message that is no digest";
                    history.Records.Add(new SigningRecord(index, digest));
                    return null;
                default:
                    return "is of no kind that this program writes";
            }
        }
    }
}
