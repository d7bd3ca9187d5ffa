using Tributary.Bitcoin.Blocks;
using Tributary.Bitcoin.Chain.Embedded.Store;

namespace Tributary.Bitcoin.Chain.Embedded;

/// <summary>A known block in the tree of blocks. Regtest never changes its target, so the height stands for the work.</summary>
internal sealed class BlockNode
{
    private const int MedianBlocks = 11;

    internal BlockNode(BlockHeader header, BlockHash hash, BlockNode? parent, StoredRecord? place)
    {
        Header = header;
        Hash = hash;
        Parent = parent;
        Height = parent is null ? 0 : parent.Height + 1;
        Place = place;
        MedianTimePast = Median(this);
    }

    internal BlockHeader Header { get; }

    internal BlockHash Hash { get; }

    internal BlockNode? Parent { get; }

    internal int Height { get; }

    /// <summary>Where the block lies in the log; null for the genesis block, which is in none.</summary>
    internal StoredRecord? Place { get; }

    /// <summary>The median time of this block and the ten before it (BIP 113), seconds since 1970.</summary>
    internal uint MedianTimePast { get; }

    /// <summary>The block or one before it is invalid, or was declared so.</summary>
    internal bool IsFailed { get; set; }

    internal ChainTip Position => new(Height, Hash);

    /// <summary>The node itself or the one before it at a height.</summary>
    internal BlockNode AncestorAt(int height)
    {
        var node = this;
        while (node.Height > height)
            node = node.Parent!;
        return node;
    }

    internal bool IsDescendantOf(BlockNode other) => Height >= other.Height && AncestorAt(other.Height) == other;

    private static uint Median(BlockNode last)
    {
        Span<uint> times = stackalloc uint[MedianBlocks];
        var count = 0;
        for (var node = last; node is not null && count < MedianBlocks; node = node.Parent)
            times[count++] = node.Header.Time;
        times = times[..count];
        times.Sort();
        return times[count / 2];
    }
}
