using Tributary.Bitcoin.Policy;
using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Amounts;

namespace Tributary.Bitcoin.Chain.Embedded.Pool;

/// <summary>
/// Says what may enter the mempool, in the order and the words of Bitcoin Core 29: standardness, fees, families, TRUC, replacement,
/// ephemeral dust, scripts. Changes nothing but by <see cref="Submit"/> and its kin.
/// </summary>
internal sealed class MempoolAcceptance(BlockTree tree, Mempool pool)
{
    /// <summary>How often all entries are looked at for their age.</summary>
    private const long ExpiryIntervalSeconds = 60;

    private readonly MempoolFloor _floor = new(MempoolLimits.Policy.IncrementalFeerate);
    private long _expiredAt;

    private static PolicyLimits Limits => MempoolLimits.Policy;

    /// <summary>The feerate below which the mempool takes nothing now.</summary>
    internal FeeratePerKvB MinimumAt(long now)
    {
        var floor = _floor.At(now, pool.VirtualSize < MempoolLimits.VirtualBytesMax / 2);
        return floor > Limits.MinRelayFeerate ? floor : Limits.MinRelayFeerate;
    }

    /// <summary>Judges a transaction without taking it in.</summary>
    internal Rejection? Test(Transaction transaction, AdmissionContext context, long now, out Candidate candidate)
    {
        candidate = new Candidate(transaction);
        return Check(candidate, context, now, packageOutputs: null)
            ?? CheckDustIsSpent([transaction])
            ?? CheckReplacement(candidate)
            ?? CheckScripts(candidate);
    }

    /// <summary>Takes a transaction in, or says why not.</summary>
    internal Rejection? Submit(Transaction transaction, AdmissionContext context, long now, out Candidate candidate)
    {
        if (Test(transaction, context, now, out candidate) is { } rejection)
            return rejection;
        Replace(candidate.Conflicts);
        pool.Add(candidate.ToEntry(now));
        if (context.IsFromBlock)
            return null;
        Trim(now);
        return pool.Contains(transaction.TxId) ? null : new Rejection("mempool full", MayPassInPackage: true);
    }

    /// <summary>Everything that is cheap to check: all but replacement, dust and scripts.</summary>
    /// <param name="candidate">The transaction; what is found out is written into it.</param>
    /// <param name="context">How it comes.</param>
    /// <param name="now">Seconds since 1970.</param>
    /// <param name="packageOutputs">Transactions before it in its package.</param>
    internal Rejection? Check(Candidate candidate, AdmissionContext context, long now, IReadOnlyDictionary<TxId, Transaction>? packageOutputs)
    {
        var transaction = candidate.Transaction;
        var tip = tree.Tip;
        var height = tip.Height + 1;
        if (StandardPolicy.CheckAlone(transaction, height, tip.MedianTimePast, Limits) is { } alone)
            return new Rejection(alone);
        if (pool.TryGet(transaction.TxId, out var same))
            return new Rejection(same.Transaction.WtxId == transaction.WtxId ? "txn-already-in-mempool" : "txn-same-nonwitness-data-in-mempool");
        for (var i = 0; i < transaction.InputCount; i++)
        {
            if (pool.SpenderOf(transaction.PreviousOutput(i)) is { } conflict)
                candidate.Conflicts.Add(conflict);
        }

        if (FindSpent(candidate, packageOutputs) is { } missing)
            return missing;
        if (StandardPolicy.CheckUpToFee(transaction, candidate.Spent, height, tip.MedianTimePast, out var fee, out var virtualSize, Limits) is { } reason)
            return new Rejection(reason);
        candidate.Fee = fee;
        candidate.VirtualSize = virtualSize;
        return (context.IsFromBlock ? null : CheckFee(candidate, context, now))
            ?? CheckFamily(candidate, context)
            ?? CheckTruc(candidate, context);
    }

    /// <summary>Does the package, or what it spends in the mempool, leave dust behind?</summary>
    internal Rejection? CheckDustIsSpent(IReadOnlyList<Transaction> package) => FindUnspentDust(package) is null ? null : new Rejection("missing-ephemeral-spends");

    /// <summary>The transaction that leaves dust behind, or null.</summary>
    internal Transaction? FindUnspentDust(IReadOnlyList<Transaction> package) =>
        Dust.FindMissingSpend(package, Limits.DustFeerate, id => pool.TryGet(id, out var entry) ? entry.Transaction : null);

    internal static Rejection? CheckScripts(Candidate candidate) =>
        StandardPolicy.CheckScripts(candidate.Transaction, candidate.Spent) is { } reason ? new Rejection(reason) : null;

    /// <summary>Fees together, against what the mempool takes now.</summary>
    internal Rejection? CheckTotalFee(Satoshis fee, long virtualSize, long now)
    {
        var floor = _floor.At(now, pool.VirtualSize < MempoolLimits.VirtualBytesMax / 2);
        if (fee < floor.FeeFor(virtualSize))
            return new Rejection("mempool min fee not met", MayPassInPackage: true);
        return fee < Limits.MinRelayFeerate.FeeFor(virtualSize) ? new Rejection("min relay fee not met", MayPassInPackage: true) : null;
    }

    /// <summary>Removes what a replacement throws out, with all that depends on it.</summary>
    internal void Replace(IEnumerable<PoolEntry> conflicts) =>
        pool.Remove(PoolEntry.Closure(conflicts, static entry => entry.Children));

    /// <summary>Throws out what waited too long and, while the mempool is too full, what pays least.</summary>
    internal void Trim(long now)
    {
        if (now - _expiredAt >= ExpiryIntervalSeconds)
            Expire(now);
        while (pool.VirtualSize > MempoolLimits.VirtualBytesMax)
        {
            var (worst, feerate) = pool.Entries.Select(static entry => (entry, Score(entry))).MinBy(static scored => scored.Item2);
            pool.RemoveWithDescendants(worst);
            _floor.Raise(feerate, now);
        }
    }

    private void Expire(long now)
    {
        _expiredAt = now;
        foreach (var expired in pool.Entries.Where(entry => now - entry.EnteredAt > MempoolLimits.ExpirySeconds).ToList())
        {
            if (pool.Contains(expired.TxId))
                pool.RemoveWithDescendants(expired);
        }
    }

    internal void BlockCame(long now) => _floor.BlockCame(now);

    /// <summary>What would be lost with the entry: its own feerate, or its family's where its descendants pay for it.</summary>
    private static FeeratePerKvB Score(PoolEntry entry)
    {
        var family = PackagePolicy.FeerateOf(entry.Descendants().Append(entry).Select(static one => (one.Fee, one.VirtualSize)));
        return family > entry.Feerate ? family : entry.Feerate;
    }

    private Rejection? FindSpent(Candidate candidate, IReadOnlyDictionary<TxId, Transaction>? packageOutputs)
    {
        var transaction = candidate.Transaction;
        candidate.Spent = new SpentOutput[transaction.InputCount];
        for (var i = 0; i < candidate.Spent.Length; i++)
        {
            var outPoint = transaction.PreviousOutput(i);
            if (tree.Coins.TryGet(outPoint, out candidate.Spent[i]))
                continue;
            // An output without a block is taken to enter the next one.
            if (!pool.TryGetOutput(outPoint, out var output) && !TryGetOutput(packageOutputs, outPoint, out output))
                return tree.Coins.HasOutputOf(transaction) ? new Rejection("txn-already-known") : new Rejection(Rejection.MissingInputs, MayPassInPackage: true);
            candidate.Spent[i] = new SpentOutput(output, tree.Tip.Height + 1, IsCoinbase: false, tree.Tip.MedianTimePast);
        }

        return null;
    }

    private static bool TryGetOutput(IReadOnlyDictionary<TxId, Transaction>? transactions, OutPoint outPoint, out TxOut output)
    {
        output = default;
        if (transactions is null || !transactions.TryGetValue(outPoint.TxId, out var transaction) || outPoint.Index >= transaction.OutputCount)
            return false;
        output = transaction.Output((int)outPoint.Index);
        return true;
    }

    private Rejection? CheckFee(Candidate candidate, AdmissionContext context, long now)
    {
        // A package lifts only version 3 above the relay minimum: elsewhere nothing holds the child that pays to its parent.
        if (candidate.Transaction.Version != TrucPolicy.Version && StandardPolicy.CheckFee(candidate.Fee, candidate.VirtualSize, Limits) is { } reason)
            return new Rejection(reason);
        return context.PaysInPackage ? null : CheckTotalFee(candidate.Fee, candidate.VirtualSize, now);
    }

    private Rejection? CheckFamily(Candidate candidate, AdmissionContext context)
    {
        candidate.Parents = pool.ParentsOf(candidate.Transaction);
        candidate.Ancestors = PoolEntry.Closure(candidate.Parents, static entry => entry.Parents);
        var limits = FamilyLimits.Default;

        // A replacement of one transaction takes its place: it is not counted on top of it.
        if (candidate.Conflicts.Count == 1 && context.AllowsCarveOut)
        {
            var replaced = candidate.Conflicts.Single();
            var size = replaced.VirtualSize + replaced.Descendants().Sum(static entry => (long)entry.VirtualSize);
            limits = limits with { DescendantCount = limits.DescendantCount + 1, DescendantSize = limits.DescendantSize + size };
        }

        if (limits.Allow(1, candidate.VirtualSize, candidate.Ancestors))
            return null;

        // Carve-out: one small child more, of a parent without ancestors, so that neither party of a contract can block the other's.
        var carveOut = limits with
        {
            AncestorCount = 2,
            DescendantCount = limits.DescendantCount + 1,
            DescendantSize = limits.DescendantSize + MempoolLimits.CarveOutVirtualBytesMax,
        };
        var isCarvedOut = context.AllowsCarveOut
            && candidate.VirtualSize <= MempoolLimits.CarveOutVirtualBytesMax
            && candidate.Transaction.Version != TrucPolicy.Version
            && carveOut.Allow(1, candidate.VirtualSize, candidate.Ancestors);
        return isCarvedOut ? null : new Rejection("too-long-mempool-chain");
    }

    private Rejection? CheckTruc(Candidate candidate, AdmissionContext context)
    {
        // All ancestors, not the parents alone: a reorganisation may have mixed versions further up.
        var conflictIds = candidate.Conflicts.Select(static entry => entry.TxId).ToHashSet();
        var ancestors = candidate.Ancestors.Select(static entry => entry.ToUnconfirmed()).ToList();
        if (!context.IsFromBlock && TrucPolicy.Check(candidate.Transaction, candidate.VirtualSize, ancestors, conflictIds) is { } violation)
        {
            if (!context.AllowsSiblingEviction || violation.EvictableSibling is not { } sibling || !pool.TryGet(sibling.Transaction.TxId, out var evicted))
                return new Rejection(TrucViolation.Reason);
            candidate.Conflicts.Add(evicted);
            candidate.EvictsSibling = true;
        }

        return candidate.Ancestors.Overlaps(candidate.Conflicts) ? new Rejection("bad-txns-spends-conflicting-tx") : null;
    }

    private static Rejection? CheckReplacement(Candidate candidate)
    {
        if (candidate.Conflicts.Count == 0)
            return null;
        var ancestors = candidate.Ancestors.Select(static entry => entry.TxId).ToHashSet();
        var conflicts = candidate.Conflicts.Select(static entry => entry.ToUnconfirmed()).ToList();
        var reason = ReplacementPolicy.Check(candidate.Fee, candidate.VirtualSize, conflicts, ancestors, Limits);

        // Between the feerates and the fees stands BIP 125's second rule.
        var outbids = candidate.Conflicts.All(conflict => candidate.Feerate > conflict.Feerate);
        if (reason is null or "insufficient fee" && outbids && AddsUnconfirmed(candidate))
            reason = "replacement-adds-unconfirmed";
        if (reason is null)
            return null;
        return new Rejection(candidate.EvictsSibling ? $"{reason} (including sibling eviction)" : reason, MayPassInPackage: reason is "insufficient fee");
    }

    /// <summary>Does the replacement spend from a transaction of the mempool that nothing it replaces spent from?</summary>
    private static bool AddsUnconfirmed(Candidate candidate)
    {
        var known = new HashSet<TxId>();
        foreach (var replaced in PoolEntry.Closure(candidate.Conflicts, static entry => entry.Children))
        {
            for (var i = 0; i < replaced.Transaction.InputCount; i++)
                known.Add(replaced.Transaction.PreviousOutput(i).TxId);
        }

        return candidate.Parents.Any(parent => !known.Contains(parent.TxId));
    }
}
