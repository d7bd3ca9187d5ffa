using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.OnChain;

/// <summary>Transactions whose fee comes from the wallet: asks for coins, builds, replaces.</summary>
internal sealed class FundedPlanner(MonitorTurn turn)
{
    // Before the wallet names its change script: a script of this length (P2TR) is weighed.
    private static readonly Script s_changeStandIn = new(new byte[34]);

    /// <summary>The transaction that should be out for this purpose; null while there are no coins for it.</summary>
    /// <param name="purpose">The output of ours that it spends.</param>
    /// <param name="claim">What it does.</param>
    /// <param name="blocksLeft">Until its deadline.</param>
    /// <param name="feeMax">From what is at stake.</param>
    /// <param name="isNew">It has just been made.</param>
    internal ClaimTransaction? Plan(OutPoint purpose, FundedClaim claim, int? blocksLeft, Satoshis feeMax, out bool isNew)
    {
        isNew = false;
        var open = turn.OpenClaim(purpose);
        var wanted = FeePolicy.Target(turn.Now.Fees, blocksLeft);
        if (open is not null)
        {
            var feerate = CombinedFeerate(claim, open.Claim);
            if (!FeePolicy.IsDue(feerate, wanted, blocksLeft, turn.Height - open.Height))
                return open.Claim;
            wanted = FeePolicy.Escalated(feerate, wanted);
        }

        var granted = turn.State.Coins.GetValueOrDefault(purpose);
        var coins = granted?.Coins ?? [];
        var feeMin = turn.FeeMin([purpose]);
        AskFor(purpose, claim, coins, granted?.ChangeScript, wanted, feeMin, feeMax);
        if (granted is null || claim.Build(coins, granted.ChangeScript, wanted, turn.FeerateFloor, feeMin, feeMax) is not { } built)
            return open?.Claim;
        isNew = true;
        return turn.Make(built, [purpose], open?.FirstHeight ?? turn.Height).Claim;
    }

    private static FeeratePerKw CombinedFeerate(FundedClaim claim, ClaimTransaction open) =>
        new(Math.Min((claim.ParentFee + open.Fee).Value * 1000 / (claim.ParentWeight + open.Weight), int.MaxValue / 4));

    private void AskFor(
        OutPoint purpose, FundedClaim claim, IReadOnlyList<FeeCoin> coins, Script? changeScript, FeeratePerKw wanted, Func<long, Satoshis> feeMin, Satoshis feeMax)
    {
        if (!turn.AsksForCoins)
            return;
        var script = changeScript ?? s_changeStandIn;
        var weight = claim.Weigh(coins, script);
        var fee = claim.FeeAt(wanted, weight);
        if (feeMin(weight) is var least && least > fee)
            fee = least;
        if (fee > feeMax)
            fee = feeMax;
        var changeMin = FeePolicy.DustLimit(new TxOut(Satoshis.Zero, script));

        // As much again, so that the first replacements need not wait for the wallet.
        if (claim.Missing(fee, coins, wanted, changeMin) > Satoshis.Zero)
            turn.Emit(new MonitorEffect.NeedsCoins(purpose, claim.Missing(fee, coins, wanted, changeMin) + fee, wanted));
    }
}
