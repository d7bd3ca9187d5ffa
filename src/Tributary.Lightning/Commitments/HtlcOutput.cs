using Tributary.Bitcoin.Scripts;

namespace Tributary.Lightning.Commitments;

/// <summary>An HTLC that has an output.</summary>
/// <param name="Index">The output's place in the commitment transaction.</param>
/// <param name="Htlc">The HTLC.</param>
/// <param name="WitnessScript">The script that the output pays the hash of.</param>
public sealed record HtlcOutput(int Index, CommittedHtlc Htlc, Script WitnessScript);
