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

    /// <summary>Bytes with witnesses.</summary>
    public int TotalSize => _buffer.Length;

    /// <summary>Bytes without witnesses.</summary>
    public int BaseSize => TotalSize - Transactions.Sum(static transaction => transaction.TotalSize - transaction.BaseSize);

    /// <summary>Weight units (BIP 141): three times the size without witnesses and once the whole.</summary>
    public int Weight => (BaseSize * (Transaction.WitnessScaleFactor - 1)) + TotalSize;

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

    /// <summary>Reads a block that fills the bytes exactly; copies them.</summary>
    public static Result<Block, Refusal> Parse(ReadOnlySpan<byte> bytes) => Parse(bytes.ToArray());

    /// <summary>
    /// Reads a block that fills the buffer exactly. The block keeps the buffer, which must not change afterwards, and allocates 64 bytes
    /// for each transaction and 4 for each input, output and witness: a fraction of what common blocks take, and at most seven times the
    /// bytes present (for the smallest transactions that can be written).
    /// </summary>
    public static Result<Block, Refusal> Parse(byte[] buffer)
    {
        if (buffer.Length > TransactionReader.LengthMax)
            return new Refusal("block", $"has {buffer.Length} bytes, more than the {TransactionReader.LengthMax} that a serialization may have");

        var reader = new SpanReader(buffer);
        if (!BlockHeader.TryRead(ref reader, out var header))
            return new Refusal("block.header", $"takes {BlockHeader.Size} bytes");
        if (!reader.TryReadCount(TransactionReader.LeastTransactionBytes, out var count))
            return new Refusal("block.transactions", "are more than the bytes hold");

        var position = reader.Position;
        var shared = new TransactionBuffer(buffer);
        var transactions = new Transaction[count];
        var offsets = new OffsetTable(TransactionReader.Capacity(buffer.Length));
        try
        {
            for (var i = 0; i < count; i++)
            {
                if (!TransactionReader.TryRead(shared, ref position, ref offsets, allowWitness: true, out transactions[i], out var problem))
                    return new Refusal($"block.transactions[{i}]", problem);
            }

            shared.Offsets = offsets.ToArray();
        }
        finally
        {
            offsets.Dispose();
        }

        if (position != buffer.Length)
            return new Refusal("block", $"has {buffer.Length - position} bytes after its end");

        return new Block(buffer, header, ImmutableCollectionsMarshal.AsImmutableArray(transactions));
    }
}
