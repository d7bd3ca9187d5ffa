using System.Collections.Immutable;
using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;

namespace Tributary.Bitcoin.Blocks;

/// <summary>
/// The path from one transaction to a block's Merkle root: what a client without the block needs to know that it holds the transaction.
/// A proof of a leaf that is as deep as another proof of the same block (its coinbase's, say) can't pass an inner node off as a transaction
/// (CVE-2017-12842).
/// </summary>
/// <param name="Index">The transaction's place in the block.</param>
/// <param name="Siblings">The nodes to join with, from the leaves up.</param>
public sealed record MerkleProof(int Index, ImmutableArray<Bytes32> Siblings)
{
    /// <summary>More levels than any block has transactions for.</summary>
    public const int DepthMax = 24;

    /// <summary>The proof of a leaf.</summary>
    /// <param name="leaves">All ids of the block, in their order.</param>
    /// <param name="index">Which of them.</param>
    public static MerkleProof Create(ReadOnlySpan<Bytes32> leaves, int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)leaves.Length, nameof(index));
        var siblings = ImmutableArray.CreateBuilder<Bytes32>();
        var level = leaves.ToArray();
        for (var at = index; level.Length > 1; at /= 2)
        {
            siblings.Add(level[Math.Min(at ^ 1, level.Length - 1)]);
            var above = new Bytes32[(level.Length + 1) / 2];
            for (var i = 0; i < above.Length; i++)
                above[i] = MerkleTree.Join(level[2 * i], level[Math.Min((2 * i) + 1, level.Length - 1)]);
            level = above;
        }

        return new MerkleProof(index, siblings.ToImmutable());
    }

    /// <summary>The root that the proof leads to.</summary>
    public Bytes32 RootOf(TxId leaf)
    {
        var node = leaf.Value;
        var at = Index;
        foreach (var sibling in Siblings)
        {
            node = (at & 1) == 0 ? MerkleTree.Join(node, sibling) : MerkleTree.Join(sibling, node);
            at >>= 1;
        }

        return node;
    }

    /// <summary>Does the block of this header hold the transaction at the place the proof names?</summary>
    public Result<TxId, Refusal> Verify(TxId leaf, in BlockHeader header)
    {
        if (Siblings.Length > DepthMax || Index < 0 || Index >> Siblings.Length != 0)
            return new Refusal("index", "is outside the tree that the path spans");
        return RootOf(leaf) == header.MerkleRoot ? leaf : new Refusal("siblings", "do not lead to the header's Merkle root");
    }
}
