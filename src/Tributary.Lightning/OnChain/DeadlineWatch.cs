using Tributary.Lightning.Channels;
using Tributary.Lightning.Commitments;
using Tributary.Primitives.Amounts;
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
        foreach (var (contract, state, isOurs) in Commitments(claims))
        {
            if (Find(claims, contract, state, isOurs, height) is { } reason)
                return reason;
        }

        return null;
    }

    /// <summary>
    /// The reason to close by force although the peer has not agreed with our state since the start; null for none. An old state costs the whole
    /// channel, so only money that is lost otherwise counts: HTLCs whose preimage we have, before they expire and not after (what expired while the
    /// node was away is what an old state is full of), if they are worth it, and when the peer has had time to come back. An offered HTLC is no
    /// reason: nobody waits for it but our own payment.
    /// </summary>
    /// <param name="claims">The channel.</param>
    /// <param name="height">The tip.</param>
    /// <param name="dialledAt">The height at which peers were first dialled; null before.</param>
    public static string? FindUnconfirmedReason(IChannelClaims claims, int height, int? dialledAt)
    {
        if (claims.Local is not { } local || dialledAt is not { } since)
            return null;
        var atStake = MilliSatoshis.Zero;
        var seen = new HashSet<ulong>();
        uint? first = null;
        foreach (var (contract, state, isOurs) in Commitments(claims))
        {
            foreach (var htlc in state.Htlcs)
            {
                if (htlc.IsOffered == isOurs || height + ClaimMargins.UnconfirmedClaimBlocks < htlc.CltvExpiry || height >= htlc.CltvExpiry)
                    continue;
                if (CommitmentFees.IsTrimmed(contract.Format, state.Feerate, contract.DustLimit, htlc) || !claims.TryGetPreimage(htlc.PaymentHash, out Bytes32 _) || !seen.Add(htlc.Id))
                    continue;
                atStake += htlc.Amount;
                first = first < htlc.CltvExpiry ? first : htlc.CltvExpiry;
            }
        }

        var hasTime = height <= since && first > height + ClaimMargins.SecondStageBlocks + 1;
        if (first is not { } expiry || hasTime || atStake.Value < local.State.ToBroadcaster.Value / ClaimMargins.UnconfirmedShare)
            return null;
        return $"HTLCs of {atStake.FloorToSatoshis().Value} sat, whose preimages we have, expire from height {expiry} on, and the peer has not been heard of since the start";
    }

    private static IEnumerable<(CommitmentContract Contract, CommitmentState State, bool IsOurs)> Commitments(IChannelClaims claims)
    {
        if (claims.Local is { } local)
            yield return (claims.LocalContract, local.State, true);
        if (claims.Remote is { } remote)
            yield return (claims.RemoteContract, remote, false);
        if (claims.NextRemote is { } next)
            yield return (claims.RemoteContract, next, false);
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
