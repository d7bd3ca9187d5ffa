using Tributary.Bitcoin.Transactions;
using Tributary.Lightning.Messages;

namespace Tributary.Lightning.Channels;

// What becomes of a channel whose rules are broken, by the peer or by fate.
public sealed partial class Channel
{
    private const int ReasonMax = 1_000;

    /// <summary>
    /// Fails the channel from our side: the monitor broadcasts our commitment. In a channel that is stale the peer is asked to close. Where the peer has
    /// not agreed with our state since the start, nothing is published before it has.
    /// </summary>
    /// <param name="reason">What the peer and the operator are told.</param>
    /// <param name="isInsisted">Publishes although the peer has not agreed: should the state be an old one, the peer may take everything.</param>
    public ChannelStep ForceClose(string reason, bool isInsisted = false)
    {
        var step = new ChannelStep();
        reason = reason.Length > ReasonMax ? reason[..ReasonMax] : reason;
        if (State.Stage == ChannelStage.Opening)
            Refuse(step, reason);
        else if (State.Stage == ChannelStage.Stale)
            FailPeer(step, State.Ending ?? reason);
        else if (isInsisted)
            Publish(step, reason);
        else
            Fail(step, reason);
        TellUsable(step);
        return step;
    }

    /// <summary>A transaction that spends the funding is in the chain, or was: the channel is the monitor's from now on.</summary>
    public ChannelStep FundingSpent(TxId by)
    {
        var step = new ChannelStep();
        if (State.Stage is ChannelStage.AwaitingReady or ChannelStage.Open or ChannelStage.Closing)
            ApplyFailed(step, new ChannelRecord.Failed($"the funding was spent by {by}", Broadcasts: false));
        TellUsable(step);
        return step;
    }

    /// <summary>The state was restored from a copy, of whatever age: our commitment never goes out again, and the peer is asked to close.</summary>
    public ChannelStep MarkStale(string reason)
    {
        var step = new ChannelStep();
        reason = reason.Length > ReasonMax ? reason[..ReasonMax] : reason;
        if (State.Stage == ChannelStage.Opening)
            Forget(step, reason);
        else if (State.Stage is not (ChannelStage.Forgotten or ChannelStage.Stale))
            Apply(step, new ChannelRecord.MarkedStale(reason));
        TellUsable(step);
        return step;
    }

    /// <summary>After a restart, once the whole log is read: what may have been lost of the effects.</summary>
    public ChannelStep Resume()
    {
        var step = new ChannelStep();
        if (State.Stage == ChannelStage.Opening)
            Forget(step, "the program stopped before the channel was funded");
        if (State.Stage == ChannelStage.Forgotten)
            return step;

        step.Add(new ChannelEffect.WatchFunding(RequireFunding(), FundingOutputScript(), State.Setup.FundingAmount));
        if (State.FundingTransaction is { } funding && State.Position is null && State.Stage != ChannelStage.Stale)
            step.Add(new ChannelEffect.BroadcastFunding(funding));
        foreach (var htlc in State.Offered)
        {
            if (htlc.Preimage is { } preimage)
                step.Add(new ChannelEffect.HtlcFulfilled(htlc.Id, htlc.PaymentHash, preimage));
        }

        foreach (var resolved in State.Resolved)
        {
            if (resolved.Outcome is HtlcOutcome.Fulfilled fulfilled)
                step.Add(new ChannelEffect.HtlcFulfilled(resolved.Id, resolved.PaymentHash, fulfilled.Preimage));
            step.Add(new ChannelEffect.HtlcResolved(resolved.Id, resolved.PaymentHash, resolved.Outcome));
        }

        if (IsFundingTrusted)
            TellCommitted(step);
        if (State is { Stage: ChannelStage.Closed, ClosingTransaction: { } closing })
            step.Add(new ChannelEffect.Closed(closing));
        if (State is { Stage: ChannelStage.Failed, Broadcasts: true })
            step.Add(new ChannelEffect.BroadcastCommitment(State.Ending ?? "the channel failed"));
        return step;
    }

    private void TellCommitted(ChannelStep step)
    {
        foreach (var htlc in State.Received)
        {
            if (htlc is { Added: UpdateStage.Irrevocable, Removed: UpdateStage.None })
                step.Add(new ChannelEffect.HtlcCommitted(htlc.AsIncoming()));
        }
    }

    // BOLT 1: an error fails the channel. As the side that does not fund we may forget one whose funding nobody has seen (BOLT 2), but an opener
    // that has lost its state sends an error too: its money is in the funding, and our commitment is the only one left that may go out.
    private void HandleError(ChannelStep step, Error error)
    {
        var reason = $"the peer sent an error: {ChannelErrors.Show(error.Data)}";
        switch (State.Stage)
        {
            case ChannelStage.Opening:
                Forget(step, reason);
                break;
            case ChannelStage.AwaitingReady or ChannelStage.Open or ChannelStage.Closing when !IsConfirmed:
                // Nothing hurries: who sends an error closes as well. What it has not agreed to, it could punish.
                Withhold(step, reason);
                break;
            case ChannelStage.AwaitingReady or ChannelStage.Open or ChannelStage.Closing:
                ApplyFailed(step, new ChannelRecord.Failed(reason, Broadcasts: true));
                step.Add(new ChannelEffect.BroadcastCommitment(reason));
                break;
            default:
                break;
        }

        TellUsable(step);
    }

    // A rule is broken that costs nothing: what was not committed is dropped with the connection, and everything committed stands.
    private void Warn(ChannelStep step, string text)
    {
        _session.IsBroken = true;
        step.Add(new ChannelEffect.FailPeer(ChannelErrors.Warning(Id, text), Disconnect: true));
    }

    // The channel cannot go on: the peer is told, and our commitment goes out, if the peer has shown that it is the latest. A peer that says
    // something impossible of our state may want nothing else than to see an old one published.
    private void Fail(ChannelStep step, string reason)
    {
        if (State.Stage is not (ChannelStage.AwaitingReady or ChannelStage.Open or ChannelStage.Closing))
            return;
        if (IsConfirmed)
        {
            Publish(step, reason);
            return;
        }

        FailPeer(step, reason);
        Withhold(step, reason);
    }

    private void Withhold(ChannelStep step, string reason)
    {
        _withheld = reason;
        step.Add(new ChannelEffect.CommitmentWithheld(reason));
    }

    private void Publish(ChannelStep step, string reason)
    {
        if (State.Stage is not (ChannelStage.AwaitingReady or ChannelStage.Open or ChannelStage.Closing))
            return;
        ApplyFailed(step, new ChannelRecord.Failed(reason, Broadcasts: true));
        FailPeer(step, reason);
        step.Add(new ChannelEffect.BroadcastCommitment(reason));
    }

    // Offers that were never signed for end with the channel; all others are the monitor's.
    private void ApplyFailed(ChannelStep step, ChannelRecord.Failed record)
    {
        var unsigned = State.OursPending.FindAll(static update => update.Kind == UpdateKind.Add);
        Apply(step, record);
        foreach (var update in unsigned)
        {
            if (State.FindResolved(update.Id) is { } resolved)
                step.Add(new ChannelEffect.HtlcResolved(resolved.Id, resolved.PaymentHash, resolved.Outcome));
        }
    }

    private void FailPeer(ChannelStep step, string text)
    {
        if (_session.IsConnected)
            step.Add(new ChannelEffect.FailPeer(ChannelErrors.Error(Id, text), Disconnect: false));
    }

    private void Forget(ChannelStep step, string reason)
    {
        Apply(step, new ChannelRecord.Forgotten(reason));
        step.Add(new ChannelEffect.Forgotten(reason));
    }

    private bool RequireOperating(ChannelStep step, LightningMessage message)
    {
        if (_session.IsUp && State.IsLocalReady && State.IsRemoteReady && State.Stage is ChannelStage.Open or ChannelStage.Closing)
            return true;
        Warn(step, $"{message.Type} is not expected now");
        return false;
    }
}
