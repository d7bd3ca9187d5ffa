using Tributary.Lightning.Commitments;
using Tributary.Lightning.Messages;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Results;

namespace Tributary.Lightning.Channels;

/// <summary>Whether an update fits: counts, amounts in flight, reserve, fees and dust exposure (BOLT 2, "Adding an HTLC" and "Updating Fees").</summary>
internal static class ChannelLimits
{
    // Beyond it an expiry would be read as a time (BOLT 2).
    private const uint ExpiryMax = 500_000_000;

    /// <summary>Why we cannot offer an HTLC; null when we can.</summary>
    internal static Refusal? CheckOffer(
        ChannelState state, CommitmentProjection nextLocal, ChannelPolicy policy, HtlcOffer offer, uint height)
    {
        if (offer.Onion.Length != UpdateAddHtlc.OnionLength)
            return new Refusal("onion", $"takes {UpdateAddHtlc.OnionLength} bytes");
        if (offer.CltvExpiry >= ExpiryMax || offer.CltvExpiry <= height)
            return new Refusal("cltv_expiry", $"{offer.CltvExpiry} is not after block {height}");
        if (offer.CltvExpiry > height + policy.ExpiryDeltaMax)
            return new Refusal("cltv_expiry", $"{offer.CltvExpiry} is more than {policy.ExpiryDeltaMax} blocks away");
        if (offer.Amount <= MilliSatoshis.Zero || offer.Amount < state.Remote.HtlcMinimum)
            return new Refusal("amount", $"{offer.Amount} is less than the peer takes: {state.Remote.HtlcMinimum}");
        if (state.NextRemote.OfferedCount >= Math.Min((int)state.Remote.MaxAcceptedHtlcs, ChannelPolicy.HtlcsMax))
            return new Refusal("htlcs", $"the peer takes no more than {state.Remote.MaxAcceptedHtlcs} at a time");
        if (state.NextRemote.OfferedTotal > state.Remote.MaxHtlcValueInFlight
            || offer.Amount > state.Remote.MaxHtlcValueInFlight - state.NextRemote.OfferedTotal)
        {
            return new Refusal("amount", $"with it more than {state.Remote.MaxHtlcValueInFlight} would be under way");
        }

        var spendable = SpendableNow(state, nextLocal);
        if (offer.Amount > spendable)
            return new Refusal("amount", $"{offer.Amount} is more than can be sent now: {Max(spendable, MilliSatoshis.Zero)}");
        if (!state.Setup.IsOpener && !PeerBearsFee(state, nextLocal, offer.Amount))
            return new Refusal("amount", "the peer, which funded the channel, could not pay the fee of one more HTLC");
        return CheckDust(state, offer.Amount);
    }

    /// <summary>The largest HTLC that the balance carries: without the reserve and, as opener, the fee at twice the feerate for one more (BOLT 2, "fee spike buffer").</summary>
    internal static MilliSatoshis SpendableNow(ChannelState state, CommitmentProjection nextLocal)
    {
        var left = state.NextRemote.Ours - state.Remote.ChannelReserve.ToMilliSatoshis();
        return state.Setup.IsOpener
            ? left - Cost(state, Doubled(MaxFeerate(state.NextRemote, nextLocal)), Math.Max(state.NextRemote.Untrimmed, nextLocal.Untrimmed) + 2)
            : left;
    }

    /// <summary>What the peer could send us, by what we know.</summary>
    internal static MilliSatoshis Receivable(ChannelState state, CommitmentProjection nextLocal)
    {
        var left = nextLocal.Theirs - state.Setup.Local.ChannelReserve.ToMilliSatoshis();
        if (!state.Setup.IsOpener)
            left -= Cost(state, Doubled(nextLocal.Feerate), Math.Max(state.NextRemote.Untrimmed, nextLocal.Untrimmed) + 2);
        var inFlight = state.Setup.Local.MaxHtlcValueInFlight - nextLocal.ReceivedTotal;
        if (nextLocal.ReceivedCount >= state.Setup.Local.MaxAcceptedHtlcs)
            return MilliSatoshis.Zero;
        return Max(MilliSatoshis.Zero, left < inFlight ? left : inFlight);
    }

    /// <summary>The largest HTLC that can be offered, other limits included.</summary>
    internal static MilliSatoshis Sendable(ChannelState state, CommitmentProjection nextLocal)
    {
        if (state.NextRemote.OfferedCount >= state.Remote.MaxAcceptedHtlcs)
            return MilliSatoshis.Zero;
        var left = SpendableNow(state, nextLocal);
        var inFlight = state.Remote.MaxHtlcValueInFlight - state.NextRemote.OfferedTotal;
        var sendable = Max(MilliSatoshis.Zero, left < inFlight ? left : inFlight);
        return sendable < state.Remote.HtlcMinimum ? MilliSatoshis.Zero : sendable;
    }

    /// <summary>What is wrong with an HTLC that the peer offers; null for nothing.</summary>
    internal static string? CheckAdd(ChannelState state, CommitmentProjection nextLocal, UpdateAddHtlc add)
    {
        var ours = state.Setup.Local;
        if (add.Amount <= MilliSatoshis.Zero || add.Amount < ours.HtlcMinimum)
            return $"amount_msat {add.Amount} is below htlc_minimum_msat {ours.HtlcMinimum}";
        if (add.CltvExpiry >= ExpiryMax)
            return $"cltv_expiry {add.CltvExpiry} is no block height";
        if (nextLocal.ReceivedCount >= ours.MaxAcceptedHtlcs)
            return $"more than max_accepted_htlcs {ours.MaxAcceptedHtlcs}";
        if (add.Amount > ours.MaxHtlcValueInFlight - nextLocal.ReceivedTotal)
            return $"more than max_htlc_value_in_flight_msat {ours.MaxHtlcValueInFlight}";

        var left = nextLocal.Theirs - add.Amount - ours.ChannelReserve.ToMilliSatoshis();
        if (!state.Setup.IsOpener)
        {
            var trimmed = state.LocalRules.IsTrimmed(isOurs: false, add.Amount, nextLocal.Feerate);
            left -= Cost(state, nextLocal.Feerate, nextLocal.Untrimmed + (trimmed ? 0 : 1));
        }

        return left < MilliSatoshis.Zero ? $"amount_msat {add.Amount} is more than the sender has above its reserve and fees" : null;
    }

    /// <summary>Why we cannot change the feerate as opener; null when we can.</summary>
    internal static Refusal? CheckFee(ChannelState state, CommitmentProjection nextLocal, FeeratePerKw feerate)
    {
        var untrimmed = Math.Max(state.NextRemote.Untrimmed, nextLocal.Untrimmed);
        var left = state.NextRemote.Ours - state.Remote.ChannelReserve.ToMilliSatoshis() - Cost(state, feerate, untrimmed + 1);
        if (left < MilliSatoshis.Zero)
            return new Refusal("feerate", $"{feerate} is more than our balance can pay");
        if (state.Format == CommitmentFormat.AnchorsZeroFeeHtlc)
            return null;

        var dust = Max(
            state.Recount(state.NextRemote, feerate, isLocal: false).Dust, state.Recount(state.NextLocal, feerate, isLocal: true).Dust);
        return dust > state.Setup.DustExposureMax ? new Refusal("feerate", $"{feerate} would leave {dust} in HTLCs without outputs") : null;
    }

    /// <summary>Cannot the peer, which funded the channel, pay the fee that it announced?</summary>
    internal static bool IsFeeUnpaid(ChannelState state, CommitmentProjection nextLocal) =>
        !state.Setup.IsOpener && nextLocal.Theirs < Cost(state, nextLocal.Feerate, nextLocal.Untrimmed);

    // Dust of both directions in either commitment, whatever its stage. Only dust pays for the pass over the HTLCs.
    private static Refusal? CheckDust(ChannelState state, MilliSatoshis amount)
    {
        foreach (var (rules, feerate) in new[] { (state.LocalRules, state.NextLocal.Feerate), (state.RemoteRules, state.NextRemote.Feerate) })
        {
            if (!rules.IsDust(isOurs: true, amount, feerate))
                continue;
            var dust = amount;
            foreach (var htlc in state.Offered)
                dust += rules.IsDust(isOurs: true, htlc.Amount, feerate) ? htlc.Amount : MilliSatoshis.Zero;
            foreach (var htlc in state.Received)
                dust += rules.IsDust(isOurs: false, htlc.Amount, feerate) ? htlc.Amount : MilliSatoshis.Zero;
            if (dust > state.Setup.DustExposureMax)
                return new Refusal("amount", $"with it {dust} would be in HTLCs without outputs, which a unilateral close gives to miners");
        }

        return null;
    }

    private static bool PeerBearsFee(ChannelState state, CommitmentProjection nextLocal, MilliSatoshis amount)
    {
        if (state.RemoteRules.IsTrimmed(isOurs: true, amount, state.NextRemote.Feerate) && state.LocalRules.IsTrimmed(isOurs: true, amount, nextLocal.Feerate))
            return true;
        var balance = state.NextRemote.Theirs < nextLocal.Theirs ? state.NextRemote.Theirs : nextLocal.Theirs;
        var untrimmed = Math.Max(state.NextRemote.Untrimmed, nextLocal.Untrimmed) + 1;
        return balance - Cost(state, MaxFeerate(state.NextRemote, nextLocal), untrimmed) >= state.Setup.Local.ChannelReserve.ToMilliSatoshis();
    }

    private static MilliSatoshis Cost(ChannelState state, FeeratePerKw feerate, int untrimmed) =>
        (CommitmentFees.CommitmentFee(state.Format, feerate, untrimmed) + CommitmentFees.AnchorsCost(state.Format)).ToMilliSatoshis();

    private static FeeratePerKw Doubled(FeeratePerKw feerate) => new(Math.Min(feerate.Value * 2, int.MaxValue / 4));

    private static FeeratePerKw MaxFeerate(CommitmentProjection first, CommitmentProjection second) =>
        first.Feerate > second.Feerate ? first.Feerate : second.Feerate;

    private static MilliSatoshis Max(MilliSatoshis first, MilliSatoshis second) => first > second ? first : second;
}
