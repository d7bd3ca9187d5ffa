using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Lightning.Commitments;
using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.OnChain;

/// <summary>
/// Pays for a commitment of the peer's that waits in the mempool, by a child that spends our anchor on it. Our own commitment goes out against it
/// at the same time; where the peer's has so many descendants that it can't be replaced, this is what gets the channel into a block. Only where
/// our money depends on it: HTLCs run out, we want the channel closed, or the state is stale and the peer's is the only close there is.
/// </summary>
internal sealed class PeerCommitmentPusher(MonitorTurn turn)
{
    /// <summary>Looks at what spends the funding in the mempool.</summary>
    internal void Run(Transaction close)
    {
        if (!turn.HasAnchors)
            return;
        var script = CommitmentScripts.Anchor(turn.Keys.Basepoints.Funding);
        var commitment = Find(close.TxId);
        if (FindOutput(close, StandardScripts.P2wshOf(script)) is not { } index || (commitment is null && !turn.Claims.IsStale) || IsOurs(close.TxId))
            return;
        var (atStake, deadline) = commitment is null ? (Satoshis.Zero, null) : CommitmentUrgency.Find(turn, commitment, isOurs: false);
        if (atStake == Satoshis.Zero && turn.State.Released is null && !turn.Claims.IsStale)
            return;

        var blocksLeft = deadline - turn.Height;
        if (blocksLeft is null && turn.State.Released is { } released && turn.Height - released.Height >= ClaimMargins.PatienceBlocks)
            blocksLeft = ClaimMargins.ClaimBlocks;
        var fee = turn.Claims.LocalContract.FundingAmount - close.Outputs.Aggregate(Satoshis.Zero, static (sum, output) => sum + output.Value);
        var parent = new ClaimTransaction(close, [], fee, close.Weight);
        var anchor = close.OutPointOf(index);
        if (parent.Feerate >= FeePolicy.Target(turn.Now.Fees, blocksLeft) && turn.OpenClaim(anchor) is null)
            return;

        var claim = new FundedClaim(
            new TxIn(anchor),
            CommitmentFees.AnchorAmount,
            Output: null,
            LockTime: 0,
            child => CommitmentWitness.Anchor(child is null ? OutputWitness.Longest : turn.Keys.SignAnchor(child, 0), script),
            close.Weight,
            fee);
        var feeMax = FeePolicy.FeeMax(atStake, blocksLeft) + new Satoshis(Balance(close).Value / CommitmentUrgency.BalanceShare);
        if (new FundedPlanner(turn).Plan(anchor, claim, blocksLeft, feeMax, out _) is { } child)
            turn.EmitBroadcast(child, deadline);
    }

    private CommitmentTransaction? Find(TxId id)
    {
        foreach (var state in new[] { turn.Claims.Remote, turn.Claims.NextRemote })
        {
            if (state is not null && CommitmentTransaction.Build(turn.Claims.RemoteContract, state) is var commitment && commitment.Unsigned.TxId == id)
                return commitment;
        }

        return null;
    }

    private bool IsOurs(TxId id) => turn.Claims.Local is { } local && CommitmentTransaction.Build(turn.Claims.LocalContract, local.State).Unsigned.TxId == id;

    private Satoshis Balance(Transaction close) =>
        FindOutput(close, StandardScripts.P2wshOf(CommitmentScripts.ToRemoteWithAnchors(turn.Keys.Basepoints.Payment))) is { } index ? close.OutputValue(index) : Satoshis.Zero;

    private static int? FindOutput(Transaction close, Script script)
    {
        for (var i = 0; i < close.OutputCount; i++)
        {
            if (close.Output(i).ScriptPubKey == script)
                return i;
        }

        return null;
    }
}
