using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Amounts;

namespace Tributary.Bitcoin.Policy;

/// <summary>
/// When a transaction may replace others in the mempool that spend the same outputs (BIP 125 without its signal: every transaction can be
/// replaced): it pays a higher feerate than each direct conflict, more than all that goes, and for its own relay. Reasons are Bitcoin
/// Core's.
/// </summary>
public static class ReplacementPolicy
{
    /// <summary>Transactions that one replacement may throw out.</summary>
    public const int ReplacedMax = 100;

    /// <summary>Null when the replacement is allowed.</summary>
    /// <param name="fee">What the replacement pays.</param>
    /// <param name="virtualSize">Its size.</param>
    /// <param name="conflicts">The transactions in the mempool that spend what it spends; they go with all their descendants.</param>
    /// <param name="ancestors">Its own unconfirmed ancestors, none of which may be among those.</param>
    /// <param name="limits">The node's limits; null for the defaults.</param>
    public static string? Check(
        Satoshis fee, int virtualSize, IReadOnlyList<UnconfirmedTransaction> conflicts, IReadOnlySet<TxId> ancestors, PolicyLimits? limits = null)
    {
        limits ??= PolicyLimits.Default;
        if (conflicts.Any(conflict => ancestors.Contains(conflict.Transaction.TxId)))
            return "bad-txns-spends-conflicting-tx";
        foreach (var conflict in conflicts)
        {
            if (FeeratePerKvB.Of(fee, virtualSize) <= FeeratePerKvB.Of(conflict.Fee, conflict.VirtualSize))
                return "insufficient fee";
        }

        var replaced = new Dictionary<TxId, UnconfirmedTransaction>();
        foreach (var gone in conflicts.SelectMany(static conflict => conflict.Descendants.Prepend(conflict)))
            replaced[gone.Transaction.TxId] = gone;
        if (replaced.Count > ReplacedMax)
            return "too many potential replacements";

        var replacedFees = replaced.Values.Aggregate(Satoshis.Zero, static (sum, gone) => sum + gone.Fee);
        return fee < replacedFees || fee - replacedFees < limits.IncrementalFeerate.FeeFor(virtualSize) ? "insufficient fee" : null;
    }
}
