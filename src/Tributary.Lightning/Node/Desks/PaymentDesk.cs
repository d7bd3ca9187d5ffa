using Tributary.Lightning.Channels;
using Tributary.Lightning.Node.Journal;
using Tributary.Lightning.Node.Loop;
using Tributary.Lightning.Node.Reports;
using Tributary.Lightning.OnChain;
using Tributary.Lightning.Payments;
using Tributary.Lightning.Routing;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;

namespace Tributary.Lightning.Node.Desks;

/// <summary>Payments out and in: between their machines and the channels. Runs in the loop.</summary>
internal sealed class PaymentDesk(NodeCore core, ChannelDesk channels, OutgoingPayments outgoing, IncomingPayments incoming)
{
    private readonly Dictionary<Bytes32, List<TaskCompletionSource<PaymentReport>>> _waiting = [];

    // Payments that are over, the one that has been so for longest first.
    private readonly Queue<(Bytes32 PaymentHash, bool IsOutgoing)> _over = new();

    // HTLCs that came while the chain was not known: looked at when it is.
    private readonly List<(Bytes32 KeyId, IncomingHtlc Htlc)> _unlooked = [];

    internal OutgoingPayments Outgoing => outgoing;

    internal IncomingPayments Incoming => incoming;

    /// <summary>Channels that a payment can leave by now.</summary>
    internal IReadOnlyList<FirstHop> FirstHops =>
    [
        .. channels.All.Where(static entry => entry.Channel.IsUsable).Select(static entry => new FirstHop(
            entry.Channel.Id, entry.Peer, entry.Channel.GetBalance().Sendable, entry.Channel.State.RemoteTerms?.HtlcMinimum ?? default)),
    ];

    private PaymentContext Context => new(core.NowMilliseconds, (uint)core.Height, FirstHops);

    // For inputs that make no attempt.
    private PaymentContext BareContext => new(core.NowMilliseconds, (uint)core.Height, []);

    /// <summary>After the log was replayed: takes note of what is over.</summary>
    internal void NoteFinished()
    {
        var outgoingOver = outgoing.Payments.Where(static payment => payment.Status != PaymentStatus.Pending)
            .Select(static payment => (payment.Order.PaymentHash, IsOutgoing: true, At: payment.EndedAt));
        var incomingOver = incoming.Invoices.Where(static invoice => invoice.Status is InvoiceStatus.Settled or InvoiceStatus.Cancelled)
            .Select(static invoice => (invoice.Sheet.PaymentHash, IsOutgoing: false, At: invoice.ChangedAt));
        foreach (var (hash, isOutgoing, _) in outgoingOver.Concat(incomingOver).OrderBy(static one => one.At))
            _over.Enqueue((hash, isOutgoing));
    }

    /// <summary>Begins a payment, or joins one of the same hash.</summary>
    internal Result<Task<PaymentReport>, Refusal> Pay(Turn turn, PaymentOrder order)
    {
        if (!core.IsSynced)
            return new Refusal("chain", "is not synced: 'status' says why; payments go out when it is");
        var context = Context;
        if (context.FirstHops.Count == 0)
            return new Refusal("channels", channels.All.Count == 0 ? "are none: open one with 'open', then pay" : "are none that can be used now: 'channels' says what they wait for");
        if (!outgoing.Pay(order, context).TryGet(out var step, out var refusal))
            return refusal;
        var done = new TaskCompletionSource<PaymentReport>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!_waiting.TryGetValue(order.PaymentHash, out var waiting))
            _waiting[order.PaymentHash] = waiting = [];
        waiting.Add(done);
        Run(turn, step);
        return done.Task;
    }

    /// <summary>The search for a payment's path is over.</summary>
    internal void Continue(Turn turn, Bytes32 paymentHash) => Run(turn, outgoing.Continue(paymentHash, Context));

    /// <summary>An HTLC that may be looked at now.</summary>
    internal void HtlcCommitted(Turn turn, ChannelEntry entry, IncomingHtlc htlc)
    {
        if (!core.IsSynced)
        {
            _unlooked.Add((entry.KeyId, htlc));
            return;
        }

        var received = new ReceivedHtlc(new HtlcKey(entry.Channel.Id, htlc.Id), htlc.Amount, htlc.PaymentHash, htlc.CltvExpiry, htlc.Onion, htlc.PathKey, htlc.ExceedsDustExposure);
        Run(turn, incoming.HtlcCommitted(received, core.Keys.Identity, core.NowMilliseconds, (uint)core.Height));
    }

    internal void HtlcFulfilled(Turn turn, HtlcKey key, Bytes32 preimage) => Run(turn, outgoing.HtlcFulfilled(key, preimage, BareContext));

    internal void HtlcResolved(Turn turn, HtlcKey key, Channels.HtlcOutcome outcome)
    {
        AttemptOutcome how = outcome switch
        {
            Channels.HtlcOutcome.Fulfilled fulfilled => new AttemptOutcome.Fulfilled(fulfilled.Preimage),

            // Never signed for: it ended with its channel, and nobody on the way had a word in it.
            Channels.HtlcOutcome.Failed { Reason.IsEmpty: true } => new AttemptOutcome.TakenBack(),
            Channels.HtlcOutcome.Failed failed => new AttemptOutcome.Failed(failed.Reason),
            Channels.HtlcOutcome.FailedMalformed malformed => new AttemptOutcome.FailedMalformed((Onions.FailureCode)malformed.FailureCode),
            _ => throw new InvalidOperationException($"Nobody knows {outcome.GetType().Name}."),
        };
        Run(turn, outgoing.HtlcResolved(key, how, outcome is Channels.HtlcOutcome.Fulfilled ? BareContext : Context));
    }

    internal void HtlcResolvedOnChain(Turn turn, HtlcKey key, MonitorEffect.HtlcResolvedOnChain resolved)
    {
        if (!resolved.IsOffered)
        {
            RaiseResolved(turn, key, resolved);
            if (resolved.Outcome == OnChain.ChainOutcome.Failed)
                Run(turn, incoming.HtlcLost(key, core.NowMilliseconds, (uint)core.Height));
            return;
        }

        // A stale state does not tell: the payment stays pending, which is never a reason to pay again.
        if (resolved.Outcome == OnChain.ChainOutcome.Unknown)
            return;
        AttemptOutcome how = resolved is { Outcome: OnChain.ChainOutcome.Fulfilled, Preimage: { } preimage } ? new AttemptOutcome.Fulfilled(preimage) : new AttemptOutcome.TakenBack();
        Run(turn, outgoing.HtlcResolved(key, how, Context));
    }

    /// <summary>Each second, with each block, and when a channel can be used again.</summary>
    internal void Tick(Turn turn)
    {
        if (!core.IsSynced)
            return;
        foreach (var (keyId, htlc) in _unlooked.ToArray())
        {
            if (channels.Find(keyId) is { } entry)
                turn.Follow(() => HtlcCommitted(turn, entry, htlc));
        }

        _unlooked.Clear();
        if (outgoing.PendingCount > 0)
            Run(turn, outgoing.Tick(Context));
        Run(turn, incoming.Tick(core.NowMilliseconds, (uint)core.Height));
    }

    /// <summary>Carries out what the outgoing side decided.</summary>
    internal void Run(Turn turn, PaymentStep step)
    {
        foreach (var record in step.Records)
            turn.Record(EntryKind.Payment, record.PaymentHash, PaymentRecordCodec.Write(record));
        foreach (var effect in step.Effects)
        {
            switch (effect)
            {
                case PaymentEffect.OfferHtlc offer:
                    turn.Follow(() => Offer(turn, offer));
                    break;
                case PaymentEffect.Finished finished:
                    Finish(turn, finished.Payment);
                    break;
            }
        }
    }

    /// <summary>Carries out what the receiving side decided.</summary>
    internal void Run(Turn turn, InvoiceStep step)
    {
        foreach (var record in step.Records)
            turn.Record(EntryKind.Invoice, record.PaymentHash, InvoiceRecordCodec.Write(record));
        foreach (var effect in step.Effects)
        {
            switch (effect)
            {
                case InvoiceEffect.FulfillHtlc fulfil:
                    turn.Follow(() => Fulfil(turn, fulfil));
                    break;
                case InvoiceEffect.FailHtlc fail:
                    turn.Follow(() => Remove(turn, fail.Htlc, channel => channel.FailHtlc(fail.Htlc.Id, fail.Reason)));
                    break;
                case InvoiceEffect.FailMalformedHtlc fail:
                    turn.Follow(() => Remove(turn, fail.Htlc, channel => channel.FailMalformedHtlc(fail.Htlc.Id, fail.Sha256OfOnion, fail.Code)));
                    break;
                case InvoiceEffect.Accepted accepted:
                    core.Raise(turn, NodeEventKind.PaymentHeld, accepted.Invoice.Sheet.PaymentHash, accepted.Invoice.AmountReceived, null, $"A payment is held until block {HoldOf(accepted.EarliestExpiry).ReturnHeight}: settle or cancel it before.", HoldOf(accepted.EarliestExpiry));
                    break;
                case InvoiceEffect.Settled settled:
                    NoteOver(turn, settled.Invoice.Sheet.PaymentHash, isOutgoing: false);
                    core.Raise(turn, NodeEventKind.PaymentReceived, settled.Invoice.Sheet.PaymentHash, settled.Invoice.AmountReceived, settled.Invoice.Preimage, settled.Invoice.Sheet.Description);
                    break;
                case InvoiceEffect.Cancelled { Invoice: { } over }:
                    NoteOver(turn, over.Sheet.PaymentHash, isOutgoing: false);
                    core.Raise(
                        turn, over.HasExpired ? NodeEventKind.InvoiceExpired : NodeEventKind.InvoiceCancelled, over.Sheet.PaymentHash, MilliSatoshis.Zero, null, over.CancelReason);
                    break;
            }
        }
    }

    /// <summary>How long a payment can be held whose first part expires at a height.</summary>
    internal HoldDeadline HoldOf(uint expiry) => new(core.Height, (int)expiry, (int)(expiry - Math.Min(expiry, core.Options.Receiver.HoldMarginBlocks)));

    // Told once, although a monitor tells of it again after each restart: events are in the same batch as what they tell of.
    private void RaiseResolved(Turn turn, HtlcKey key, MonitorEffect.HtlcResolvedOnChain resolved)
    {
        if (incoming.Find(resolved.PaymentHash) is not { Status: InvoiceStatus.Settled } invoice || !invoice.Parts.Contains(key))
            return;
        var amount = channels.Find(key.Channel)?.Channel.State.FindReceived(key.Id)?.Amount ?? MilliSatoshis.Zero;
        var (kind, text) = resolved.Outcome == OnChain.ChainOutcome.Fulfilled
            ? (NodeEventKind.ClaimedOnChain, $"HTLC {key.Id} of channel {key.Channel} was claimed on chain.")
            : (NodeEventKind.LostOnChain, $"HTLC {key.Id} of channel {key.Channel} was taken back on chain before it could be claimed: that money is lost.");
        if (resolved.Outcome != OnChain.ChainOutcome.Unknown && !core.State.Events.Any(one => one.Kind == kind && one.Subject == resolved.PaymentHash && string.Equals(one.Text, text, StringComparison.Ordinal)))
            core.Raise(turn, kind, resolved.PaymentHash, amount, null, text);
    }

    private void Offer(Turn turn, PaymentEffect.OfferHtlc offer)
    {
        if (channels.Find(offer.Channel) is { } entry
            && entry.Channel.OfferHtlc(new HtlcOffer(offer.Amount, offer.PaymentHash, offer.CltvExpiry, offer.Onion), core.ChannelContext, out var id).TryGet(out var step))
        {
            channels.Run(turn, entry, step);
            Run(turn, outgoing.HtlcOffered(offer.PaymentHash, offer.Attempt, new HtlcKey(offer.Channel, id)));
        }
        else
        {
            Run(turn, outgoing.HtlcRefused(offer.PaymentHash, offer.Attempt, Context));
        }
    }

    private void Fulfil(Turn turn, InvoiceEffect.FulfillHtlc fulfil)
    {
        if (channels.Find(fulfil.Htlc.Channel) is not { } entry)
            return;
        if (entry.Channel.FulfillHtlc(fulfil.Htlc.Id, fulfil.Preimage).TryGet(out var step))
            channels.Run(turn, entry, step);
        if (entry.Monitor is { } monitor && entry.Channel.State.Stage >= ChannelStage.Closed)
            channels.Run(turn, entry, monitor.Handle(new MonitorInput.PreimageKnown(Tributary.Crypto.Hashes.Sha256(fulfil.Preimage.Span)), core.ChainNow));
    }

    private void Remove(Turn turn, HtlcKey key, Func<Channel, Result<ChannelStep, Refusal>> remove)
    {
        // A channel that is on chain resolves it there.
        if (channels.Find(key.Channel) is { } entry && remove(entry.Channel).TryGet(out var step))
            channels.Run(turn, entry, step);
    }

    // What has been over for longest makes room; its hash stays known where it was paid.
    private void NoteOver(Turn turn, Bytes32 paymentHash, bool isOutgoing)
    {
        _over.Enqueue((paymentHash, isOutgoing));
        if (_over.Count > core.Options.PaymentsKept)
            turn.Follow(() => Archive(turn));
    }

    private void Archive(Turn turn)
    {
        var (hash, isOutgoing) = _over.Dequeue();
        if (isOutgoing)
        {
            // Failed, then paid for anew: it comes again when that is over.
            if (outgoing.Find(hash) is { Status: not PaymentStatus.Pending } payment)
                Run(turn, outgoing.Archive(payment.Order.PaymentHash));
        }
        else if (incoming.Find(hash) is { } invoice)
        {
            // Channels that still hold a part ask for its preimage after a restart.
            if (invoice.Parts.Any(part => channels.Find(part.Channel)?.Channel.State.FindReceived(part.Id) is not null))
                _over.Enqueue((hash, isOutgoing));
            else
                Run(turn, incoming.Archive(hash));
        }
    }

    private void Finish(Turn turn, OutgoingPayment payment)
    {
        var hash = payment.Order.PaymentHash;
        NoteOver(turn, hash, isOutgoing: true);
        if (payment.Status == PaymentStatus.Succeeded)
            core.Raise(turn, NodeEventKind.PaymentSent, hash, payment.Order.Amount, payment.Preimage, $"Paid, with a fee of {payment.Fee}.");
        else
            core.Raise(turn, NodeEventKind.PaymentFailed, hash, payment.Order.Amount, null, payment.FailureText);
        if (_waiting.Remove(hash, out var waiting))
        {
            var report = LightningNode.ReportOf(payment);
            turn.Afterwards(() =>
            {
                foreach (var one in waiting)
                    one.TrySetResult(report);
            });
        }
    }
}
