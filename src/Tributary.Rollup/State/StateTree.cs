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

    private readonly AddressTable<TreeDigest> _leaves = new();
    private readonly AddressTable<BlockEntry> _blocks = new();
    private readonly AddressTable<BlockEntry> _groups = new();
    private readonly NodePages[] _upper =
        [.. Enumerable.Range(GroupHeight, StateAddress.Depth + 1 - GroupHeight).Select(static height => new NodePages(height))];

    private readonly Frontier _frontier = new();

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
        var (indices, digests) = batch.Hash();
        var blocks = StoreLeaves(indices, digests);
        HashBlocks(blocks);
        var groups = StoreBlocks(blocks);
        HashGroups(groups);
        HashUpper(groups);
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

    /// <summary>Writes the leaves and which of them are there; gives the blocks touched.</summary>
    private List<ulong> StoreLeaves(ulong[] indices, TreeDigest[] digests)
    {
        var touched = new List<ulong>(indices.Length);
        for (var i = 0; i < indices.Length; i++)
        {
            _leaves.Place(indices[i]) = digests[i];
            var block = indices[i] >> BlockHeight;
            Mark(ref _blocks.Place(block).Mask, (int)(indices[i] & 31), !digests[i].IsEmpty);
            if (touched.Count == 0 || touched[^1] != block)
                touched.Add(block);
        }

        return touched;
    }

    private List<ulong> StoreBlocks(List<ulong> blocks)
    {
        var touched = new List<ulong>(blocks.Count);
        foreach (var block in blocks)
        {
            var group = block >> (GroupHeight - BlockHeight);
            Mark(ref _groups.Place(group).Mask, (int)(block & 63), !_blocks[block].IsEmpty);
            if (touched.Count == 0 || touched[^1] != group)
                touched.Add(group);
        }

        return touched;
    }

    private void HashBlocks(List<ulong> blocks)
    {
        _frontier.Clear();
        foreach (var block in blocks)
        {
            for (var mask = _blocks[block].Mask; mask != 0; mask &= mask - 1)
            {
                var index = (block << BlockHeight) | (uint)BitOperations.TrailingZeroCount(mask);
                _frontier.Add(index, _leaves[index]);
            }
        }

        Ascend(0, BlockHeight);
        for (var i = 0; i < _frontier.Count; i++)
            _blocks.Place(_frontier.Index(i)).Digest = _frontier.Digest(i);
    }

    private void HashGroups(List<ulong> groups)
    {
        _frontier.Clear();
        foreach (var group in groups)
        {
            for (var mask = _groups[group].Mask; mask != 0; mask &= mask - 1)
            {
                var block = (group << (GroupHeight - BlockHeight)) | (uint)BitOperations.TrailingZeroCount(mask);
                _frontier.Add(block, _blocks[block].Digest);
            }
        }

        Ascend(BlockHeight, GroupHeight);
        for (var i = 0; i < _frontier.Count; i++)
            _groups.Place(_frontier.Index(i)).Digest = _frontier.Digest(i);
    }

    private void HashUpper(List<ulong> groups)
    {
        _frontier.Clear();
        foreach (var group in groups)
        {
            var entry = _groups[group];
            _frontier.Add(group, entry.IsEmpty ? TreeHash.Empty(GroupHeight) : entry.Digest);
        }

        for (var height = GroupHeight; ; height++)
        {
            var nodes = _upper[height - GroupHeight];
            for (var i = 0; i < _frontier.Count; i++)
                nodes[_frontier.Index(i)] = _frontier.Digest(i);
            if (height == StateAddress.Depth)
                return;
            _frontier.Ascend(height, (_, index) => nodes[index]);
        }
    }

    /// <summary>Within a block or a group the frontier holds all that is not empty.</summary>
    private void Ascend(int from, int to)
    {
        for (var height = from; height < to && _frontier.Count > 0; height++)
            _frontier.Ascend(height, static (height, _) => TreeHash.Empty(height));
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

    private static void Mark(ref ulong mask, int place, bool isSet) => mask = isSet ? mask | (1UL << place) : mask & ~(1UL << place);
}
