using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;

namespace Tributary.Bitcoin.Transactions;

/// <summary>
/// Reads the serialization of BIP 144 and lays the offsets of its parts into a table that a whole block shares.
/// Allocates a table entry (4 bytes) for each input, output and witness that is present, nothing for what is only claimed.
/// </summary>
internal static class TransactionReader
{
    /// <summary>Bitcoin Core's <c>MAX_SIZE</c>: no length in a serialization is larger, so no buffer of ours needs to be.</summary>
    internal const int LengthMax = 0x0200_0000;

    /// <summary>The least bytes of a transaction: version, no inputs, no outputs, lock time.</summary>
    internal const int LeastTransactionBytes = 10;

    // An input and an output take 50 bytes at least and four entries with their witness; most transactions have fewer.
    private const int BytesPerOffset = 24;

    /// <summary>Reads a transaction that fills the buffer exactly; keeps the buffer.</summary>
    internal static Result<Transaction, Refusal> Parse(byte[] buffer, bool allowWitness = true)
    {
        if (buffer.Length > LengthMax)
            return new Refusal("transaction", $"has {buffer.Length} bytes, more than the {LengthMax} that a serialization may have");

        var offsets = new OffsetTable(Capacity(buffer.Length));
        try
        {
            var shared = new TransactionBuffer(buffer);
            var position = 0;
            if (!TryRead(shared, ref position, ref offsets, allowWitness, out var transaction, out var problem))
                return new Refusal("transaction", problem);
            if (position != buffer.Length)
                return new Refusal("transaction", $"has {buffer.Length - position} bytes after its end");
            shared.Offsets = offsets.ToArray();
            return transaction;
        }
        finally
        {
            offsets.Dispose();
        }
    }

    /// <summary>Reads what this process wrote itself.</summary>
    internal static Transaction ReadTrusted(byte[] buffer, bool allowWitness) => Parse(buffer, allowWitness).Value;

    /// <summary>How many offsets to make room for before any are known.</summary>
    internal static int Capacity(int bytes) => Math.Max(16, bytes / BytesPerOffset);

    /// <summary>
    /// Reads one transaction from a position. A count of zero inputs is the marker of the witness form; without
    /// <paramref name="allowWitness"/> it is a count, which is how an unsigned transaction without inputs is written. The transaction
    /// can be used when the buffer has its offsets.
    /// </summary>
    internal static bool TryRead(
        TransactionBuffer buffer, ref int position, ref OffsetTable offsets, bool allowWitness, out Transaction transaction, out string problem)
    {
        transaction = null!;
        var start = position;
        var table = offsets.Count;
        var reader = new SpanReader(buffer.Bytes.AsSpan(start));
        if (!reader.TrySkip(sizeof(int)))
            return Fails("ends inside the version", out problem);

        // Marker and flag. A flag of zero is no flag: it is the count of outputs of a transaction that has neither inputs nor outputs.
        var hasWitness = false;
        if (allowWitness && reader.Remaining >= 2 && reader.Rest[0] == 0 && reader.Rest[1] != 0)
        {
            if (reader.Rest[1] != 1)
                return Fails("has an unknown flag after the witness marker", out problem);
            hasWitness = reader.TrySkip(2);
        }

        if (!TryReadInputs(ref reader, start, ref offsets, out var inputs, out problem)
            || !TryReadOutputs(ref reader, start, ref offsets, out var outputs, out problem)
            || (hasWitness && !TryReadWitnesses(ref reader, start, inputs, ref offsets, out problem)))
            return false;
        if (!reader.TrySkip(sizeof(uint)))
            return Fails("ends before the lock time", out problem);

        position = start + reader.Position;
        transaction = new Transaction(buffer, start, reader.Position, table, inputs, outputs);
        return true;
    }

    private static bool TryReadInputs(ref SpanReader reader, int start, ref OffsetTable offsets, out int count, out string problem)
    {
        if (!reader.TryReadCount(Transaction.LeastInputBytes, out count))
            return Fails("ends before its inputs", out problem);
        for (var i = 0; i < count; i++)
        {
            offsets.Add(start + reader.Position);
            if (!reader.TrySkip(OutPoint.Size) || !reader.TryReadCompactSizeBytes(out _) || !reader.TrySkip(sizeof(uint)))
                return Fails($"ends inside input {i}", out problem);
        }

        problem = "";
        return true;
    }

    private static bool TryReadOutputs(ref SpanReader reader, int start, ref OffsetTable offsets, out int count, out string problem)
    {
        if (!reader.TryReadCount(Transaction.LeastOutputBytes, out count))
            return Fails("ends before its outputs", out problem);
        for (var i = 0; i < count; i++)
        {
            offsets.Add(start + reader.Position);
            if (!reader.TrySkip(sizeof(long)) || !reader.TryReadCompactSizeBytes(out _))
                return Fails($"ends inside output {i}", out problem);
        }

        problem = "";
        return true;
    }

    private static bool TryReadWitnesses(ref SpanReader reader, int start, int inputs, ref OffsetTable offsets, out string problem)
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
}
