using System.Buffers;
using Tributary.Crypto;
using Tributary.Primitives.Bytes;

namespace Tributary.Bitcoin.Blocks;

/// <summary>
/// Bitcoin's Merkle tree: each node is the double SHA-256 of its children, and a level of odd length counts its last node twice. Because of
/// that, a list with its tail repeated has the same root (CVE-2012-2459), so computing a root also tells whether that happened.
/// </summary>
public static class MerkleTree
{
    /// <summary>The root over leaves; all zero for none.</summary>
    /// <param name="leaves">Ids in their order.</param>
    /// <param name="isMutated">Two equal nodes stand side by side: a shorter list has the same root.</param>
    public static Bytes32 Root(ReadOnlySpan<Bytes32> leaves, out bool isMutated)
    {
        isMutated = false;
        if (leaves.IsEmpty)
            return default;

        var pooled = ArrayPool<byte>.Shared.Rent((leaves.Length + 1) * Bytes32.Length);
        try
        {
            for (var i = 0; i < leaves.Length; i++)
                leaves[i].Span.CopyTo(pooled.AsSpan(i * Bytes32.Length));
            for (var count = leaves.Length; count > 1; count = (count + 1) / 2)
                isMutated |= Reduce(pooled, count);
            return new Bytes32(pooled.AsSpan(0, Bytes32.Length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(pooled);
        }
    }

    /// <summary>The root over leaves; all zero for none.</summary>
    public static Bytes32 Root(ReadOnlySpan<Bytes32> leaves) => Root(leaves, out _);

    /// <summary>The root over a block's transaction ids, which its header must have.</summary>
    public static Bytes32 TransactionRoot(Block block, out bool isMutated)
    {
        var leaves = new Bytes32[block.Transactions.Length];
        for (var i = 0; i < leaves.Length; i++)
            leaves[i] = block.Transactions[i].TxId.Value;
        return Root(leaves, out isMutated);
    }

    /// <summary>The root over a block's witness ids, the coinbase's being zero (BIP 141).</summary>
    public static Bytes32 WitnessRoot(Block block)
    {
        var leaves = new Bytes32[block.Transactions.Length];
        for (var i = 1; i < leaves.Length; i++)
            leaves[i] = block.Transactions[i].WtxId.Value;
        return Root(leaves, out _);
    }

    /// <summary>The double SHA-256 of two nodes.</summary>
    internal static Bytes32 Join(Bytes32 left, Bytes32 right)
    {
        Span<byte> both = stackalloc byte[2 * Bytes32.Length];
        left.Span.CopyTo(both);
        right.Span.CopyTo(both[Bytes32.Length..]);
        return Hashes.Sha256d(both);
    }

    // Replaces a level of nodes by the level above it; true when two nodes were equal that were not made so by the odd end.
    private static bool Reduce(Span<byte> nodes, int count)
    {
        const int pair = 2 * Bytes32.Length;
        var mutated = false;
        for (var at = 0; at + pair <= count * Bytes32.Length; at += pair)
            mutated |= nodes.Slice(at, Bytes32.Length).SequenceEqual(nodes.Slice(at + Bytes32.Length, Bytes32.Length));

        if (count % 2 != 0)
            nodes.Slice((count - 1) * Bytes32.Length, Bytes32.Length).CopyTo(nodes[(count * Bytes32.Length)..]);
        for (var i = 0; i < (count + 1) / 2; i++)
            Hashes.Sha256d(nodes.Slice(i * pair, pair), nodes.Slice(i * Bytes32.Length, Bytes32.Length));
        return mutated;
    }
}
