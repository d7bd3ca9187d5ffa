using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;

namespace Tributary.Bitcoin.Transactions;

/// <summary>
/// Reads the serialization of BIP 144 and lays the offsets of its parts into a table that a whole block shares.
/// Allocates a table entry (4 bytes) for each input, output and witness that is present, nothing for what is only claimed.
/// </summary>
internal static class TransactionReader
{
    /// <summary>Reads a transaction that fills the buffer exactly; keeps the buffer.</summary>
    internal static Result<Transaction, Refusal> Parse(byte[] buffer, bool allowWitness = true)
    {
        var offsets = new OffsetTable(Math.Max(4, buffer.Length / 60));
        var position = 0;
        if (!TryMeasure(buffer, ref position, offsets, allowWitness, out var shape, out var problem))
            return new Refusal("transaction", problem);
        if (position != buffer.Length)
            return new Refusal("transaction", $"has {buffer.Length - position} bytes after its end");
        return shape.ToTransaction(buffer, offsets.ToArray());
    }

    /// <summary>Reads what this process wrote itself.</summary>
    internal static Transaction ReadTrusted(byte[] buffer, bool allowWitness) => Parse(buffer, allowWitness).Value;

    /// <summary>
    /// Walks one transaction from a position. A count of zero inputs is the marker of the witness form; without
    /// <paramref name="allowWitness"/> it is a count, which is how an unsigned transaction without inputs is written.
    /// </summary>
    internal static bool TryMeasure(byte[] buffer, ref int position, OffsetTable offsets, bool allowWitness, out Shape shape, out string problem)
    {
        shape = default;
        var start = position;
        var reader = new SpanReader(buffer.AsSpan(start));
        var table = offsets.Count;

        if (!reader.TrySkip(sizeof(int)))
            return Fails("ends inside the version", out problem);

        var hasWitness = false;
        if (allowWitness && reader.Remaining >= 2 && reader.Rest[0] == 0 && reader.Rest[1] != 0)
        {
            if (reader.Rest[1] != 1)
                return Fails("has an unknown flag after the witness marker", out problem);
            hasWitness = reader.TrySkip(2);
        }

        if (!reader.TryReadCount(Transaction.LeastInputBytes, out var inputs))
            return Fails("ends before its inputs", out problem);
        for (var i = 0; i < inputs; i++)
        {
            offsets.Add(start + reader.Position);
            if (!reader.TrySkip(OutPoint.Size) || !reader.TryReadCompactSizeBytes(out _) || !reader.TrySkip(sizeof(uint)))
                return Fails($"ends inside input {i}", out problem);
        }

        if (!reader.TryReadCount(Transaction.LeastOutputBytes, out var outputs))
            return Fails("ends before its outputs", out problem);
        for (var i = 0; i < outputs; i++)
        {
            offsets.Add(start + reader.Position);
            if (!reader.TrySkip(sizeof(long)) || !reader.TryReadCompactSizeBytes(out _))
                return Fails($"ends inside output {i}", out problem);
        }

        if (hasWitness)
        {
            var any = false;
            for (var i = 0; i < inputs; i++)
            {
                offsets.Add(start + reader.Position);
                if (!TrySkipWitness(ref reader, ref any))
                    return Fails($"ends inside the witness of input {i}", out problem);
            }

            // Bitcoin Core refuses a witness serialization in which every witness is empty ("Superfluous witness record").
            if (!any)
                return Fails("is written with witnesses and has none", out problem);
        }

        if (!reader.TrySkip(sizeof(uint)))
            return Fails("ends before the lock time", out problem);

        position = start + reader.Position;
        shape = new Shape(start, reader.Position, table, inputs, outputs);
        problem = "";
        return true;
    }

    private static bool TrySkipWitness(ref SpanReader reader, ref bool any)
    {
        if (!reader.TryReadCount(leastElementBytes: 1, out var items))
            return false;
        any |= items > 0;
        for (var item = 0; item < items; item++)
        {
            if (!reader.TryReadCompactSizeBytes(out _))
                return false;
        }

        return true;
    }

    private static bool Fails(string reason, out string problem)
    {
        problem = reason;
        return false;
    }

    /// <summary>Where a transaction lies and how many parts it has.</summary>
    internal readonly record struct Shape(int Start, int Length, int Table, int Inputs, int Outputs)
    {
        internal Transaction ToTransaction(byte[] buffer, int[] offsets) => new(buffer, Start, Length, offsets, Table, Inputs, Outputs);
    }

    /// <summary>A growing list of offsets.</summary>
    internal sealed class OffsetTable(int capacity)
    {
        private int[] _items = new int[capacity];

        internal int Count { get; private set; }

        internal void Add(int offset)
        {
            if (Count == _items.Length)
                Array.Resize(ref _items, _items.Length * 2);
            _items[Count++] = offset;
        }

        internal int[] ToArray() => Count == _items.Length ? _items : _items.AsSpan(0, Count).ToArray();
    }
}
