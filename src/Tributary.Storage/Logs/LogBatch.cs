using Tributary.Primitives.Bytes;

namespace Tributary.Storage.Logs;

/// <summary>Records that are all in the log after a crash, or none of them. Appending copies it: it can be cleared and filled again at once. One owner.</summary>
public sealed class LogBatch
{
    private readonly ByteWriter _bytes;
    private readonly List<(int Offset, int Length)> _records = [];

    /// <param name="capacity">Bytes to begin with.</param>
    public LogBatch(int capacity = 256) => _bytes = new ByteWriter(capacity);

    /// <summary>Records.</summary>
    public int Count => _records.Count;

    /// <summary>Bytes, with two to nine for each record's length.</summary>
    public int Length => _bytes.Length;

    internal ReadOnlySpan<byte> Encoded => _bytes.WrittenSpan;

    /// <summary>Adds a record behind the others.</summary>
    public LogBatch Add(ReadOnlySpan<byte> record)
    {
        _bytes.WriteCompactSizeBytes(record);
        _records.Add((_bytes.Length - record.Length, record.Length));
        return this;
    }

    /// <summary>A record that was added.</summary>
    public ReadOnlySpan<byte> this[int index] => _bytes.WrittenSpan.Slice(_records[index].Offset, _records[index].Length);

    /// <summary>Empties the batch.</summary>
    public void Clear()
    {
        _bytes.Clear();
        _records.Clear();
    }

    internal (int Offset, int Length) Place(int index) => _records[index];
}
