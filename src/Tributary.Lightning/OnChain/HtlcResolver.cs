using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.OnChain;

/// <summary>
/// How HTLCs end on chain (BOLT 5). What the peer fulfils is known as soon as it shows the preimage. Failed is one that we offered only when
/// nothing can fulfil it any more: its output is back with us, or the commitment that confirmed has none for it, and that is deep.
/// </summary>
internal sealed class HtlcResolver(MonitorTurn turn, Close close)
{
    internal void Run(IReadOnlyList<LiveHtlc> live)
    {
        foreach (var htlc in live)
        {
            if (turn.State.Resolved.ContainsKey((htlc.IsOffered, htlc.Htlc.Id)) || Find(htlc) is not { } found)
                continue;
            var resolved = new ClaimRecord.HtlcResolved(htlc.IsOffered, htlc.Htlc.Id, htlc.Htlc.PaymentHash, found.Outcome, found.Preimage);
            turn.Record(resolved);
            Emit(turn, resolved);
        }
    }

    internal static void Emit(MonitorTurn turn, ClaimRecord.HtlcResolved resolved) => turn.Emit(new MonitorEffect.HtlcResolvedOnChain(
        resolved.IsOffered, resolved.Id, resolved.PaymentHash, resolved.Outcome, resolved.Preimage));

    private bool IsDeep(int height) => turn.Depth(height) >= turn.Settings.ActionDepth;

    private (ChainOutcome Outcome, Bytes32? Preimage)? Find(in LiveHtlc live)
    {
        if (!close.IsUnderstood)
            return FindWithoutState(live);
        var output = FindOutput(live);
        if (output is null)
            return IsDeep(close.Height) ? (turn.Claims.IsStale ? ChainOutcome.Unknown : ChainOutcome.Failed, null) : null;
        if (!turn.State.TryGetSpend(output.OutPoint, out var spend))
            return live.IsOffered && IsGivenUp(output) ? (turn.Claims.IsStale ? ChainOutcome.Unknown : ChainOutcome.Failed, null) : null;
        var isByPreimage = PreimageSearch.TryFind(spend.Transaction, spend.Input, live.Htlc.PaymentHash, out var preimage);
        if (isByPreimage && live.IsOffered)
            return (ChainOutcome.Fulfilled, preimage);
        return IsDeep(spend.Height) ? (isByPreimage ? ChainOutcome.Fulfilled : ChainOutcome.Failed, null) : null;
    }

    // Little more than dust, in the peer's commitment: it costs more to take back than it holds, so that nobody ever may. Long after its expiry it
    // counts as dust does, or its payment would never end.
    private bool IsGivenUp(TrackedOutput output) => output.Kind == OutputKind.OfferedInPeers
        && turn.Height >= output.Htlc!.Value.CltvExpiry + (long)turn.Settings.DoneDepth
        && ClaimableOutputs.Find(output, turn.Claims.LocalContract, turn.Claims.RemoteContract, turn.Height, turn.TryGetPreimage) is { } claimable
        && !new SweepBuilder(turn.Keys, turn.Settings.SweepScript).IsEconomic(claimable, close);

    // A commitment that we cannot read: a preimage in what spends from it still tells, and silence until well after the expiry says nothing.
    private (ChainOutcome Outcome, Bytes32? Preimage)? FindWithoutState(in LiveHtlc live)
    {
        for (var i = 0; live.IsOffered && i < close.Transaction.OutputCount; i++)
        {
            if (turn.State.TryGetSpend(close.Transaction.OutPointOf(i), out var spend)
                && PreimageSearch.TryFind(spend.Transaction, spend.Input, live.Htlc.PaymentHash, out var preimage))
            {
                return (ChainOutcome.Fulfilled, preimage);
            }
        }

        return IsDeep(close.Height) && turn.Height >= live.Htlc.CltvExpiry + (long)ClaimMargins.ClaimBlocks ? (ChainOutcome.Unknown, null) : null;
    }

    private TrackedOutput? FindOutput(in LiveHtlc live)
    {
        foreach (var output in close.Outputs)
        {
            if (output.Htlc is { } htlc && htlc.Id == live.Htlc.Id && output.IsOfferedByUs(close.Kind) == live.IsOffered)
                return output;
        }

        return null;
    }
}
