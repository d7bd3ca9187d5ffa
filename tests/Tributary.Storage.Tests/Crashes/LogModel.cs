using System.Buffers.Binary;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Randomness;
using Tributary.Storage.Logs;
using Tributary.Testing.Storage;

namespace Tributary.Storage.Tests.Crashes;

/// <summary>What a log must hold: every batch that was handed to it, how far it said yes, and a digest of everything up to each batch.</summary>
internal sealed class LogModel
{
    private readonly List<byte[][]> _batches = [];
    private readonly List<uint> _digests = [0];

    /// <summary>The last batch that was acknowledged.</summary>
    internal ulong Acknowledged { get; private set; }

    internal ulong Last => (ulong)_batches.Count;

    internal void Appended(ulong sequence, LogBatch batch)
    {
        Assert.Equal(Last + 1, sequence);
        byte[][] records = [.. Enumerable.Range(0, batch.Count).Select(index => batch[index].ToArray())];
        _batches.Add(records);
        _digests.Add(records.Aggregate(_digests[^1], static (digest, record) => Crc32C.Continue(digest, record)));
    }

    internal void Acknowledge(ulong sequence) => Acknowledged = Math.Max(Acknowledged, sequence);

    /// <summary>A checkpoint's content: how far, and the digest of all up to there, with filler that makes it span frames.</summary>
    internal IEnumerable<ReadOnlyMemory<byte>> Snapshot(ulong through, int fillers)
    {
        var record = new byte[12];
        BinaryPrimitives.WriteUInt64LittleEndian(record, through);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(8), _digests[(int)through]);
        yield return record;
        for (var i = 0; i < fillers; i++)
            yield return new byte[700];
    }

    /// <summary>Holds what was replayed against what was appended; what was lost without a promise is forgotten.</summary>
    internal void Check(CollectingReplay replay, LogSequence recovered)
    {
        CheckCopy(replay, recovered);
        var through = recovered.Value;
        Assert.True(through >= Acknowledged, $"Batch {Acknowledged} was acknowledged, and the log ends with {through}.");
        _batches.RemoveRange((int)through, _batches.Count - (int)through);
        _digests.RemoveRange((int)through + 1, _digests.Count - (int)through - 1);
        Acknowledged = through;
    }

    /// <summary>The same for a copy, which may lag behind.</summary>
    internal void CheckCopy(CollectingReplay replay, LogSequence recovered)
    {
        var through = recovered.Value;
        Assert.True(through <= Last, $"Batch {through} was never appended.");
        var from = 0UL;
        if (replay.Checkpoint.Count > 0)
        {
            from = BinaryPrimitives.ReadUInt64LittleEndian(replay.Checkpoint[0]);
            Assert.Equal(_digests[(int)from], BinaryPrimitives.ReadUInt32LittleEndian(replay.Checkpoint[0].AsSpan(8)));
        }

        Assert.Equal(Enumerable.Range((int)from + 1, (int)(through - from)).Select(static number => (ulong)number), replay.Batches.Keys.AsEnumerable());
        foreach (var (sequence, records) in replay.Batches)
            Assert.Equal(_batches[(int)sequence - 1].AsEnumerable(), records);
    }

    internal static LogBatch RandomBatch(Xoshiro256 random)
    {
        var batch = new LogBatch();
        for (var records = 1 + (random.NextUInt64() % 4); records > 0; records--)
        {
            var record = new byte[random.NextUInt64() % (random.NextUInt64() % 8 == 0 ? 3000UL : 200UL)];
            random.Fill(record);
            batch.Add(record);
        }

        return batch;
    }
}
