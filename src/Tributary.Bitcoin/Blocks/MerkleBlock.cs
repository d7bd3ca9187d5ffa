using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;

namespace Tributary.Bitcoin.Blocks;

/// <summary>
/// A header and a proof of some of its block's transactions: the message of BIP 37 and the format of Bitcoin Core's
/// <c>gettxoutproof</c>. Whether the header is on the chain is another question.
/// </summary>
public sealed class MerkleBlock
{
    private MerkleBlock(BlockHeader header, PartialMerkleTree tree)
    {
        Header = header;
        Tree = tree;
    }

    public BlockHeader Header { get; }

    public PartialMerkleTree Tree { get; }

    /// <summary>Proves the transactions of a block that are wanted.</summary>
    public static MerkleBlock Create(Block block, Func<TxId, bool> isWanted)
    {
        var ids = new Bytes32[block.Transactions.Length];
        for (var i = 0; i < ids.Length; i++)
            ids[i] = block.Transactions[i].TxId.Value;
        return new MerkleBlock(block.Header, PartialMerkleTree.Create(ids, i => isWanted(new TxId(ids[i]))));
    }

    /// <summary>Reads a proof that fills the bytes exactly; allocates about what they take.</summary>
    public static Result<MerkleBlock, Refusal> Parse(ReadOnlySpan<byte> bytes)
    {
        var reader = new SpanReader(bytes);
        if (!BlockHeader.TryRead(ref reader, out var header))
            return new Refusal("header", $"takes {BlockHeader.Size} bytes");
        if (!PartialMerkleTree.Read(ref reader).TryGet(out var tree, out var refusal))
            return refusal;
        return reader.IsAtEnd ? new MerkleBlock(header, tree) : new Refusal("proof", $"has {reader.Remaining} bytes after its end");
    }

    /// <summary>The transactions that the proof shows to be in the header's block.</summary>
    public Result<PartialMerkleMatches, Refusal> Verify()
    {
        if (!Tree.Extract().TryGet(out var matches, out var refusal))
            return refusal;
        return matches.Root == Header.MerkleRoot ? matches : new Refusal("tree", "does not lead to the header's Merkle root");
    }

    /// <summary>The serialization.</summary>
    public byte[] ToBytes()
    {
        var writer = new ByteWriter();
        Header.WriteTo(writer);
        Tree.WriteTo(writer);
        return writer.ToArray();
    }
}
