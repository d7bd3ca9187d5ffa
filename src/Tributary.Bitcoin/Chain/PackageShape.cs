using Tributary.Bitcoin.Transactions;

namespace Tributary.Bitcoin.Chain;

/// <summary>What both sources ask of a package before they look at a mempool: Bitcoin Core's context-free rules (<c>policy/packages.h</c>) and its words.</summary>
internal static class PackageShape
{
    /// <summary>Bitcoin Core's word for a package that was taken.</summary>
    internal const string Success = "success";

    /// <summary>The reason at a transaction when another one's failure ended the work.</summary>
    internal const string NotJudged = "not-judged";

    private const int TransactionsMax = 25;
    private const int WeightMax = 404_000;

    /// <summary>A refusal, or null for parents followed by their child (or a single transaction).</summary>
    internal static PackageVerdict? Refuse(IReadOnlyList<Transaction> package)
    {
        var reason = ReasonAgainst(package);
        return reason is null ? null : new PackageVerdict(IsAccepted: false, reason, AllRefused(package, NotJudged));
    }

    internal static IReadOnlyList<MempoolVerdict> AllRefused(IReadOnlyList<Transaction> package, string reason) =>
        [.. package.Select(transaction => new MempoolVerdict(transaction.TxId, IsAccepted: false, reason, null))];

    private static string? ReasonAgainst(IReadOnlyList<Transaction> package)
    {
        if (package.Count == 0)
            return "package-empty";
        if (package.Count > TransactionsMax)
            return "package-too-many-transactions";
        // A single transaction is judged by its own weight.
        if (package.Count > 1 && package.Sum(static transaction => (long)transaction.Weight) > WeightMax)
            return "package-too-large";

        var ids = package.Select(static transaction => transaction.TxId).ToHashSet();
        if (ids.Count != package.Count)
            return "package-contains-duplicates";
        if (!IsSorted(package))
            return "package-not-sorted";
        if (HasConflict(package))
            return "conflict-in-package";
        if (package.Count == 1)
            return null;

        var child = package[^1];
        var parents = Enumerable.Range(0, child.InputCount).Select(i => child.PreviousOutput(i).TxId).ToHashSet();
        return package.Take(package.Count - 1).All(parent => parents.Contains(parent.TxId)) ? null : "package-not-child-with-parents";
    }

    private static bool IsSorted(IReadOnlyList<Transaction> package)
    {
        var later = package.Select(static transaction => transaction.TxId).ToHashSet();
        foreach (var transaction in package)
        {
            for (var i = 0; i < transaction.InputCount; i++)
            {
                if (later.Contains(transaction.PreviousOutput(i).TxId))
                    return false;
            }

            later.Remove(transaction.TxId);
        }

        return true;
    }

    private static bool HasConflict(IReadOnlyList<Transaction> package)
    {
        var spent = new HashSet<OutPoint>();
        foreach (var transaction in package)
        {
            if (transaction.InputCount == 0)
                return true;
            var own = new HashSet<OutPoint>();
            for (var i = 0; i < transaction.InputCount; i++)
                own.Add(transaction.PreviousOutput(i));
            // Two inputs of one transaction on the same output are that transaction's own fault, and reported as such.
            if (own.Overlaps(spent))
                return true;
            spent.UnionWith(own);
        }

        return false;
    }
}
