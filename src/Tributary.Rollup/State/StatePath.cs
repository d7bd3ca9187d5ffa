namespace Tributary.Rollup.State;

/// <summary>What shows that a leaf, or that none, stands at an index of a tree.</summary>
/// <param name="Index">The index, from the left.</param>
/// <param name="Leaf">The digest of the leaf; that of the empty leaf where there is none.</param>
/// <param name="Siblings">The digests beside the path, from the leaf up.</param>
public sealed record StatePath(ulong Index, TreeDigest Leaf, IReadOnlyList<TreeDigest> Siblings)
{
    /// <summary>The root that follows when another leaf stands at the index: with <see cref="Leaf"/> itself, the root that the path was opened under.</summary>
    public TreeDigest RootWith(TreeDigest leaf)
    {
        var digest = leaf;
        for (var height = 0; height < Siblings.Count; height++)
            digest = ((Index >> height) & 1) == 0 ? TreeHash.Node(digest, Siblings[height]) : TreeHash.Node(Siblings[height], digest);
        return digest;
    }

    /// <summary>True where the path leads from its leaf to this root.</summary>
    public bool Leads(TreeDigest root) => Siblings.Count == StateAddress.Depth && Index >> StateAddress.Depth == 0 && RootWith(Leaf) == root;
}
