using Tributary.Proofs.Fields;
using Tributary.Proofs.Poseidon2;
using Tributary.Rollup.State;

namespace Tributary.Rollup.Segments;

/// <summary>Hashes the touched leaves and all nodes above them, before and after, and leaves the rows in the witness.</summary>
internal sealed class WitnessTree(SegmentWitness witness, StateTree tree)
{
    private const int RunRows = 512;

    private readonly record struct Chain(uint Tag, KoalaBear[] Elements, TreeDigest[] Digests);

    private readonly record struct Touched(ulong Index, TreeDigest Before, TreeDigest After);

    /// <summary>Builds the rows of leaves in the order of their places; gives the root after.</summary>
    public TreeDigest Build(IReadOnlyList<TouchedLeaf> leaves)
    {
        var level = new List<Touched>(leaves.Count);
        var chains = new List<Chain>(2 * leaves.Count);
        foreach (var leaf in leaves)
            witness.Leaves.Add(new LeafRow(leaf, Begin(chains, leaf, leaf.Before, leaf.Initial.Length == 0), Begin(chains, leaf, leaf.After, leaf.Value.Length == 0)));
        Hash(chains);
        foreach (var row in witness.Leaves)
            level.Add(new Touched(row.Leaf.Index, row.Before[^1], row.After[^1]));

        // Nothing touched: the root alone, unchanged.
        if (level.Count == 0)
            witness.Nodes.Add(Untouched());
        for (var height = 1; height <= StateAddress.Depth && level.Count > 0; height++)
            level = Ascend(height, level);
        return level.Count == 0 ? tree.Root : level[0].After;
    }

    private static TreeDigest[] Begin(List<Chain> chains, TouchedLeaf leaf, KoalaBear[] elements, bool empty)
    {
        var digests = new TreeDigest[leaf.Times.Length];
        if (empty)
            digests.AsSpan().Fill(TreeHash.Empty(0));
        else
            chains.Add(new Chain(LeafLayout.Tag(leaf.Key.Kind), elements, digests));
        return digests;
    }

    /// <summary>Hashes leaves side by side, block by block; what a block comes to is what the next one starts from.</summary>
    private static void Hash(List<Chain> chains)
    {
        const int width = TreeDigest.Elements + TreeHash.BlockElements;
        var rows = new KoalaBear[RunRows * width];
        var outputs = new TreeDigest[RunRows];
        for (var block = 0; chains.Count > 0; block++)
        {
            for (var first = 0; first < chains.Count; first += RunRows)
            {
                var count = Math.Min(RunRows, chains.Count - first);
                for (var i = 0; i < count; i++)
                {
                    var (tag, elements, digests) = chains[first + i];
                    var row = rows.AsSpan(i * width, width);
                    if (block == 0)
                        TreeHash.Start(tag, row);
                    else
                        digests[block - 1].Span.CopyTo(row);
                    elements.AsSpan(block * TreeHash.BlockElements, TreeHash.BlockElements).CopyTo(row[TreeDigest.Elements..]);
                }

                Poseidon2Compression.CompressRows(
                    Poseidon2Parameters.Width24, rows.AsSpan(0, count * width), TreeDigest.ElementsOf(outputs.AsSpan(0, count)), TreeDigest.Elements);
                for (var i = 0; i < count; i++)
                    chains[first + i].Digests[block] = outputs[i];
            }

            var next = block + 1;
            chains.RemoveAll(chain => chain.Digests.Length == next);
        }
    }

    private NodeRow Untouched()
    {
        var (left, right) = (tree.Node(StateAddress.Depth - 1, 0), tree.Node(StateAddress.Depth - 1, 1));
        return new NodeRow
        {
            Height = StateAddress.Depth,
            LeftBefore = left,
            RightBefore = right,
            Before = tree.Root,
            LeftAfter = left,
            RightAfter = right,
            After = tree.Root,
        };
    }

    private List<Touched> Ascend(int height, List<Touched> level)
    {
        var first = witness.Nodes.Count;
        for (var i = 0; i < level.Count; i++)
        {
            var node = level[i];
            var row = new NodeRow { Height = height, Index = node.Index >> 1 };
            if ((node.Index & 1) != 0)
            {
                row.LeftBefore = row.LeftAfter = tree.Node(height - 1, node.Index ^ 1);
                (row.RightTouched, row.RightBefore, row.RightAfter) = (true, node.Before, node.After);
            }
            else
            {
                (row.LeftTouched, row.LeftBefore, row.LeftAfter) = (true, node.Before, node.After);
                if (i + 1 < level.Count && level[i + 1].Index == node.Index + 1)
                {
                    i++;
                    (row.RightTouched, row.RightBefore, row.RightAfter) = (true, level[i].Before, level[i].After);
                }
                else
                {
                    row.RightBefore = row.RightAfter = tree.Node(height - 1, node.Index ^ 1);
                }
            }

            witness.Nodes.Add(row);
        }

        return HashLevel(first);
    }

    private List<Touched> HashLevel(int first)
    {
        const int pair = 2 * TreeDigest.Elements;
        var count = witness.Nodes.Count - first;
        var inputs = new KoalaBear[2 * count * pair];
        var outputs = new KoalaBear[2 * count * TreeDigest.Elements];
        for (var i = 0; i < count; i++)
        {
            var row = witness.Nodes[first + i];
            var place = inputs.AsSpan(2 * i * pair);
            row.LeftBefore.Span.CopyTo(place);
            row.RightBefore.Span.CopyTo(place[TreeDigest.Elements..]);
            row.LeftAfter.Span.CopyTo(place[pair..]);
            row.RightAfter.Span.CopyTo(place[(pair + TreeDigest.Elements)..]);
        }

        Poseidon2Compression.CompressRows(Poseidon2Parameters.Width16, inputs, outputs, TreeDigest.Elements);
        var parents = new List<Touched>(count);
        for (var i = 0; i < count; i++)
        {
            var row = witness.Nodes[first + i];
            row.Before = new TreeDigest(outputs.AsSpan(2 * i * TreeDigest.Elements, TreeDigest.Elements));
            row.After = new TreeDigest(outputs.AsSpan(((2 * i) + 1) * TreeDigest.Elements, TreeDigest.Elements));
            witness.Nodes[first + i] = row;
            parents.Add(new Touched(row.Index, row.Before, row.After));
        }

        return parents;
    }
}
