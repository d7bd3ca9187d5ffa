namespace Tributary.Bitcoin.Chain.Embedded.Pool;

/// <summary>How many relatives a transaction may have in the mempool, so that removing one of them stays cheap.</summary>
internal readonly record struct FamilyLimits(int AncestorCount, long AncestorSize, int DescendantCount, long DescendantSize)
{
    internal static FamilyLimits Default =>
        new(MempoolLimits.FamilyCountMax, MempoolLimits.FamilyVirtualBytesMax, MempoolLimits.FamilyCountMax, MempoolLimits.FamilyVirtualBytesMax);

    /// <summary>May transactions of this count and size join under these ancestors?</summary>
    internal bool Allow(int count, long size, IReadOnlyCollection<PoolEntry> ancestors)
    {
        if (ancestors.Count + count > AncestorCount || size + ancestors.Sum(static ancestor => (long)ancestor.VirtualSize) > AncestorSize)
            return false;
        foreach (var ancestor in ancestors)
        {
            var descendants = ancestor.Descendants();
            if (descendants.Count + 1 + count > DescendantCount
                || ancestor.VirtualSize + descendants.Sum(static descendant => (long)descendant.VirtualSize) + size > DescendantSize)
                return false;
        }

        return true;
    }
}
