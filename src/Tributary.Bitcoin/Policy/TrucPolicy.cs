using Tributary.Bitcoin.Transactions;

namespace Tributary.Bitcoin.Policy;

/// <summary>
/// Topologically restricted until confirmation (BIP 431): a transaction of version 3 has one unconfirmed parent or one unconfirmed child at
/// most, of the same version, and is small. That is what makes fee bumps of shared transactions reliable.
/// </summary>
public static class TrucPolicy
{
    /// <summary>The version that asks for these rules.</summary>
    public const uint Version = 3;

    /// <summary>Virtual bytes of a transaction.</summary>
    public const int VirtualSizeMax = 10_000;

    /// <summary>Virtual bytes of one with an unconfirmed parent.</summary>
    public const int ChildVirtualSizeMax = 1_000;

    private const int CountMax = 2;

    /// <summary>May a transaction join the mempool by itself?</summary>
    /// <param name="transaction">Of any version: others must not spend from version 3.</param>
    /// <param name="virtualSize">Its size.</param>
    /// <param name="parents">Its parents in the mempool.</param>
    /// <param name="conflicts">The transactions in the mempool that spend what it spends.</param>
    public static TrucViolation? Check(
        Transaction transaction, int virtualSize, IReadOnlyList<UnconfirmedTransaction> parents, IReadOnlySet<TxId> conflicts)
    {
        foreach (var parent in parents)
        {
            if (CheckInheritance(transaction, parent.Transaction) is { } mixed)
                return mixed;
        }

        if (transaction.Version != Version)
            return null;
        if (CheckSize(transaction, virtualSize, VirtualSizeMax) is { } tooBig)
            return tooBig;
        if (parents.Count + 1 > CountMax)
            return TooManyAncestors(transaction);
        if (parents.Count == 0)
            return null;
        if (parents[0].AncestorCount + 1 > CountMax)
            return TooManyAncestors(transaction);
        return CheckSize(transaction, virtualSize, ChildVirtualSizeMax) ?? CheckSiblings(parents[0], conflicts);
    }

    /// <summary>May a transaction join as part of a package?</summary>
    /// <param name="transaction">One of the package.</param>
    /// <param name="virtualSize">Its size.</param>
    /// <param name="package">Parents before children.</param>
    /// <param name="parents">Its parents in the mempool.</param>
    public static TrucViolation? CheckInPackage(
        Transaction transaction, int virtualSize, IReadOnlyList<Transaction> package, IReadOnlyList<UnconfirmedTransaction> parents)
    {
        var packageParents = package.TakeWhile(other => !ReferenceEquals(other, transaction)).Where(other => Spends(transaction, other.TxId)).ToArray();
        foreach (var parent in parents.Select(static parent => parent.Transaction).Concat(packageParents))
        {
            if (CheckInheritance(transaction, parent) is { } mixed)
                return mixed;
        }

        if (transaction.Version != Version)
            return null;
        if (CheckSize(transaction, virtualSize, VirtualSizeMax) is { } tooBig)
            return tooBig;
        if (parents.Count + packageParents.Length + 1 > CountMax || (parents.Count > 0 && parents[0].AncestorCount + packageParents.Length + 1 > CountMax))
            return TooManyAncestors(transaction);
        if (parents.Count + packageParents.Length == 0)
            return null;
        if (CheckSize(transaction, virtualSize, ChildVirtualSizeMax) is { } tooBigChild)
            return tooBigChild;

        var only = parents.Count > 0 ? parents[0].Transaction : packageParents[0];
        foreach (var other in package.Where(other => !ReferenceEquals(other, transaction)))
        {
            if (Spends(other, only.TxId))
                return TooManyDescendants(only);
            if (Spends(other, transaction.TxId))
                return TooManyAncestors(other);
        }

        return parents.Count > 0 && parents[0].Descendants.Count > 0 ? TooManyDescendants(only) : null;
    }

    private static TrucViolation? CheckInheritance(Transaction child, Transaction parent)
    {
        if (child.Version == Version == (parent.Version == Version))
            return null;
        return new TrucViolation(child.Version == Version
            ? $"version=3 {Name(child)} cannot spend from non-version=3 {Name(parent)}"
            : $"non-version=3 {Name(child)} cannot spend from version=3 {Name(parent)}");
    }

    private static TrucViolation? CheckSize(Transaction transaction, int virtualSize, int most) =>
        virtualSize <= most
            ? null
            : new TrucViolation($"version=3 {(most == ChildVirtualSizeMax ? "child " : "")}{Name(transaction)} is too big: {virtualSize} > {most} virtual bytes");

    // Another child may be there only if this transaction replaces it. It may be replaced even where the two share no input ("sibling
    // eviction"), unless a reorg left more of a family than there should be.
    private static TrucViolation? CheckSiblings(UnconfirmedTransaction parent, IReadOnlySet<TxId> conflicts)
    {
        var siblings = parent.Descendants;
        if (siblings.Count == 0 || siblings.Any(sibling => conflicts.Contains(sibling.Transaction.TxId)))
            return null;
        var isEvictable = siblings.Count == 1 && siblings[0].AncestorCount == CountMax;
        return TooManyDescendants(parent.Transaction) with { EvictableSibling = isEvictable ? siblings[0] : null };
    }

    private static TrucViolation TooManyAncestors(Transaction transaction) => new($"{Name(transaction)} would have too many ancestors");

    private static TrucViolation TooManyDescendants(Transaction transaction) => new($"{Name(transaction)} would exceed descendant count limit");

    private static bool Spends(Transaction transaction, TxId id)
    {
        for (var i = 0; i < transaction.InputCount; i++)
        {
            if (transaction.PreviousOutput(i).TxId == id)
                return true;
        }

        return false;
    }

    private static string Name(Transaction transaction) => $"tx {transaction.TxId} (wtxid={transaction.WtxId})";
}
