namespace Tributary.Bitcoin.Chain;

/// <summary>What a mempool says to a package.</summary>
/// <param name="IsAccepted">Every transaction of the package is in the mempool.</param>
/// <param name="Reason">"success", or why the package as a whole was refused.</param>
/// <param name="Transactions">A verdict per transaction, in the package's order.</param>
public sealed record PackageVerdict(bool IsAccepted, string Reason, IReadOnlyList<MempoolVerdict> Transactions);
