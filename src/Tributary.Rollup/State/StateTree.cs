using System.Numerics;
using Tributary.Finance.State;
using Tributary.Primitives.Results;

namespace Tributary.Rollup.State;

/// <summary>
/// The sparse Merkle tree over the engine's leaves, kept up to date batch by batch. Three tiers: leaves lie in blocks of 32, blocks in groups of 64 (an
/// account's 2¹¹ slots), and both keep only what is not empty and are hashed again from it when touched; above, every node is stored. All nodes of one
/// height that a batch touches are hashed side by side. One owner; not for several threads at once.
/// </summary>
public sealed class StateTree
{
    private const int BlockHeight = 5;
    private const int GroupHeight = StateAddress.SlotBits;

    /// <summary>Blocks that the processor is asked for ahead of a walk, and half of that for the leaves in them.</summary>
    private const int Ahead = 16;

    private readonly AddressTable<TreeDigest> _leaves = new();
    private readonly AddressTable<BlockEntry> _blocks = new();
    private readonly AddressTable<BlockEntry> _groups = new();
    private readonly NodePages[] _upper =
        [.. Enumerable.Range(GroupHeight, StateAddress.Depth + 1 - GroupHeight).Select(static height => new NodePages(height))];

    private Frontier _frontier = new();
    private Frontier _below = new();
    private List<ulong> _touched = [];
    private List<ulong> _blocksTouched = [];

    /// <summary>The digest of the whole state.</summary>
    public TreeDigest Root => _upper[^1][0];

    /// <summary>The tree of a state.</summary>
    public static Result<StateTree, Refusal> Build(FinanceState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var batch = new LeafBatch();
        state.ReadAll(batch);
        var tree = new StateTree();
        return tree.Apply(batch) is { } refusal ? refusal : tree;
    }

    /// <summary>Takes a batch in. A batch with a leaf that has no place is refused as a whole.</summary>
    public Refusal? Apply(LeafBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (batch.Refusal is { } refusal)
            return refusal;
        if (batch.Count == 0)
            return null;
        batch.Hash(out var indices, out var digests);
        HashBlocks(indices, digests);
        HashGroups();
        HashUpper();
        return null;
    }

    /// <summary>The path of a leaf to the root; a refusal where the tree has no place for it.</summary>
    public Result<StatePath, Refusal> Open(LeafKey key)
    {
        if (!StateAddress.Find(key).TryGet(out var index, out var refusal))
            return refusal;
        var siblings = new TreeDigest[StateAddress.Depth];
        OpenWithin(_blocks[index >> BlockHeight].Mask, index, 0, BlockHeight, place => _leaves[place], siblings);
        OpenWithin(_groups[index >> GroupHeight].Mask, index >> BlockHeight, BlockHeight, GroupHeight, place => _blocks[place].Digest, siblings);
        for (var height = GroupHeight; height < StateAddress.Depth; height++)
            siblings[height] = _upper[height - GroupHeight][(index >> height) ^ 1];
        var leaf = _leaves[index];
        return new StatePath(index, leaf.IsEmpty ? TreeHash.Empty(0) : leaf, siblings);
    }

    /// <summary>The digest of the node of a height at a place among those of its height.</summary>
    public TreeDigest Node(int height, ulong index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(height);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(height, StateAddress.Depth);
        if (height >= GroupHeight)
            return _upper[height - GroupHeight][index];
        var group = _groups[index >> (GroupHeight - height)].Mask;
        if (group == 0)
            return TreeHash.Empty(height);
        if (height > BlockHeight)
        {
            var (first, count) = ((int)(index << (height - BlockHeight)) & 63, 1 << (height - BlockHeight));
            return (group >> first & ((1UL << count) - 1)) == 0 ? TreeHash.Empty(height) : Join(height, index);
        }

        var block = _blocks[index >> (BlockHeight - height)];
        if (block.IsEmpty || height == BlockHeight)
            return block.IsEmpty ? TreeHash.Empty(height) : block.Digest;
        var (place, width) = ((int)(index << height) & 31, 1 << height);
        if ((block.Mask >> place & ((1UL << width) - 1)) == 0)
            return TreeHash.Empty(height);
        return height == 0 ? _leaves[index] : Join(height, index);
    }

    private TreeDigest Join(int height, ulong index) => TreeHash.Node(Node(height - 1, 2 * index), Node(height - 1, (2 * index) + 1));

    /// <summary>Writes the leaves, and hashes the blocks that they stand in: of a block all that is not empty, what is not touched from the table.</summary>
    private void HashBlocks(ReadOnlySpan<ulong> indices, ReadOnlySpan<TreeDigest> digests)
    {
        _frontier.Clear();
        _touched.Clear();
        for (var i = 0; i < indices.Length;)
        {
            var block = indices[i] >> BlockHeight;
            var first = i;
            Expect(indices, i);
            var (set, cleared) = (0UL, 0UL);
            for (; i < indices.Length && indices[i] >> BlockHeight == block; i++)
            {
                _leaves.Place(indices[i]) = digests[i];
                if (digests[i].IsEmpty)
                    cleared |= 1UL << (int)(indices[i] & 31);
                else
                    set |= 1UL << (int)(indices[i] & 31);
            }

            ref var mask = ref _blocks.Place(block).Mask;
            mask = (mask | set) & ~cleared;
            _touched.Add(block);
            for (var rest = mask; rest != 0; rest &= rest - 1)
            {
                var index = (block << BlockHeight) | (uint)BitOperations.TrailingZeroCount(rest);
                while (first < i && indices[first] < index)
                    first++;
                if (first < i && indices[first] == index)
                    _frontier.Add(index, digests[first]);
                else
                    _frontier.Add(index, _leaves[index]);
            }
        }

        Ascend(0, BlockHeight);
    }

    // Which leaves a block holds stands in its mask: that is fetched first.
    private void Expect(ReadOnlySpan<ulong> indices, int place)
    {
        if (place + Ahead < indices.Length)
            _blocks.Prefetch(indices[place + Ahead] >> BlockHeight);
        if (place + (Ahead / 2) >= indices.Length)
            return;
        var block = indices[place + (Ahead / 2)] >> BlockHeight;
        for (var rest = _blocks[block].Mask; rest != 0; rest &= rest - 1)
            _leaves.Prefetch((block << BlockHeight) | (uint)BitOperations.TrailingZeroCount(rest));
    }

    /// <summary>Writes the digests of the blocks that the frontier holds, and hashes their groups in the same way. Touched blocks that it does not hold are empty.</summary>
    private void HashGroups()
    {
        const int inGroup = GroupHeight - BlockHeight;
        (_blocksTouched, _touched) = (_touched, _blocksTouched);
        (_frontier, _below) = (_below, _frontier);
        _frontier.Clear();
        _touched.Clear();
        var place = 0;
        for (var i = 0; i < _blocksTouched.Count;)
        {
            var group = _blocksTouched[i] >> inGroup;
            var first = place;
            if (i + Ahead < _blocksTouched.Count)
                _groups.Prefetch(_blocksTouched[i + Ahead] >> inGroup);
            var (set, cleared) = (0UL, 0UL);
            for (; i < _blocksTouched.Count && _blocksTouched[i] >> inGroup == group; i++)
            {
                var block = _blocksTouched[i];
                if (place < _below.Count && _below.Index(place) == block)
                {
                    _blocks.Place(block).Digest = _below.Digest(place++);
                    set |= 1UL << (int)(block & 63);
                }
                else
                {
                    cleared |= 1UL << (int)(block & 63);
                }
            }

            ref var mask = ref _groups.Place(group).Mask;
            mask = (mask | set) & ~cleared;
            _touched.Add(group);
            for (var rest = mask; rest != 0; rest &= rest - 1)
            {
                var block = (group << inGroup) | (uint)BitOperations.TrailingZeroCount(rest);
                while (first < place && _below.Index(first) < block)
                    first++;
                if (first < place && _below.Index(first) == block)
                    _frontier.Add(block, _below.Digest(first));
                else
                    _frontier.Add(block, _blocks[block].Digest);
            }
        }

        Ascend(BlockHeight, GroupHeight);
    }

    /// <summary>Writes the digests of the groups that the frontier holds, those of touched ones that it does not hold as empty, and hashes up to the root.</summary>
    private void HashUpper()
    {
        (_frontier, _below) = (_below, _frontier);
        _frontier.Clear();
        var place = 0;
        foreach (var group in _touched)
        {
            if (place < _below.Count && _below.Index(place) == group)
            {
                _groups.Place(group).Digest = _below.Digest(place);
                _frontier.Add(group, _below.Digest(place++));
            }
            else
            {
                _frontier.Add(group, TreeHash.Empty(GroupHeight));
            }
        }

        for (var height = GroupHeight; height < StateAddress.Depth; height++)
            _frontier.AscendAbove(_upper[height - GroupHeight], height);
        _upper[^1][0] = _frontier.Digest(0);
    }

    /// <summary>Within a block or a group the frontier holds all that is not empty.</summary>
    private void Ascend(int from, int to)
    {
        for (var height = from; height < to && _frontier.Count > 0; height++)
            _frontier.AscendWithin(height);
    }

    private static void OpenWithin(ulong mask, ulong index, int from, int to, Func<ulong, TreeDigest> digest, TreeDigest[] siblings)
    {
        var start = index >> (to - from) << (to - from);
        var nodes = new TreeDigest[1 << (to - from)];
        for (var i = 0; i < nodes.Length; i++)
            nodes[i] = (mask >> i & 1) != 0 ? digest(start + (uint)i) : TreeHash.Empty(from);
        for (var height = from; height < to; height++)
        {
            siblings[height] = nodes[((int)(index - start) >> (height - from)) ^ 1];
            nodes = [.. Enumerable.Range(0, nodes.Length / 2).Select(i => TreeHash.Node(nodes[2 * i], nodes[(2 * i) + 1]))];
        }
    }
}
