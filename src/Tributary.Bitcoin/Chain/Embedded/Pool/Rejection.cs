namespace Tributary.Bitcoin.Chain.Embedded.Pool;

/// <summary>Why a mempool does not take a transaction.</summary>
/// <param name="Reason">In Bitcoin Core's words.</param>
/// <param name="MayPassInPackage">A child that pays, or a parent that is there, would change it.</param>
internal sealed record Rejection(string Reason, bool MayPassInPackage = false)
{
    /// <summary>What consensus says to an input that is not there; <see cref="ToTestReason"/> tells what a test says.</summary>
    internal const string MissingInputs = "bad-txns-inputs-missingorspent";

    /// <summary>Bitcoin Core's <c>testmempoolaccept</c> has a shorter word for one reason.</summary>
    internal string ToTestReason() => Reason is MissingInputs ? "missing-inputs" : Reason;
}
