using Tributary.Bitcoin.Transactions;
using Tributary.Lightning.Commitments;
using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.OnChain;

/// <summary>
/// Puts our commitment on chain: alone while its own fee does, else with a child that spends our anchor and pays for both. What it may cost
/// depends on the HTLCs that wait behind it.
/// </summary>
internal sealed class CommitmentPublisher(MonitorTurn turn)
{
    internal void Run()
    {
        if (turn.Claims.Local is not { } local || turn.State.Released is not { } released)
            return;
        var contract = turn.Claims.LocalContract;
        var commitment = CommitmentTransaction.Build(contract, local.State);
        var signed = commitment.Sign(turn.Keys.SignCommitment(commitment), local.Signature);
        var parent = new ClaimTransaction(signed, [], commitment.Fee, signed.Weight);
        var (atStake, deadline) = CommitmentUrgency.Find(turn, commitment, isOurs: true);
        var blocksLeft = deadline - turn.Height;
        if (blocksLeft is null && turn.Height - released.Height >= ClaimMargins.PatienceBlocks)
            blocksLeft = ClaimMargins.ClaimBlocks;

        var isNew = false;
        ClaimTransaction? child = null;
        if (commitment.BroadcasterAnchorIndex >= 0)
        {
            var anchor = signed.OutPointOf(commitment.BroadcasterAnchorIndex);
            // What has waited long pays too little, whatever the estimates say.
            var isSlow = parent.Feerate < FeePolicy.Target(turn.Now.Fees, blocksLeft) || turn.Height - released.Height >= ClaimMargins.PatienceBlocks;
            if (isSlow || turn.OpenClaim(anchor) is not null)
            {
                var balance = commitment.ToBroadcasterIndex < 0 ? Satoshis.Zero : signed.OutputValue(commitment.ToBroadcasterIndex);
                var feeMax = FeePolicy.FeeMax(atStake, blocksLeft) + new Satoshis(balance.Value / CommitmentUrgency.BalanceShare);
                child = new FundedPlanner(turn).Plan(anchor, ChildOf(parent, anchor, commitment), blocksLeft, feeMax, out isNew);
            }
        }

        if (!isNew && !turn.Repeats)
            return;
        var fee = parent.Fee + (child?.Fee ?? Satoshis.Zero);
        var weight = parent.Weight + (child?.Weight ?? 0);
        turn.Emit(new MonitorEffect.Broadcast(
            child is null ? [parent] : [parent, child], new FeeratePerKw(Math.Min(fee.Value * 1000 / weight, int.MaxValue / 4)), deadline));
    }

    /// <summary>The outpoint of our anchor in the commitment that may go out.</summary>
    internal OutPoint? FindAnchor()
    {
        if (turn.Claims.Local is not { } local)
            return null;
        var commitment = CommitmentTransaction.Build(turn.Claims.LocalContract, local.State);
        return commitment.BroadcasterAnchorIndex < 0 ? null : commitment.Unsigned.OutPointOf(commitment.BroadcasterAnchorIndex);
    }

    private FundedClaim ChildOf(ClaimTransaction parent, OutPoint anchor, CommitmentTransaction commitment)
    {
        var script = CommitmentScripts.Anchor(commitment.Contract.BroadcasterFundingKey);
        return new FundedClaim(
            new TxIn(anchor),
            CommitmentFees.AnchorAmount,
            Output: null,
            LockTime: 0,
            child => CommitmentWitness.Anchor(child is null ? OutputWitness.Longest : turn.Keys.SignAnchor(child, 0), script),
            parent.Weight,
            parent.Fee);
    }
}
