using Tributary.Storage.Logs;

namespace Tributary.Testing.Storage;

/// <summary>Keeps what a log hands over.</summary>
public sealed class CollectingReplay : ILogReplay
{
    /// <summary>Records of the checkpoint.</summary>
    public List<byte[]> Checkpoint { get; } = [];

    /// <summary>Records of batches.</summary>
    public List<(LogSequence Batch, RecordLocation Location, byte[] Record)> Records { get; } = [];

    /// <summary>The records of batches as UTF-8.</summary>
    public string[] Texts => [.. Records.Select(static item => System.Text.Encoding.UTF8.GetString(item.Record))];

    /// <summary>The records by batch.</summary>
    public SortedDictionary<ulong, List<byte[]>> Batches { get; } = [];

    public string? OnCheckpoint(ReadOnlySpan<byte> record)
    {
        Checkpoint.Add(record.ToArray());
        return null;
    }

    public string? OnRecord(LogSequence batch, RecordLocation location, ReadOnlySpan<byte> record)
    {
        Records.Add((batch, location, record.ToArray()));
        if (!Batches.TryGetValue(batch.Value, out var records))
            Batches.Add(batch.Value, records = []);
        records.Add(record.ToArray());
        return null;
    }
}
