using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;

namespace Tributary.Lightning.Wire;

/// <summary>
/// Records in strictly increasing order of their types (BOLT 1, "Type-Length-Value Format"), over one copy of the bytes. Immutable.
/// </summary>
[SuppressMessage("Naming", "CA1710", Justification = "TLV stream is the field's word.")]
public sealed class TlvStream : IReadOnlyList<TlvRecord>
{
    private readonly TlvRecord[] _records;

    private TlvStream(TlvRecord[] records) => _records = records;

    /// <summary>No records.</summary>
    public static TlvStream Empty { get; } = new([]);

    /// <summary>Records.</summary>
    public int Count => _records.Length;

    public TlvRecord this[int index] => _records[index];

    /// <summary>Reads bytes that are a stream to their end; refuses a cut record, an encoding that is not minimal, and types out of order.</summary>
    public static Result<TlvStream, Refusal> Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return Empty;

        var owned = bytes.ToArray();
        var records = new List<TlvRecord>();
        var reader = new SpanReader(owned);
        while (!reader.IsAtEnd)
        {
            if (!reader.TryReadBigSize(out var type))
                return new Refusal("tlv.type", "is cut short or not minimal");
            if (records.Count > 0 && records[^1].Type >= type)
                return new Refusal($"tlv[{type}]", "is out of order or there twice");
            if (!reader.TryReadBigSize(out var length))
                return new Refusal($"tlv[{type}].length", "is cut short or not minimal");
            if (length > (ulong)reader.Remaining)
                return new Refusal($"tlv[{type}]", "is cut short");
            records.Add(new TlvRecord(type, owned.AsMemory(reader.Position, (int)length)));
            _ = reader.TrySkip((int)length);
        }

        return new TlvStream([.. records]);
    }

    /// <summary>A stream of these records, which are put in order.</summary>
    /// <exception cref="ArgumentException">Two have the same type.</exception>
    public static TlvStream Of(params ReadOnlySpan<TlvRecord> records)
    {
        if (records.IsEmpty)
            return Empty;

        TlvRecord[] sorted = [.. records];
        Array.Sort(sorted, static (left, right) => left.Type.CompareTo(right.Type));
        for (var i = 1; i < sorted.Length; i++)
        {
            if (sorted[i].Type == sorted[i - 1].Type)
                throw new ArgumentException($"The TLV type {sorted[i].Type} is there twice.", nameof(records));
        }

        return new TlvStream(sorted);
    }

    /// <summary>The value of a type.</summary>
    public bool TryFind(ulong type, out ReadOnlyMemory<byte> value)
    {
        foreach (var record in _records)
        {
            if (record.Type == type)
            {
                value = record.Value;
                return true;
            }
        }

        value = default;
        return false;
    }

    /// <summary>The records whose types are not among these.</summary>
    public TlvStream Except(ReadOnlySpan<ulong> types)
    {
        if (Count == 0)
            return this;

        var others = new List<TlvRecord>();
        foreach (var record in _records)
        {
            if (!types.Contains(record.Type))
                others.Add(record);
        }

        return others.Count == 0 ? Empty : others.Count == Count ? this : new TlvStream([.. others]);
    }

    /// <summary>The first record of an even type that is not among these: a reader that knows no more has to refuse the stream.</summary>
    public bool TryFindUnknownRequired(ReadOnlySpan<ulong> known, out ulong type)
    {
        foreach (var record in _records)
        {
            if (record.IsRequired && !known.Contains(record.Type))
            {
                type = record.Type;
                return true;
            }
        }

        type = 0;
        return false;
    }

    public void WriteTo(ByteWriter writer)
    {
        foreach (var record in _records)
            WriteRecord(writer, record.Type, record.Value.Span);
    }

    public byte[] ToArray()
    {
        var writer = new ByteWriter();
        WriteTo(writer);
        return writer.ToArray();
    }

    public IEnumerator<TlvRecord> GetEnumerator() => ((IEnumerable<TlvRecord>)_records).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>One record; the caller keeps the order.</summary>
    internal static void WriteRecord(ByteWriter writer, ulong type, ReadOnlySpan<byte> value)
    {
        writer.WriteBigSize(type);
        writer.WriteBigSize((ulong)value.Length);
        writer.WriteBytes(value);
    }
}
