using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Lightning.Commitments;

namespace Tributary.Lightning.OnChain;

/// <summary>A confirmed output in which we have money, or may have.</summary>
/// <param name="OutPoint">Which.</param>
/// <param name="Output">Amount and script.</param>
/// <param name="Kind">What we can do with it.</param>
/// <param name="WitnessScript">What its script is the hash of; empty for P2WPKH.</param>
/// <param name="ConfirmedAt">The height of its block.</param>
/// <param name="Htlc">The HTLC, as the broadcaster sees it; null for others.</param>
/// <param name="HtlcPlace">For an HTLC in our commitment: its place among those with outputs, as our signatures have it.</param>
internal sealed record TrackedOutput(
    OutPoint OutPoint, TxOut Output, OutputKind Kind, Script WitnessScript, int ConfirmedAt, CommittedHtlc? Htlc = null, int HtlcPlace = -1)
{
    /// <summary>Did we offer the HTLC?</summary>
    internal bool IsOfferedByUs(CloseKind close) => Htlc is { } htlc && htlc.IsOffered == (close == CloseKind.Ours);
}
