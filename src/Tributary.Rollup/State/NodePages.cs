namespace Tributary.Rollup.State;

/// <summary>Nodes of one height of the upper tree. What they belong to is numbered in order, so pages of neighbours are well filled.</summary>
internal sealed class NodePages(int height)
{
    private const int LogPage = 10;

    private readonly Dictionary<ulong, TreeDigest[]> _pages = [];

    /// <summary>The digest of a node; that of an empty subtree where none has been set.</summary>
    public TreeDigest this[ulong index]
    {
        get
        {
            if (!_pages.TryGetValue(index >> LogPage, out var page))
                return TreeHash.Empty(height);
            ref var digest = ref page[index & ((1 << LogPage) - 1)];
            return digest.IsEmpty ? TreeHash.Empty(height) : digest;
        }

        set
        {
            if (!_pages.TryGetValue(index >> LogPage, out var page))
                _pages[index >> LogPage] = page = new TreeDigest[1 << LogPage];
            page[index & ((1 << LogPage) - 1)] = value;
        }
    }
}
