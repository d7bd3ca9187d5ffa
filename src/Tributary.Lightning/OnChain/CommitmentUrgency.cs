using Tributary.Lightning.Commitments;
using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.OnChain;

/// <summary>By when a commitment has to be in a block, and what is lost otherwise.</summary>
internal static class CommitmentUrgency
{
    /// <summary>A close in which nothing runs out may cost a twentieth of our balance: what waits is not lost.</summary>
    internal const int BalanceShare = 20;

    /// <summary>The HTLCs of ours that need this commitment in a block, and by when: what claims them comes after it.</summary>
    /// <param name="turn">What is known.</param>
    /// <param name="commitment">Ours, or the peer's.</param>
    /// <param name="isOurs">Which of the two.</param>
    internal static (Satoshis AtStake, int? Deadline) Find(MonitorTurn turn, CommitmentTransaction commitment, bool isOurs)
    {
        var atStake = Satoshis.Zero;
        int? first = null;
        foreach (var (index, htlc, _) in commitment.Htlcs)
        {
            var weOffered = htlc.IsOffered == isOurs;
            if (!weOffered && !turn.TryGetPreimage(htlc.PaymentHash, out _))
                continue;
            var expiry = (int)Math.Min(htlc.CltvExpiry, int.MaxValue / 2);
            var deadline = weOffered
                ? Math.Max(expiry + ClaimMargins.ClaimBlocks, turn.Height + ClaimMargins.UrgentBlocks + 1)
                : expiry - ClaimMargins.SecondStageBlocks;
            atStake += commitment.Unsigned.OutputValue(index);
            first = first < deadline ? first : deadline;
        }

        return (atStake, first);
    }
}
