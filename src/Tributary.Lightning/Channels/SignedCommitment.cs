using Tributary.Lightning.Commitments;
using Tributary.Lightning.Wire;

namespace Tributary.Lightning.Channels;

/// <summary>A commitment of ours with all that the peer signed for it: what it takes to go on chain.</summary>
/// <param name="State">What the commitment says.</param>
/// <param name="Signature">The peer's, on the commitment transaction.</param>
/// <param name="HtlcSignatures">The peer's, on our HTLC transactions, in the order of the outputs.</param>
public sealed record SignedCommitment(CommitmentState State, CompactSignature Signature, IReadOnlyList<CompactSignature> HtlcSignatures);
