using Tributary.Lightning.Channels;
using Tributary.Lightning.Commitments;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.OnChain;

/// <summary>
/// When a channel has to go on chain because an HTLC runs out (BOLT 2, "cltv_expiry_delta Selection"; BOLT 5). Heights alone decide: no
/// feerate, however wrong, closes a channel.
/// </summary>
public static class DeadlineWatch
{
    /// <summary>The reason to close by force now; null for none.</summary>
    /// <param name="claims">The channel.</param>
    /// <param name="height">The tip.</param>
    public static string? FindReason(IChannelClaims claims, int height)
    {
        if (claims.Local is { } local && Find(claims, claims.LocalContract, local.State, isOurs: true, height) is { } inOurs)
            return inOurs;
        foreach (var state in new[] { claims.Remote, claims.NextRemote })
        {
            if (state is not null && Find(claims, claims.RemoteContract, state, isOurs: false, height) is { } inPeers)
                return inPeers;
        }

        return null;
    }

    private static string? Find(IChannelClaims claims, CommitmentContract contract, CommitmentState state, bool isOurs, int height)
    {
        foreach (var htlc in state.Htlcs)
        {
            var isTrimmed = CommitmentFees.IsTrimmed(contract.Format, state.Feerate, contract.DustLimit, htlc);
            if (htlc.IsOffered == isOurs)
            {
                var grace = isTrimmed ? ClaimMargins.DustGraceBlocks : ClaimMargins.GraceBlocks;
                if (height >= htlc.CltvExpiry + (long)grace)
                    return $"HTLC {htlc.Id}, which we offered, expired at height {htlc.CltvExpiry} and was not removed";
            }
            else if (!isTrimmed && height + ClaimMargins.ClaimBlocks >= htlc.CltvExpiry && claims.TryGetPreimage(htlc.PaymentHash, out Bytes32 _))
            {
                return $"HTLC {htlc.Id}, whose preimage we have, expires at height {htlc.CltvExpiry} and was not settled";
            }
        }

        return null;
    }
}
