using System.Buffers.Binary;
using Tributary.Intelligence.Features;
using Tributary.Intelligence.Features.Definitions;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Contracts;
using Tributary.Primitives.Results;
using Tributary.Storage.Files;
using Tributary.Storage.Logs;

namespace Tributary.Server.Risk;

/// <summary>
/// The feature store of a server and the log that brings it back: every payment and outcome is a record, in the order in which the store took it. A
/// snapshot shortens the start and is no more than that; other features are computed from the same log.
/// </summary>
internal sealed class RiskHistory : IAsyncDisposable
{
    private const string Purpose = "tributary.features/1";
    private const int RecentMax = 65_536;
    private const int ReplayWorthASnapshot = 100_000;

    private readonly Lock _lock = new();
    private readonly string _folder;
    private readonly FeatureStore _store;
    private readonly RecordLog _log;
    private readonly Dictionary<ulong, PaymentEvent> _recent;
    private readonly Queue<ulong> _order;
    private ulong _position;

    private RiskHistory(string folder, RecordLog log, Replay replay)
    {
        (_folder, _log, _store, _recent, _order) = (folder, log, replay.Store, replay.Recent, replay.Order);
        _position = log.Recovery.Through.Value;
    }

    /// <summary>The features.</summary>
    public FeatureSet Set => _store.Set;

    /// <summary>Payments taken since the beginning.</summary>
    public long PaymentCount => _store.PaymentCount;

    /// <summary>Opens the history of a folder or begins one. Refused: damage to what had been on disk for certain, another writer.</summary>
    public static Result<RiskHistory, Refusal> Open(string folder, FeatureSet set, IEntropy entropy)
    {
        Directory.CreateDirectory(folder);
        var replay = new Replay(ReadSnapshot(folder, set, out var through) ?? new FeatureStore(set), through);
        if (!RecordLog.Open(DiskDirectory.Open(folder), new LogOptions { Purpose = Purpose }, entropy, replay).TryGet(out var log, out var error))
            return error.ToRefusal("risk/features");
        var history = new RiskHistory(folder, log, replay);
        if (replay.Applied > ReplayWorthASnapshot)
            history.WriteSnapshot();
        return history;
    }

    /// <summary>Takes a payment; the task completes when it is on disk. Where the store refuses it the whole row is NaN.</summary>
    public Task Observe(PaymentEvent payment, Span<float> row)
    {
        lock (_lock)
        {
            if (!_store.Observe(payment, row).TryGet(out var observation, out _))
            {
                row.Fill(float.NaN);
                return Task.CompletedTask;
            }

            var kept = payment.At(observation.TimeMs);
            Replay.Remember(_recent, _order, kept);
            return Append(new FeatureLogRecord(kept, Outcome: null));
        }
    }

    /// <summary>Takes an outcome; false for one of a payment that the history does not have.</summary>
    public async ValueTask<bool> ApplyAsync(ulong id, Outcome outcome, CancellationToken cancellationToken)
    {
        if (Find(id) is not { } payment)
            return false;
        Task appended;
        lock (_lock)
        {
            if (!_store.Apply(payment, outcome).IsOk)
                return false;
            appended = Append(new FeatureLogRecord(payment, outcome));
        }

        await appended.WaitAsync(cancellationToken);
        return true;
    }

    /// <summary>A payment that was taken; the recent ones are in memory, the others are looked for in the log.</summary>
    public PaymentEvent? Find(ulong id)
    {
        lock (_lock)
        {
            if (_recent.TryGetValue(id, out var recent))
                return recent;
        }

        using var reader = new LogReader(DiskDirectory.Open(_folder), Purpose);
        while (reader.TryNext(out _, out var bytes))
        {
            var span = new SpanReader(bytes);
            if (FeatureLogRecord.TryRead(ref span, out var record) && record.Outcome is null && record.Payment.Id == id)
                return record.Payment;
        }

        return null;
    }

    public async ValueTask DisposeAsync()
    {
        await _log.DisposeAsync();
        WriteSnapshot();
    }

    // In the lock: the log's order is the store's.
    private Task<LogSequence> Append(FeatureLogRecord record)
    {
        var writer = new ByteWriter(160);
        record.WriteTo(writer);
        _position++;
        return _log.AppendAsync(new LogBatch(writer.Length + 8).Add(writer.WrittenSpan), CancellationToken.None).AsTask();
    }

    // A snapshot that cannot be read or written costs a longer start and nothing else.
    private static FeatureStore? ReadSnapshot(string folder, FeatureSet set, out ulong through)
    {
        through = 0;
        try
        {
            var path = SnapshotOf(folder);
            if (!File.Exists(path))
                return null;
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
            Span<byte> position = stackalloc byte[sizeof(ulong)];
            if (stream.ReadAtLeast(position, position.Length, throwOnEndOfStream: false) < position.Length)
                return null;
            if (!FeatureStore.Restore(set, stream).TryGet(out var store))
                return null;
            through = BinaryPrimitives.ReadUInt64LittleEndian(position);
            return store;
        }
        catch (IOException)
        {
            return null;
        }
    }

    // Beside the folder, which the log has for itself.
    private static string SnapshotOf(string folder) => folder + ".snapshot";

    private void WriteSnapshot()
    {
        lock (_lock)
        {
            // What the log may have lost must not be in the snapshot.
            if (_log.DurableThrough.Value != _position)
                return;
            try
            {
                var path = SnapshotOf(_folder);
                using (var stream = new FileStream(path + ".new", FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16))
                {
                    Span<byte> position = stackalloc byte[sizeof(ulong)];
                    BinaryPrimitives.WriteUInt64LittleEndian(position, _position);
                    stream.Write(position);
                    _store.SaveTo(stream);
                    stream.Flush(flushToDisk: true);
                }

                File.Move(path + ".new", path, overwrite: true);
            }
            catch (IOException)
            {
            }
        }
    }

    private sealed class Replay(FeatureStore store, ulong through) : ILogReplay
    {
        private readonly float[] _row = new float[store.Schema.Count];

        public FeatureStore Store { get; } = store;

        public Dictionary<ulong, PaymentEvent> Recent { get; } = [];

        public Queue<ulong> Order { get; } = [];

        public long Applied { get; private set; }

        public static void Remember(Dictionary<ulong, PaymentEvent> recent, Queue<ulong> order, PaymentEvent payment)
        {
            if (recent.TryAdd(payment.Id, payment))
                order.Enqueue(payment.Id);
            if (order.Count > RecentMax)
                recent.Remove(order.Dequeue());
        }

        public string? OnCheckpoint(ReadOnlySpan<byte> record) => "a history of features has no checkpoints";

        public string? OnRecord(LogSequence batch, RecordLocation location, ReadOnlySpan<byte> record)
        {
            var reader = new SpanReader(record);
            if (!FeatureLogRecord.TryRead(ref reader, out var call))
                return "it is no payment and no outcome";
            if (call.Outcome is null)
                Remember(Recent, Order, call.Payment);
            if (batch.Value <= through)
                return null;
            Applied++;
            var isTaken = call.Outcome is { } outcome ? Store.Apply(call.Payment, outcome).IsOk : Store.Observe(call.Payment, _row).IsOk;
            return isTaken ? null : "the store refuses it, though it took it before";
        }
    }
}
