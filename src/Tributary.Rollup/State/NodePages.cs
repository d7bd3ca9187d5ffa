using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Tributary.Primitives.Hardware;

namespace Tributary.Rollup.State;

/// <summary>
/// Nodes of one height of the upper tree, in pages of neighbours. What they belong to is numbered in order, so pages are well filled, and those of the
/// first numbers of a region stand in an array; a page further out is found by its number.
/// </summary>
internal sealed class NodePages(int height)
{
    private const int LogPage = 10;
    private const ulong PageMask = (1 << LogPage) - 1;

    /// <summary>Pages of an array: enough for every account.</summary>
    private const ulong NearPages = StateAddress.AccountLimit >> LogPage;

    private readonly Dictionary<ulong, TreeDigest[]> _far = [];
    private TreeDigest[]?[] _near = [];

    /// <summary>The digest of a node; that of an empty subtree where none has been set.</summary>
    public TreeDigest this[ulong index]
    {
        get
        {
            var number = index >> LogPage;
            var page = number < (ulong)_near.Length ? _near[number] : number < NearPages ? null : _far.GetValueOrDefault(number);
            if (page is null)
                return TreeHash.Empty(height);
            ref var digest = ref page[index & PageMask];
            return digest.IsEmpty ? TreeHash.Empty(height) : digest;
        }

        set => Page(index)[index & PageMask] = value;
    }

    /// <summary>Asks the processor for a node and its sibling, which stand side by side.</summary>
    public void Prefetch(ulong index)
    {
        var number = index >> LogPage;
        if (number < (ulong)_near.Length && _near[number] is { } page)
            MemoryHint.Fetch(ref Unsafe.As<TreeDigest, Pair>(ref page[index & PageMask & ~1UL]));
    }

    /// <summary>Sets two neighbours, the left of which is given.</summary>
    public void SetPair(ulong index, TreeDigest left, TreeDigest right)
    {
        var page = Page(index);
        page[index & PageMask] = left;
        page[(index & PageMask) + 1] = right;
    }

    /// <summary>Sets a node and gives its sibling; the default where none has been set.</summary>
    public ref readonly TreeDigest SetAndFindSibling(ulong index, TreeDigest digest)
    {
        var page = Page(index);
        page[index & PageMask] = digest;
        return ref page[(index & PageMask) ^ 1];
    }

    private TreeDigest[] Page(ulong index)
    {
        var number = index >> LogPage;
        if (number < NearPages && number >= (ulong)_near.Length)
            Array.Resize(ref _near, (int)Math.Min(NearPages, Math.Max(number + 1, 2 * (ulong)_near.Length)));
        ref var page = ref number < NearPages ? ref _near[number] : ref CollectionsMarshal.GetValueRefOrAddDefault(_far, number, out _);
        return page ??= new TreeDigest[1 << LogPage];
    }

    private readonly record struct Pair(TreeDigest Left, TreeDigest Right);
}
