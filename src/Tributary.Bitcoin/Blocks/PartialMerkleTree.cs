using System.Collections;
using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;

namespace Tributary.Bitcoin.Blocks;

/// <summary>
/// The part of a block's Merkle tree that proves some of its transactions (BIP 37): walked depth first, one bit per node tells whether
/// something below it is proven, and the hashes are of the nodes where the walk ends.
/// </summary>
public sealed class PartialMerkleTree
{
    /// <summary>No block has more: its weight is limited and a transaction has at least 240.</summary>
    public const int TransactionCountMax = TransactionChecks.BlockWeightMax / (Transaction.WitnessScaleFactor * 60);

    private readonly Bytes32[] _hashes;
    private readonly BitArray _bits;

    private PartialMerkleTree(int transactionCount, Bytes32[] hashes, BitArray bits)
    {
        TransactionCount = transactionCount;
        _hashes = hashes;
        _bits = bits;
    }

    /// <summary>Transactions in the block, as the proof says.</summary>
    public int TransactionCount { get; }

    /// <summary>The proof of some of a block's transactions.</summary>
    /// <param name="ids">All ids of the block, in their order.</param>
    /// <param name="isMatch">Which of them to prove.</param>
    public static PartialMerkleTree Create(ReadOnlySpan<Bytes32> ids, Func<int, bool> isMatch)
    {
        ArgumentOutOfRangeException.ThrowIfZero(ids.Length, nameof(ids));
        var levels = new List<Bytes32[]> { ids.ToArray() };
        var matches = new List<bool[]> { Enumerable.Range(0, ids.Length).Select(isMatch).ToArray() };
        while (levels[^1].Length > 1)
        {
            var (below, matched) = (levels[^1], matches[^1]);
            levels.Add([.. Enumerable.Range(0, (below.Length + 1) / 2).Select(i => MerkleTree.Join(below[2 * i], below[Math.Min((2 * i) + 1, below.Length - 1)]))]);
            matches.Add([.. Enumerable.Range(0, levels[^1].Length).Select(i => matched[2 * i] || matched[Math.Min((2 * i) + 1, below.Length - 1)])]);
        }

        var hashes = new List<Bytes32>();
        var bits = new List<bool>();
        Build(levels.Count - 1, 0);
        return new PartialMerkleTree(ids.Length, [.. hashes], new BitArray(bits.ToArray()));

        void Build(int height, int place)
        {
            bits.Add(matches[height][place]);
            if (height == 0 || !matches[height][place])
            {
                hashes.Add(levels[height][place]);
                return;
            }

            Build(height - 1, 2 * place);
            if ((2 * place) + 1 < levels[height - 1].Length)
                Build(height - 1, (2 * place) + 1);
        }
    }

    /// <summary>
    /// Walks the tree: the root that it leads to, and the transactions that it proves with their places. A tree with parts that the walk
    /// does not use, or with two equal branches, is refused: it could be read in two ways.
    /// </summary>
    public Result<PartialMerkleMatches, Refusal> Extract()
    {
        var walk = new Walk(this);
        var height = 0;
        while (WidthAt(height) > 1)
            height++;

        if (!walk.TryVisit(height, 0, out var root))
            return new Refusal("tree", "asks for more than it has, or has two equal branches");
        return walk.UsedAll
            ? new PartialMerkleMatches(root, walk.Matches)
            : new Refusal("tree", "has hashes or bits that nothing uses");
    }

    public void WriteTo(ByteWriter writer)
    {
        writer.WriteUInt32LittleEndian((uint)TransactionCount);
        writer.WriteCompactSize((ulong)_hashes.Length);
        foreach (var hash in _hashes)
            writer.WriteBytes32(hash);
        var bytes = new byte[(_bits.Length + 7) / 8];
        _bits.CopyTo(bytes, 0);
        writer.WriteCompactSizeBytes(bytes);
    }

    /// <summary>Reads count, hashes and bits.</summary>
    internal static Result<PartialMerkleTree, Refusal> Read(ref SpanReader reader)
    {
        if (!reader.TryReadUInt32LittleEndian(out var count) || count is 0 or > TransactionCountMax)
            return new Refusal("tree.transactions", $"takes a number from 1 to {TransactionCountMax}");
        if (!reader.TryReadCount(Bytes32.Length, out var hashCount) || hashCount > count)
            return new Refusal("tree.hashes", "are more than the bytes hold or the block has");

        var hashes = new Bytes32[hashCount];
        foreach (ref var hash in hashes.AsSpan())
        {
            if (!reader.TryReadBytes32(out hash))
                return new Refusal("tree.hashes", "end early");
        }

        if (!reader.TryReadCompactSizeBytes(out var bits) || bits.Length * 8L < hashCount)
            return new Refusal("tree.bits", "are fewer than the hashes");
        return new PartialMerkleTree((int)count, hashes, new BitArray(bits.ToArray()));
    }

    private int WidthAt(int height) => (int)((TransactionCount + (1L << height) - 1) >> height);

    /// <summary>One walk over the tree; at most 24 levels deep, and no node is visited without a bit for it.</summary>
    private sealed class Walk(PartialMerkleTree tree)
    {
        private int _bitsUsed;
        private int _hashesUsed;

        internal List<PartialMerkleMatch> Matches { get; } = [];

        // Bits come in whole bytes.
        internal bool UsedAll => (_bitsUsed + 7) / 8 == (tree._bits.Length + 7) / 8 && _hashesUsed == tree._hashes.Length;

        internal bool TryVisit(int height, int place, out Bytes32 node)
        {
            node = default;
            if (_bitsUsed >= tree._bits.Length)
                return false;
            var holdsMatch = tree._bits[_bitsUsed++];
            if (height == 0 || !holdsMatch)
                return TryTake(height, place, holdsMatch, out node);

            if (!TryVisit(height - 1, 2 * place, out var left))
                return false;
            var right = left;
            if ((2 * place) + 1 < tree.WidthAt(height - 1) && (!TryVisit(height - 1, (2 * place) + 1, out right) || right == left))
                return false;
            node = MerkleTree.Join(left, right);
            return true;
        }

        private bool TryTake(int height, int place, bool isMatch, out Bytes32 node)
        {
            node = default;
            if (_hashesUsed >= tree._hashes.Length)
                return false;
            node = tree._hashes[_hashesUsed++];
            if (height == 0 && isMatch)
                Matches.Add(new PartialMerkleMatch(place, new TxId(node)));
            return true;
        }
    }
}
