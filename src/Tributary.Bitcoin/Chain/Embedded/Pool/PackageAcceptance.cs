using Tributary.Bitcoin.Policy;
using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Amounts;

namespace Tributary.Bitcoin.Chain.Embedded.Pool;

/// <summary>
/// Takes in parents with the child that pays for them, as Bitcoin Core 29 does: first each by itself, then what failed for its fee (or for a
/// parent that failed so) together.
/// </summary>
internal sealed class PackageAcceptance(BlockTree tree, Mempool pool, MempoolAcceptance acceptance)
{
    private const string ReplacementFailed = "package RBF failed: ";

    /// <summary>Submits a package that <see cref="PackageShape"/> has nothing against.</summary>
    internal PackageVerdict Submit(IReadOnlyList<Transaction> package, long now)
    {
        if (package.Count > 1 && !HasOnlyParentsOfPackage(package))
        {
            const string reason = "package-not-child-with-unconfirmed-parents";
            return new PackageVerdict(IsAccepted: false, reason, PackageShape.AllRefused(package, PackageShape.NotJudged));
        }

        var verdicts = new Dictionary<TxId, MempoolVerdict>();
        var rest = new List<Transaction>();
        var isHopeless = false;
        foreach (var transaction in package)
        {
            if (pool.TryGet(transaction.TxId, out var present))
            {
                verdicts[transaction.TxId] = new MempoolVerdict(transaction.TxId, IsAccepted: true, null, present.Fee);
                continue;
            }

            if (SubmitAlone(transaction, now, verdicts) is not { } rejection)
                continue;
            isHopeless |= package.Count == 1 || !rejection.MayPassInPackage;
            rest.Add(transaction);
        }

        var result = rest.Count == 0
            ? PackageShape.Success
            : isHopeless ? PackageShape.TransactionFailed : SubmitRest(rest, now, verdicts);
        acceptance.Trim(now);
        return Conclude(package, result, verdicts);
    }

    private Rejection? SubmitAlone(Transaction transaction, long now, Dictionary<TxId, MempoolVerdict> verdicts)
    {
        var rejection = acceptance.Submit(transaction, AdmissionContext.AloneFromPackage, now, out var candidate);
        verdicts[transaction.TxId] = new MempoolVerdict(transaction.TxId, rejection is null, rejection?.Reason, rejection is null ? candidate.Fee : null);
        return rejection;
    }

    /// <summary>What failed by itself, once more. A single one is no package: its parents are in by now, and have paid for themselves.</summary>
    private string SubmitRest(List<Transaction> rest, long now, Dictionary<TxId, MempoolVerdict> verdicts)
    {
        if (rest.Count > 1)
            return SubmitTogether(rest, now, verdicts);
        return SubmitAlone(rest[0], now, verdicts) is null ? PackageShape.Success : PackageShape.TransactionFailed;
    }

    private PackageVerdict Conclude(IReadOnlyList<Transaction> package, string result, Dictionary<TxId, MempoolVerdict> verdicts)
    {
        foreach (var id in package.Select(static transaction => transaction.TxId))
        {
            if (!verdicts[id].IsAccepted || pool.Contains(id))
                continue;
            verdicts[id] = new MempoolVerdict(id, IsAccepted: false, "mempool full", null);
            result = PackageShape.TransactionFailed;
        }

        return new PackageVerdict(result is PackageShape.Success, result, [.. package.Select(transaction => verdicts[transaction.TxId])]);
    }

    /// <summary>All that the child spends is confirmed or made by the package.</summary>
    private bool HasOnlyParentsOfPackage(IReadOnlyList<Transaction> package)
    {
        var parents = package.SkipLast(1).Select(static transaction => transaction.TxId).ToHashSet();
        var child = package[^1];
        for (var i = 0; i < child.InputCount; i++)
        {
            var outPoint = child.PreviousOutput(i);
            if (!parents.Contains(outPoint.TxId) && !tree.Coins.TryGet(outPoint, out _))
                return false;
        }

        return true;
    }

    /// <summary>Judges and takes in transactions together; returns the word for the package and corrects the verdicts.</summary>
    private string SubmitTogether(List<Transaction> transactions, long now, Dictionary<TxId, MempoolVerdict> verdicts)
    {
        var candidates = new List<Candidate>();
        var outputs = new Dictionary<TxId, Transaction>();
        string Fail(Transaction transaction, Rejection rejection)
        {
            verdicts[transaction.TxId] = new MempoolVerdict(transaction.TxId, IsAccepted: false, rejection.Reason, null);
            return PackageShape.TransactionFailed;
        }

        foreach (var transaction in transactions)
        {
            var candidate = new Candidate(transaction);
            if (acceptance.Check(candidate, AdmissionContext.InPackage, now, outputs) is { } rejection)
                return Fail(transaction, rejection);
            candidates.Add(candidate);
            outputs[transaction.TxId] = transaction;
        }

        foreach (var candidate in candidates)
        {
            var inMempool = candidate.Ancestors.Select(static entry => entry.ToUnconfirmed()).ToList();
            if (TrucPolicy.CheckInPackage(candidate.Transaction, candidate.VirtualSize, transactions, inMempool) is not null)
                return TrucViolation.Reason;
        }

        var fee = candidates.Aggregate(Satoshis.Zero, static (sum, candidate) => sum + candidate.Fee);
        var size = candidates.Sum(static candidate => (long)candidate.VirtualSize);
        if (acceptance.CheckTotalFee(fee, size, now) is { } tooLittle)
            return Fail(transactions[^1], tooLittle);

        var replaced = PoolEntry.Closure(candidates.SelectMany(static candidate => candidate.Conflicts), static entry => entry.Children);
        var ancestors = candidates.SelectMany(static candidate => candidate.Ancestors).ToHashSet();
        if (!FamilyLimits.Default.Allow(candidates.Count, size, ancestors))
            return "package-mempool-limits";
        if (replaced.Count > 0 && CheckReplacement(candidates, replaced, fee, size) is { } reason)
            return ReplacementFailed + reason;

        if (acceptance.FindUnspentDust(transactions) is { } wasteful)
        {
            Fail(wasteful, new Rejection("missing-ephemeral-spends"));
            return "unspent-dust";
        }

        foreach (var candidate in candidates)
        {
            if (MempoolAcceptance.CheckScripts(candidate) is { } failed)
                return Fail(candidate.Transaction, failed);
        }

        pool.Remove(replaced);
        foreach (var candidate in candidates)
        {
            pool.Add(candidate.ToEntry(now));
            verdicts[candidate.Transaction.TxId] = new MempoolVerdict(candidate.Transaction.TxId, IsAccepted: true, null, candidate.Fee);
        }

        return PackageShape.Success;
    }

    /// <summary>Why a parent and its child may not replace others together, or null.</summary>
    private static string? CheckReplacement(List<Candidate> candidates, HashSet<PoolEntry> replaced, Satoshis fee, long size)
    {
        if (candidates.Count != 2)
            return "package must be 1-parent-1-child";
        if (candidates.Exists(static candidate => candidate.Ancestors.Count > 0))
            return "new transaction cannot have mempool ancestors";
        if (replaced.Count > ReplacementPolicy.ReplacedMax)
            return "too many potential replacements";

        var replacedFees = replaced.Aggregate(Satoshis.Zero, static (sum, entry) => sum + entry.Fee);
        if (fee < replacedFees || fee - replacedFees < MempoolLimits.Policy.IncrementalFeerate.FeeFor(size))
            return "insufficient anti-DoS fees";
        if (FeeratePerKvB.Of(fee, size) <= candidates[0].Feerate)
            return "package feerate is less than or equal to parent feerate";

        var direct = candidates.SelectMany(static candidate => candidate.Conflicts).ToHashSet();
        if (direct.Any(static entry => !IsInFamilyOfTwo(entry)))
            return "replaced transactions have more than one relative";

        var family = PoolEntry.Closure(direct, static entry => entry.Parents.Concat(entry.Children));
        var package = new FeerateDiagram.Chunk(fee, size);
        var remaining = family.Where(entry => !replaced.Contains(entry)).Select(static entry => new FeerateDiagram.Chunk(entry.Fee, entry.VirtualSize));
        return FeerateDiagram.Improves([package, .. remaining], family.Where(static entry => entry.Parents.Count == 0).SelectMany(Chunks))
            ? null
            : "insufficient feerate: does not improve feerate diagram";
    }

    /// <summary>One parent and one child at most, who have no other relatives.</summary>
    private static bool IsInFamilyOfTwo(PoolEntry entry) =>
        PoolEntry.Closure([entry], static one => one.Parents.Concat(one.Children)).Count <= 2;

    private static IEnumerable<FeerateDiagram.Chunk> Chunks(PoolEntry root) =>
        root.Children.Count == 0 ? [new FeerateDiagram.Chunk(root.Fee, root.VirtualSize)] : FeerateDiagram.ChunksOf(root, root.Children.Single());
}
