using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Amounts;

namespace Tributary.Bitcoin.Policy;

/// <summary>
/// Transactions that are judged together, so that a child can pay for a parent that pays too little to be relayed alone. Reasons are
/// Bitcoin Core's.
/// </summary>
public static class PackagePolicy
{
    /// <summary>Transactions in a package.</summary>
    public const int CountMax = 25;

    /// <summary>Weight of a package.</summary>
    public const int WeightMax = 404_000;

    /// <summary>Null when the transactions are few, light, all different, sorted by dependence and free of conflicts.</summary>
    public static string? CheckWellFormed(IReadOnlyList<Transaction> package)
    {
        if (package.Count > CountMax)
            return "package-too-many-transactions";
        if (package.Count > 1 && package.Sum(static transaction => (long)transaction.Weight) > WeightMax)
            return "package-too-large";

        var ids = package.Select(static transaction => transaction.TxId).ToHashSet();
        if (ids.Count != package.Count)
            return "package-contains-duplicates";
        return CheckOrderAndConflicts(package, ids);
    }

    /// <summary>Null when the last transaction spends from every other, and no other spends from another: what a node takes as one package.</summary>
    public static string? CheckChildWithParents(IReadOnlyList<Transaction> package)
    {
        if (package.Count < 2)
            return "package-not-child-with-parents";
        var child = package[^1];
        var spent = Enumerable.Range(0, child.InputCount).Select(i => child.PreviousOutput(i).TxId).ToHashSet();
        return package.SkipLast(1).All(parent => spent.Contains(parent.TxId)) ? null : "package-not-child-with-parents";
    }

    /// <summary>The feerate of transactions taken together.</summary>
    public static FeeratePerKvB FeerateOf(IEnumerable<(Satoshis Fee, int VirtualSize)> members)
    {
        var fees = Satoshis.Zero;
        long size = 0;
        foreach (var member in members)
        {
            fees += member.Fee;
            size += member.VirtualSize;
        }

        return FeeratePerKvB.Of(fees, size);
    }

    /// <summary>
    /// Null when fees are enough. Together they meet the mempool's minimum; each transaction alone meets the relay minimum, of which only
    /// version 3 is free: nothing else guarantees that its child stays.
    /// </summary>
    public static string? CheckFees(
        IReadOnlyList<(Transaction Transaction, Satoshis Fee, int VirtualSize)> members, FeeratePerKvB mempoolMinimum, PolicyLimits? limits = null)
    {
        limits ??= PolicyLimits.Default;
        foreach (var (transaction, fee, virtualSize) in members)
        {
            if (transaction.Version != TrucPolicy.Version && StandardPolicy.CheckFee(fee, virtualSize, limits) is { } reason)
                return reason;
        }

        var fees = members.Aggregate(Satoshis.Zero, static (sum, member) => sum + member.Fee);
        var size = members.Sum(static member => (long)member.VirtualSize);
        if (fees < mempoolMinimum.FeeFor(size))
            return "mempool min fee not met";
        return fees < limits.MinRelayFeerate.FeeFor(size) ? "min relay fee not met" : null;
    }

    private static string? CheckOrderAndConflicts(IReadOnlyList<Transaction> package, HashSet<TxId> later)
    {
        // A transaction must not spend from itself or from one that comes after it.
        foreach (var transaction in package)
        {
            for (var i = 0; i < transaction.InputCount; i++)
            {
                if (later.Contains(transaction.PreviousOutput(i).TxId))
                    return "package-not-sorted";
            }

            later.Remove(transaction.TxId);
        }

        var spent = new HashSet<OutPoint>();
        foreach (var transaction in package)
        {
            // Spending an output twice within one transaction is that transaction's own fault, and found with it.
            if (Enumerable.Range(0, transaction.InputCount).Any(i => spent.Contains(transaction.PreviousOutput(i))) || transaction.InputCount == 0)
                return "conflict-in-package";
            for (var i = 0; i < transaction.InputCount; i++)
                spent.Add(transaction.PreviousOutput(i));
        }

        return null;
    }
}
