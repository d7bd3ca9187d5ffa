using Tributary.Bitcoin.Transactions;
using Tributary.Lightning.Commitments;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.OnChain;

/// <summary>Which unspent outputs can be taken now, and until when (BOLT 5).</summary>
internal static class ClaimableOutputs
{
    internal delegate bool FindPreimage(Bytes32 paymentHash, out Bytes32 preimage);

    /// <summary>The way to take an output in the next block; null when there is none yet, or without the preimage never.</summary>
    internal static Claimable? Find(TrackedOutput output, CommitmentContract local, CommitmentContract remote, int height, FindPreimage findPreimage)
    {
        var hasAnchors = remote.Format.HasAnchors();
        var next = height + 1;
        switch (output.Kind)
        {
            case OutputKind.ToRemote:
                return new Claimable(output, null, hasAnchors ? 1 : TxIn.Replaceable, 0, null, IsHardDeadline: false, IsContested: false);
            case OutputKind.Delayed:
                return next >= output.ConfirmedAt + local.ToSelfDelay
                    ? new Claimable(output, null, local.ToSelfDelay, 0, null, IsHardDeadline: false, IsContested: false)
                    : null;
            case OutputKind.RevokedDelayed:
                {
                    var deadline = output.ConfirmedAt + remote.ToSelfDelay - 1;
                    return new Claimable(output, null, TxIn.Replaceable, 0, deadline, IsHardDeadline: true, IsContested: height >= deadline);
                }

            case OutputKind.RevokedHtlc:
                {
                    // Should the peer's second stage come first, its output is ours for as long again.
                    var isContested = !output.Htlc!.Value.IsOffered || height >= output.Htlc.Value.CltvExpiry;
                    return new Claimable(output, null, TxIn.Replaceable, 0, output.ConfirmedAt + remote.ToSelfDelay - 1, IsHardDeadline: true, isContested);
                }

            case OutputKind.OfferedInOurs or OutputKind.OfferedInPeers:
                {
                    // The peer may show the preimage at any time. Then the payment is made and the money is its own.
                    var expiry = (int)Math.Min(output.Htlc!.Value.CltvExpiry, int.MaxValue / 2);
                    return height >= expiry
                        ? new Claimable(output, null, hasAnchors ? 1 : TxIn.Replaceable, (uint)expiry, expiry + ClaimMargins.ClaimBlocks, IsHardDeadline: false, IsContested: true)
                        : null;
                }

            default:
                {
                    var expiry = (int)Math.Min(output.Htlc!.Value.CltvExpiry, int.MaxValue / 2);
                    return findPreimage(output.Htlc.Value.PaymentHash, out var preimage)
                        ? new Claimable(output, preimage, hasAnchors ? 1 : TxIn.Replaceable, 0, expiry, IsHardDeadline: true, IsContested: height >= expiry)
                        : null;
                }
        }
    }
}
