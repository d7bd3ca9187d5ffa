using Tributary.Bitcoin.Policy;
using Tributary.Bitcoin.Transactions;

namespace Tributary.Bitcoin.Chain;

/// <summary>What both sources ask of a package before they look at a mempool, so that both refuse a misshapen one in the same words.</summary>
internal static class PackageShape
{
    /// <summary>Bitcoin Core's word for a package that was taken.</summary>
    internal const string Success = "success";

    /// <summary>Bitcoin Core's word for a package of which a transaction was refused.</summary>
    internal const string TransactionFailed = "transaction failed";

    /// <summary>The reason at a transaction when another one's failure ended the work.</summary>
    internal const string NotJudged = "package-not-validated";

    /// <summary>A refusal, or null for parents followed by their child (or a single transaction).</summary>
    internal static PackageVerdict? Refuse(IReadOnlyList<Transaction> package)
    {
        var reason = package.Count == 0
            ? "package-empty"
            : PackagePolicy.CheckWellFormed(package) ?? (package.Count > 1 ? PackagePolicy.CheckChildWithParents(package) : null);
        return reason is null ? null : new PackageVerdict(IsAccepted: false, reason, AllRefused(package, NotJudged));
    }

    internal static IReadOnlyList<MempoolVerdict> AllRefused(IReadOnlyList<Transaction> package, string reason) =>
        [.. package.Select(transaction => new MempoolVerdict(transaction.TxId, IsAccepted: false, reason, null))];
}
