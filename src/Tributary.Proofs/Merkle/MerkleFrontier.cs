namespace Tributary.Proofs.Merkle;

/// <summary>
/// The nodes of a level that a batch of paths passes through, in ascending order, and the step to the level above. Prover and verifier walk it alike,
/// so which siblings a proof carries, and in which order, is fixed by the indices alone.
/// </summary>
internal static class MerkleFrontier
{
    /// <summary>Visits the parents, in ascending order, with the places of their children among the nodes, or −1 where one is not known.</summary>
    public delegate void Visit(int parent, int lowPlace, int highPlace);

    /// <summary>
    /// Steps from sorted distinct nodes of a level of <paramref name="size"/> nodes to their parents, and gives those, sorted and distinct.
    /// </summary>
    public static int[] Ascend(ReadOnlySpan<int> nodes, int size, Visit visit)
    {
        var half = size / 2;
        var split = 0;
        while (split < nodes.Length && nodes[split] < half)
            split++;
        var parents = new List<int>(nodes.Length);
        var (low, high) = (0, split);
        while (low < split || high < nodes.Length)
        {
            var lowParent = low < split ? nodes[low] : int.MaxValue;
            var highParent = high < nodes.Length ? nodes[high] - half : int.MaxValue;
            var parent = Math.Min(lowParent, highParent);
            visit(parent, lowParent == parent ? low++ : -1, highParent == parent ? high++ : -1);
            parents.Add(parent);
        }

        return [.. parents];
    }

    /// <summary>The distinct residues of indices modulo a power of two, ascending.</summary>
    public static int[] Reduce(ReadOnlySpan<int> indices, int size)
    {
        var residues = new SortedSet<int>();
        foreach (var index in indices)
            residues.Add(index & (size - 1));
        return [.. residues];
    }
}
