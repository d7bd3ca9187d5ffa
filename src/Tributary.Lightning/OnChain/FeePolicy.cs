using Tributary.Bitcoin.Policy;
using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.OnChain;

/// <summary>What claims pay. Pure functions: fees rise as blocks run out, and never beyond a share of what would be lost.</summary>
public static class FeePolicy
{
    /// <summary>The least that any node relays: 1 sat/vB, and BOLT 3's minimum.</summary>
    public static FeeratePerKw Floor => new(253);

    /// <summary>What a replacement pays on top for its own weight (BIP 125, rule 4): 1 sat/vB, which nodes of all versions take.</summary>
    public static FeeratePerKw Increment => new(250);

    /// <summary>The feerate for a claim.</summary>
    /// <param name="fees">Estimates.</param>
    /// <param name="blocksLeft">Until somebody else may take the output; null when nobody can.</param>
    public static FeeratePerKw Target(FeeEstimates fees, int? blocksLeft)
    {
        var wanted = blocksLeft switch
        {
            null or > ClaimMargins.ClaimBlocks => fees.Economy.Value,
            > ClaimMargins.UrgentBlocks => fees.Normal.Value,
            > 3 => fees.NextBlock.Value,
            > 1 => fees.NextBlock.Value * 3 / 2,
            _ => fees.NextBlock.Value * 2,
        };
        return Bounded(Math.Max(wanted, Least(fees).Value));
    }

    /// <summary>Below this a transaction is not even relayed.</summary>
    public static FeeratePerKw Least(FeeEstimates fees) => fees.MempoolMinimum > Floor ? fees.MempoolMinimum : Floor;

    /// <summary>The feerate of the next replacement when a claim does not confirm: a quarter more, or what the estimates have risen to.</summary>
    public static FeeratePerKw Escalated(FeeratePerKw last, FeeratePerKw target)
    {
        var raised = Bounded(last.Value + Math.Max(last.Value / 4, Increment.Value));
        return raised > target ? raised : target;
    }

    /// <summary>Is it time to replace a claim that is out?</summary>
    /// <param name="last">Its feerate.</param>
    /// <param name="target">What <see cref="Target"/> says now.</param>
    /// <param name="blocksLeft">Until somebody else may take the output.</param>
    /// <param name="blocksWaited">Since it was made.</param>
    public static bool IsDue(FeeratePerKw last, FeeratePerKw target, int? blocksLeft, int blocksWaited) => blocksWaited > 0
        && (target.Value >= last.Value + (last.Value / 4)
            || blocksLeft <= ClaimMargins.UrgentBlocks
            || blocksWaited >= ClaimMargins.PatienceBlocks);

    /// <summary>
    /// The most that a claim may pay: half of what is at stake, and nine tenths in the last blocks, when the rest goes to somebody else
    /// otherwise. A wild estimate therefore costs at most that. Past a deadline that costs nothing it is nine tenths too: an HTLC that is little
    /// more than dust would never end otherwise.
    /// </summary>
    /// <param name="atStake">What would be lost.</param>
    /// <param name="blocksLeft">Until the deadline; zero and below when it has passed, null where there is none.</param>
    public static Satoshis FeeMax(Satoshis atStake, int? blocksLeft) =>
        new(blocksLeft <= 3 ? atStake.Value - (atStake.Value / 10) : atStake.Value / 2);

    /// <summary>Would an output, claimed alone at the floor, leave something that may be sent? What would not is no reason to keep watching.</summary>
    public static bool IsEconomic(Satoshis amount, long weight, in TxOut destination) =>
        amount - Floor.FeeForWeight(weight) >= DustLimit(destination);

    /// <summary>The least that an output may hold.</summary>
    internal static Satoshis DustLimit(in TxOut output) => Dust.Threshold(output, PolicyLimits.Default.DustFeerate);

    private static FeeratePerKw Bounded(long satoshis) => new(Math.Min(satoshis, int.MaxValue / 4));
}
