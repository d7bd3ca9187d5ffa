using System.Collections.Immutable;
using Tributary.Crypto;
using Tributary.Primitives.Bytes;

namespace Tributary.Bitcoin.Taproot;

/// <summary>A Merkle tree of scripts (BIP 341), built from its leaves in depth-first order.</summary>
public sealed class TaprootTree
{
    /// <summary>How deep a leaf may be.</summary>
    public const int DepthMax = 128;

    private readonly IReadOnlyList<Bytes32>[] _paths;

    private TaprootTree(ImmutableArray<TaprootLeafScript> leaves, Bytes32 root, IReadOnlyList<Bytes32>[] paths)
    {
        Leaves = leaves;
        Root = root;
        _paths = paths;
    }

    /// <summary>In depth-first order.</summary>
    public ImmutableArray<TaprootLeafScript> Leaves { get; }

    /// <summary>The hash that the internal key is tweaked by.</summary>
    public Bytes32 Root { get; }

    /// <summary>Builds a tree.</summary>
    /// <exception cref="ArgumentException">The depths of the leaves form no binary tree.</exception>
    public static TaprootTree Create(params ReadOnlySpan<TaprootLeafScript> leaves)
    {
        var paths = new List<Bytes32>[leaves.Length];
        var waiting = new Stack<Node>();
        for (var i = 0; i < leaves.Length; i++)
        {
            if (leaves[i].Depth is < 0 or > DepthMax || (waiting.TryPeek(out var top) && top.Depth == 0))
                throw new ArgumentException("The leaves form no tree.", nameof(leaves));
            paths[i] = [];
            var node = new Node(leaves[i].Depth, leaves[i].Hash, i, i);
            while (waiting.TryPeek(out var left) && left.Depth == node.Depth)
            {
                waiting.Pop();
                node = Join(left, node, paths);
            }

            waiting.Push(node);
        }

        return waiting.Count == 1 && waiting.Peek().Depth == 0
            ? new TaprootTree([.. leaves], waiting.Peek().Hash, paths)
            : throw new ArgumentException("The leaves form no tree.", nameof(leaves));
    }

    /// <summary>The siblings on the way from a leaf to the root.</summary>
    public IReadOnlyList<Bytes32> PathOf(int leaf) => _paths[leaf];

    private static Node Join(Node left, Node right, List<Bytes32>[] paths)
    {
        for (var i = left.FirstLeaf; i <= left.LastLeaf; i++)
            paths[i].Add(right.Hash);
        for (var i = right.FirstLeaf; i <= right.LastLeaf; i++)
            paths[i].Add(left.Hash);
        var hash = left.Hash <= right.Hash
            ? TaggedHashes.TapBranch.HashPair(left.Hash.Span, right.Hash.Span)
            : TaggedHashes.TapBranch.HashPair(right.Hash.Span, left.Hash.Span);
        return new Node(left.Depth - 1, hash, left.FirstLeaf, right.LastLeaf);
    }

    private sealed record Node(int Depth, Bytes32 Hash, int FirstLeaf, int LastLeaf);
}
