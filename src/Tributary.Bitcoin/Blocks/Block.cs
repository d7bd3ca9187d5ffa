using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;

namespace Tributary.Bitcoin.Blocks;

/// <summary>An immutable block: a header and transactions that share the block's bytes. Well-formed, not thereby valid.</summary>
public sealed class Block
{
    private readonly byte[] _buffer;

    private Block(byte[] buffer, BlockHeader header, ImmutableArray<Transaction> transactions)
    {
        _buffer = buffer;
        Header = header;
        Hash = header.Hash;
        Transactions = transactions;
    }

    public BlockHeader Header { get; }

    public BlockHash Hash { get; }

    public ImmutableArray<Transaction> Transactions { get; }

    /// <summary>The serialization with witnesses.</summary>
    public ReadOnlyMemory<byte> Memory => _buffer;

    /// <summary>Builds a block.</summary>
    public static Block Create(BlockHeader header, IReadOnlyList<Transaction> transactions)
    {
        var writer = new ByteWriter(BlockHeader.Size + 9 + transactions.Sum(static transaction => transaction.TotalSize));
        header.WriteTo(writer);
        writer.WriteCompactSize((ulong)transactions.Count);
        foreach (var transaction in transactions)
            writer.WriteBytes(transaction.Memory.Span);
        return Parse(writer.ToArray()).Value;
    }

    /// <summary>Reads a block that fills the buffer exactly. The block keeps the buffer, which must not change afterwards.</summary>
    public static Result<Block, Refusal> Parse(byte[] buffer)
    {
        var reader = new SpanReader(buffer);
        if (!BlockHeader.TryRead(ref reader, out var header))
            return new Refusal("block.header", $"takes {BlockHeader.Size} bytes");
        if (!reader.TryReadCount(leastElementBytes: 10, out var count))
            return new Refusal("block.transactions", "are more than the bytes hold");

        var position = reader.Position;
        var offsets = new TransactionReader.OffsetTable(Math.Max(4, buffer.Length / 50));
        var shapes = new List<TransactionReader.Shape>(Math.Min(count, buffer.Length / 60));
        for (var i = 0; i < count; i++)
        {
            if (!TransactionReader.TryMeasure(buffer, ref position, offsets, allowWitness: true, out var shape, out var problem))
                return new Refusal($"block.transactions[{i}]", problem);
            shapes.Add(shape);
        }

        if (position != buffer.Length)
            return new Refusal("block", $"has {buffer.Length - position} bytes after its end");

        var table = offsets.ToArray();
        var transactions = new Transaction[count];
        for (var i = 0; i < count; i++)
            transactions[i] = shapes[i].ToTransaction(buffer, table);
        return new Block(buffer, header, ImmutableCollectionsMarshal.AsImmutableArray(transactions));
    }
}
