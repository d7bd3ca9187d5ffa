using Tributary.Lightning.Commitments;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.OnChain;

/// <summary>
/// HTLC-success and HTLC-timeout transactions of our own commitment. With anchors they carry no fee, which coins of the wallet then pay;
/// without, they carry one that both sides signed, and go out as they are.
/// </summary>
internal sealed class SecondStagePlanner(MonitorTurn turn, Close close)
{
    private readonly FundedPlanner _funded = new(turn);

    internal void Run(IReadOnlyList<Claimable> ready)
    {
        foreach (var claimable in ready)
        {
            var output = close.Commitment!.Htlcs[claimable.Output.HtlcPlace];
            var transaction = HtlcTransaction.Build(close.Commitment, output);
            var bySigner = close.Signed!.HtlcSignatures[claimable.Output.HtlcPlace];
            if (turn.HasAnchors)
                PlanFunded(claimable, transaction, bySigner);
            else
                PlanAsSigned(claimable, transaction, bySigner);
        }
    }

    private void PlanFunded(Claimable claimable, HtlcTransaction htlc, CompactSignature byPeer)
    {
        var claim = new FundedClaim(
            htlc.Unsigned.Input(0),
            htlc.Spent.Value,
            htlc.Unsigned.Output(0),
            htlc.Unsigned.LockTime,
            extended => htlc.Witness(
                extended is null ? OutputWitness.Longest : turn.Keys.SignHtlcTransaction(htlc, extended), byPeer, claimable.Preimage),
            ParentWeight: 0,
            Satoshis.Zero);
        var blocksLeft = claimable.BlocksLeft(turn.Height);
        var built = _funded.Plan(claimable.OutPoint, claim, blocksLeft, FeePolicy.FeeMax(htlc.Spent.Value, claimable.Deadline - turn.Height), out var isNew);
        if (built is not null && (isNew || turn.Repeats))
            turn.EmitBroadcast(built, claimable.Deadline);
    }

    private void PlanAsSigned(Claimable claimable, HtlcTransaction htlc, CompactSignature byPeer)
    {
        if (turn.OpenClaim(claimable.OutPoint) is { } open)
        {
            if (turn.Repeats)
                turn.EmitBroadcast(open.Claim, claimable.Deadline);
            return;
        }

        var signed = htlc.Sign(turn.Keys.SignHtlcTransaction(htlc), byPeer, claimable.Preimage);
        var claim = new ClaimTransaction(signed, [], htlc.Spent.Value - htlc.Unsigned.OutputValue(0), signed.Weight);
        turn.Make(claim, [claimable.OutPoint], turn.Height);
        turn.EmitBroadcast(claim, claimable.Deadline);
    }
}
