using Tributary.Bitcoin.Transactions;
using Tributary.Lightning.Channels;
using Tributary.Lightning.Node.Journal;
using Tributary.Lightning.Node.Loop;
using Tributary.Lightning.Node.Reports;
using Tributary.Lightning.OnChain;
using Tributary.Lightning.Payments;
using Tributary.Lightning.Peers;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Results;

namespace Tributary.Lightning.Node.Desks;

/// <content>Effects of channels and monitors.</content>
internal sealed partial class ChannelDesk
{
    private void Carry(Turn turn, ChannelEntry entry, ChannelEffect effect)
    {
        switch (effect)
        {
            case ChannelEffect.Send send when entry.Connection is { } connection:
                turn.Send(connection, send.Message);
                break;
            case ChannelEffect.Send:
                break;
            case ChannelEffect.FailPeer fail when entry.Connection is { } connection:
                turn.Afterwards(() =>
                {
                    connection.Send(fail.Message);
                    if (fail.Disconnect)
                        connection.Close(new PeerClosure(PeerClosureKind.Protocol, "a channel's rule was broken"));
                });
                break;
            case ChannelEffect.FailPeer:
                break;
            case ChannelEffect.NeedsFunding needs:
                turn.Afterwards(() => core.Work(token => BuildFundingAsync(entry, needs, token)));
                break;
            case ChannelEffect.BroadcastFunding funding:
                turn.Afterwards(() => core.Work(token => BroadcastFundingAsync(entry, funding.Transaction, token)));
                break;
            case ChannelEffect.WatchFunding:
                Watch(entry);
                ChainDesk.ReserveChanged();
                Backups.Changed(turn);
                break;
            case ChannelEffect.Opened:
                if (!core.State.Events.Any(one => one.Kind == NodeEventKind.ChannelOpened && one.Subject == entry.Channel.Id.Value))
                    core.Raise(turn, NodeEventKind.ChannelOpened, entry.Channel.Id.Value, entry.Channel.State.Setup.FundingAmount.ToMilliSatoshis(), null, $"A channel with {entry.Peer} is open.");
                break;
            case ChannelEffect.Usable:
                turn.Follow(() => Payments.Tick(turn));
                break;
            case ChannelEffect.Unusable:
                break;
            case ChannelEffect.HtlcCommitted committed:
                turn.Follow(() => Payments.HtlcCommitted(turn, entry, committed.Htlc));
                break;
            case ChannelEffect.HtlcFulfilled fulfilled:
                turn.Follow(() => Payments.HtlcFulfilled(turn, new HtlcKey(entry.Channel.Id, fulfilled.Id), fulfilled.Preimage));
                break;
            case ChannelEffect.HtlcResolved resolved:
                turn.Follow(() =>
                {
                    Payments.HtlcResolved(turn, new HtlcKey(entry.Channel.Id, resolved.Id), resolved.Outcome);

                    // Payment and channel are in one batch: neither is ahead of the other after a crash.
                    if (_channels.ContainsKey(entry.KeyId))
                        Run(turn, entry, entry.Channel.Acknowledge(resolved.Id));
                });
                break;
            case ChannelEffect.BroadcastCommitment broadcast:
                turn.Follow(() =>
                {
                    // A funding that nobody broadcasts must not tie up coins for fees: nothing can follow it into a block.
                    Watch(entry);
                    if (entry.Monitor is { } monitor && core.State.Fundings.ContainsKey(entry.KeyId))
                        Run(turn, entry, monitor.Handle(new MonitorInput.BroadcastCommitment(broadcast.Reason), core.ChainNow));
                });
                Backups.Changed(turn);
                core.Raise(turn, NodeEventKind.ChannelClosed, entry.Channel.Id.Value, MilliSatoshis.Zero, null, $"A channel is closed by force: {broadcast.Reason}");
                break;
            case ChannelEffect.CommitmentWithheld withheld:
                Withhold(turn, entry, withheld.Reason);
                break;
            case ChannelEffect.Closed closed:
                turn.Afterwards(() => core.Work(token => ChainDesk.BroadcastAsync(closed.Transaction, token)));
                Backups.Changed(turn);
                core.Raise(turn, NodeEventKind.ChannelClosed, entry.Channel.Id.Value, MilliSatoshis.Zero, null, $"A channel is closed together with its peer, by transaction {closed.Transaction.TxId}.");
                break;
            case ChannelEffect.Forgotten forgotten:
                Forget(turn, entry, forgotten.Reason);
                break;
            default:
                throw new InvalidOperationException($"Nobody carries out {effect.GetType().Name}.");
        }
    }

    /// <summary>Carries out what a monitor decided.</summary>
    internal void Run(Turn turn, ChannelEntry entry, MonitorStep step)
    {
        foreach (var record in step.Records)
            turn.Record(EntryKind.Claims, entry.KeyId, ClaimRecordCodec.Encode(record));
        foreach (var effect in step.Effects)
            Carry(turn, entry, effect);
    }

    private void Carry(Turn turn, ChannelEntry entry, MonitorEffect effect)
    {
        var id = entry.Channel.Id;
        switch (effect)
        {
            case MonitorEffect.PreimageLearnt learnt:
                foreach (var htlc in entry.Channel.State.Offered.Where(htlc => htlc.PaymentHash == learnt.PaymentHash).ToArray())
                    turn.Follow(() => Payments.HtlcFulfilled(turn, new HtlcKey(id, htlc.Id), learnt.Preimage));
                break;
            case MonitorEffect.BreachFound breach:
                core.Raise(turn, NodeEventKind.Alarm, id.Value, MilliSatoshis.Zero, null, $"{entry.Peer} has published state {breach.CommitmentNumber} of a channel, which it had revoked ({breach.TxId}): all of its money there is being taken.");
                break;
            case MonitorEffect.HtlcResolvedOnChain resolved:
                turn.Follow(() => Payments.HtlcResolvedOnChain(turn, new HtlcKey(id, resolved.Id), resolved));
                break;
            case MonitorEffect.NeedsForceClose close when close.IsInsisted || entry.Channel.IsConfirmed:
                turn.Follow(() =>
                {
                    if (_channels.ContainsKey(entry.KeyId))
                        Run(turn, entry, entry.Channel.ForceClose(close.Reason, close.IsInsisted));
                });
                break;
            case MonitorEffect.NeedsForceClose close:
                // The peer may still settle it when it is back; before it was dialled nothing is worth an alarm.
                if (core.Dialled is not null)
                    Withhold(turn, entry, close.Reason);
                break;
            case MonitorEffect.Broadcast broadcast:
                turn.Afterwards(() => core.Work(token => ChainDesk.BroadcastAsync(broadcast.Package, token)));
                break;
            case MonitorEffect.NeedsCoins needs:
                OutPoint[] held = [.. entry.Monitor!.Coins.Where(granted => granted.Purpose == needs.Purpose).SelectMany(static granted => granted.Coins).Select(static coin => coin.OutPoint)];
                turn.Afterwards(() => core.Work(token => SupplyCoinsAsync(entry, needs, held, token)));
                break;
            case MonitorEffect.ReleaseCoins release:
                turn.Afterwards(() => core.Work(token => core.Wallet.ReleaseFeesAsync(release.Purpose, token)));
                break;
            case MonitorEffect.Watch:
                // A channel that is on chain gets every block whole: see ChainDesk.
                break;
            case MonitorEffect.Alarm alarm:
                core.Raise(turn, NodeEventKind.Alarm, id.Value, MilliSatoshis.Zero, null, alarm.Text);
                break;
            case MonitorEffect.Done:
                turn.Follow(() => Remove(turn, entry));
                ChainDesk.ReserveChanged();
                break;
            default:
                throw new InvalidOperationException($"Nobody carries out {effect.GetType().Name}.");
        }
    }

    private void Withhold(Turn turn, ChannelEntry entry, string reason)
    {
        // Once for each reason, however often the peer or the chain brings it up.
        if (string.Equals(entry.WithheldTold, reason, StringComparison.Ordinal))
            return;
        entry.WithheldTold = reason;
        core.Raise(
            turn,
            NodeEventKind.Alarm,
            entry.Channel.Id.Value,
            MilliSatoshis.Zero,
            null,
            $"A channel with {entry.Peer} should be closed by force and is not: {reason}. {UnconfirmedText.Why} It goes on chain when the peer has agreed, or by 'close --force'{UnconfirmedText.From(core)}.");
    }

    private void Forget(Turn turn, ChannelEntry entry, string reason)
    {
        var name = entry.KeyId.ToString();
        var opening = entry.Opening;
        turn.Afterwards(() =>
        {
            core.Work(token => core.Wallet.ReleaseFundingAsync(name, token));
            opening?.TrySetResult(new Refusal("peer", reason));
        });
        turn.Follow(() => Remove(turn, entry));
    }

    private async Task BuildFundingAsync(ChannelEntry entry, ChannelEffect.NeedsFunding needs, CancellationToken cancellationToken)
    {
        var built = await core.Wallet.BuildFundingAsync(entry.KeyId.ToString(), needs.Script, needs.Amount, needs.Feerate, cancellationToken);
        core.Loop.Post(turn =>
        {
            if (!_channels.ContainsKey(entry.KeyId))
                return;
            if (!built.TryGet(out var transaction, out var refusal))
            {
                entry.Opening?.TrySetResult(refusal);
                Run(turn, entry, entry.Channel.FundingFailed(refusal.ToString()));
            }
            else if (entry.Channel.FundingBuilt(transaction).TryGet(out var step, out refusal))
            {
                Run(turn, entry, step);
            }
            else
            {
                entry.Opening?.TrySetResult(refusal);
                Run(turn, entry, entry.Channel.FundingFailed(refusal.ToString()));
            }
        });
    }

    /// <summary>Offers a funding to the network: when it is signed, at each start, and with each block until it is in one.</summary>
    internal async Task BroadcastFundingAsync(ChannelEntry entry, Transaction transaction, CancellationToken cancellationToken)
    {
        // Before there is money in the channel there is a file that brings it back.
        await Backups.CoverAsync();
        var refusal = await core.Wallet.BroadcastFundingAsync(entry.KeyId.ToString(), transaction, cancellationToken);
        var funding = entry.Funding;
        if (refusal is null && funding is { } outPoint)
            entry.Opening?.TrySetResult(new ChannelOpening(Wire.ChannelId.Of(outPoint), outPoint));
        else
            entry.Opening?.TrySetResult(refusal ?? new Refusal("channel", "has no funding"));
        core.Loop.Post(turn =>
        {
            var isKnown = refusal is null || refusal.Equals(entry.FundingRefused);
            entry.FundingRefused = refusal;
            if (isKnown || Find(entry.KeyId) is null)
                return;
            core.Raise(
                turn, NodeEventKind.Alarm, entry.Channel.Id.Value, MilliSatoshis.Zero, null, $"The funding of a channel is not taken by the network: {refusal}. It is offered again with each block; if its coins were spent elsewhere, close the channel.");
        });
    }

    private async Task SupplyCoinsAsync(ChannelEntry entry, MonitorEffect.NeedsCoins needs, IReadOnlyCollection<OutPoint> held, CancellationToken cancellationToken)
    {
        var (coins, change) = await core.Wallet.LeaseForFeesAsync(needs.Purpose, needs.Amount, needs.Feerate, held, cancellationToken);
        core.Loop.Post(turn =>
        {
            if (!_channels.ContainsKey(entry.KeyId) || entry.Monitor is not { IsDone: false } monitor)
            {
                // What came too late goes back.
                turn.Afterwards(() => core.Work(token => core.Wallet.ReleaseFeesAsync(needs.Purpose, token)));
                return;
            }

            Run(turn, entry, monitor.Handle(new MonitorInput.CoinsSupplied(needs.Purpose, coins, change), core.ChainNow));
            if (coins.Count > 0)
                turn.Afterwards(() => ChainDesk.LookForClose(entry));
        });
    }
}
