using System.Security.Cryptography;
using Tributary.Lightning.Messages;
using Tributary.Lightning.Onions;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;

namespace Tributary.Lightning.Channels;

// Offering, fulfilling and failing HTLCs, and feerates (BOLT 2, "Normal Operation"). Updates of ours only queue until Flush.
public sealed partial class Channel
{
    private const int BadOnionBit = 0x8000;

    /// <summary>What the channel holds and what can move.</summary>
    public ChannelBalance GetBalance()
    {
        var state = State;
        if (!HasCommitments)
            return new ChannelBalance(state.Setup.FundingAmount, default, default, default, default, default, default);
        return new ChannelBalance(
            state.Setup.FundingAmount,
            state.LocalNow.Ours,
            state.LocalNow.Theirs,
            state.LocalNow.OfferedTotal,
            state.LocalNow.ReceivedTotal,
            IsUsable ? ChannelLimits.Sendable(state, _session.NextLocal) : MilliSatoshis.Zero,
            IsUsable ? ChannelLimits.Receivable(state, _session.NextLocal) : MilliSatoshis.Zero);
    }

    /// <summary>Offers an HTLC; refused when the channel is not usable or a limit says no. Once it is durable it will reach the peer.</summary>
    /// <param name="offer">The HTLC.</param>
    /// <param name="context">Of now.</param>
    /// <param name="id">Its number in this channel.</param>
    public Result<ChannelStep, Refusal> OfferHtlc(HtlcOffer offer, ChannelContext context, out ulong id)
    {
        id = State.NextOfferedId;
        if (!IsUsable)
            return new Refusal("channel", "is not usable now");
        if (ChannelLimits.CheckOffer(State, _session.NextLocal, _policy, offer, context.Height) is { } refusal)
            return refusal;

        var step = new ChannelStep();
        Apply(step, new ChannelRecord.HtlcOffered(id, offer));
        Send(step, MakeUpdate(PendingUpdate.Add(id)));
        return step;
    }

    /// <summary>
    /// Takes an HTLC of the peer's with its preimage. Where the channel is on chain already, the preimage is kept for the monitor. Doing it
    /// twice does nothing.
    /// </summary>
    public Result<ChannelStep, Refusal> FulfillHtlc(ulong id, Bytes32 preimage)
    {
        var step = new ChannelStep();
        if (State.FindReceived(id) is not { } htlc)
            return new Refusal("id", $"there is no HTLC {id} of the peer's");
        if (htlc.Outcome is HtlcOutcome.Fulfilled)
            return step;
        if (!IsPreimage(preimage, htlc.PaymentHash))
            return new Refusal("preimage", "is not that of the payment hash");
        return RemoveHtlc(step, htlc, new HtlcOutcome.Fulfilled(preimage));
    }

    /// <summary>Gives an HTLC of the peer's back, with an error onion.</summary>
    public Result<ChannelStep, Refusal> FailHtlc(ulong id, ReadOnlyMemory<byte> reason)
    {
        if (State.FindReceived(id) is not { } htlc)
            return new Refusal("id", $"there is no HTLC {id} of the peer's");
        if (reason.Length > ushort.MaxValue)
            return new Refusal("reason", "takes more than 65,535 bytes");
        return RemoveHtlc(new ChannelStep(), htlc, new HtlcOutcome.Failed(reason.ToArray()));
    }

    /// <summary>Gives an HTLC of the peer's back whose onion could not be read.</summary>
    public Result<ChannelStep, Refusal> FailMalformedHtlc(ulong id, Bytes32 sha256OfOnion, FailureCode failureCode)
    {
        if (State.FindReceived(id) is not { } htlc)
            return new Refusal("id", $"there is no HTLC {id} of the peer's");
        if (((int)failureCode & BadOnionBit) == 0)
            return new Refusal("failure_code", "has to have BADONION set");
        return RemoveHtlc(new ChannelStep(), htlc, new HtlcOutcome.FailedMalformed(sha256OfOnion, (ushort)failureCode));
    }

    /// <summary>Changes the feerate, as opener; nothing happens when it is that already.</summary>
    public Result<ChannelStep, Refusal> UpdateFee(FeeratePerKw feerate)
    {
        var step = new ChannelStep();
        if (!State.Setup.IsOpener)
            return new Refusal("feerate", "is the opener's to say");
        if (State.Stage is not (ChannelStage.Open or ChannelStage.Closing) || !State.IsLocalReady || !State.IsRemoteReady || !_session.IsUp)
            return new Refusal("channel", "takes no update now");
        if (State.Stage == ChannelStage.Closing && IsReadyToClose)
            return new Refusal("channel", "is about to close");
        if (feerate < FeerateBounds.Floor)
            return new Refusal("feerate", $"is below {FeerateBounds.Floor}");
        if (feerate == State.NextRemote.Feerate)
            return step;
        if (ChannelLimits.CheckFee(State, _session.NextLocal, feerate) is { } refusal)
            return refusal;

        Apply(step, new ChannelRecord.FeerateChanged(feerate));
        Send(step, MakeUpdate(PendingUpdate.Fee(feerate)));
        return step;
    }

    /// <summary>
    /// Sends what is owed: <c>commitment_signed</c> for all updates since the last when none is unanswered, then <c>shutdown</c> when that
    /// was waiting, then the first closing fee. The driver calls it once after each batch of inputs.
    /// </summary>
    /// <param name="context">The chain.</param>
    /// <param name="maySettleLater">What only takes settled HTLCs out of the peer's commitment may wait, while <see cref="MaySettleLater"/>: the driver calls again soon.</param>
    public ChannelStep Flush(ChannelContext context, bool maySettleLater = false)
    {
        var step = new ChannelStep();
        if (!_session.IsUp || State.Stage is not (ChannelStage.AwaitingReady or ChannelStage.Open or ChannelStage.Closing))
            return step;
        if (State.OwesCommitment && State.IsLocalReady && State.IsRemoteReady && !(maySettleLater && MaySettleLater))
            SignCommitment(step);
        SendShutdownWhenDue(step);
        OfferClosingWhenDue(step, context);
        TellUsable(step);
        return step;
    }

    /// <summary>Something is to be signed that does not hurry: see <see cref="Flush"/>.</summary>
    public bool MaySettleLater => _session.IsUp && State is { Stage: ChannelStage.Open, OwesCommitment: true, OwesSettlementsOnly: true };

    /// <summary>The payment knows how an HTLC of ours ended, and will after a restart: the channel may forget it.</summary>
    public ChannelStep Acknowledge(ulong id)
    {
        var step = new ChannelStep();
        if (State.FindResolved(id) is not null)
            Apply(step, new ChannelRecord.HtlcAcknowledged(id));
        return step;
    }

    private Result<ChannelStep, Refusal> RemoveHtlc(ChannelStep step, ChannelHtlc htlc, HtlcOutcome outcome)
    {
        if (htlc.Added != UpdateStage.Irrevocable)
            return new Refusal("id", $"HTLC {htlc.Id} is not committed yet");
        if (htlc.Removed != UpdateStage.None)
            return new Refusal("id", $"HTLC {htlc.Id} is being removed already");

        Apply(step, new ChannelRecord.HtlcRemoved(htlc.Id, outcome));
        if (_session.IsUp && State.Stage is ChannelStage.Open or ChannelStage.Closing)
            Send(step, MakeUpdate(PendingUpdate.Remove(htlc.Id)));
        return step;
    }

    // The message of an update of ours: sent at once, and again after a reconnection for as long as the peer may not have it.
    private LightningMessage MakeUpdate(PendingUpdate update)
    {
        if (update.Kind == UpdateKind.Fee)
            return new UpdateFee { ChannelId = Id, Feerate = update.Feerate };
        if (update.Kind == UpdateKind.Add)
        {
            var offered = State.FindOffered(update.Id)!;
            return new UpdateAddHtlc
            {
                ChannelId = Id,
                Id = offered.Id,
                Amount = offered.Amount,
                PaymentHash = offered.PaymentHash,
                CltvExpiry = offered.CltvExpiry,
                Onion = offered.Onion,
                PathKey = offered.PathKey,
            };
        }

        return State.FindReceived(update.Id)!.Outcome switch
        {
            HtlcOutcome.Fulfilled fulfilled => new UpdateFulfillHtlc { ChannelId = Id, Id = update.Id, PaymentPreimage = fulfilled.Preimage },
            HtlcOutcome.Failed failed => new UpdateFailHtlc { ChannelId = Id, Id = update.Id, Reason = failed.Reason },
            HtlcOutcome.FailedMalformed malformed => new UpdateFailMalformedHtlc
            {
                ChannelId = Id,
                Id = update.Id,
                Sha256OfOnion = malformed.Sha256OfOnion,
                FailureCode = malformed.FailureCode,
            },
            _ => throw new InvalidOperationException("An HTLC that is removed has an outcome."),
        };
    }

    private void HandleUpdate(ChannelStep step, LightningMessage message, ChannelContext context)
    {
        if (!RequireOperating(step, message))
            return;
        var fault = message switch
        {
            UpdateAddHtlc add => TakeAdd(add),
            UpdateFulfillHtlc fulfill => TakeFulfill(step, fulfill),
            UpdateFailHtlc fail => TakeRemoval(fail.Id, new HtlcOutcome.Failed(fail.Reason), fail with { UnknownTlvs = TlvStream.Empty, AttributionData = null }),
            UpdateFailMalformedHtlc malformed when (malformed.FailureCode & BadOnionBit) == 0 => "failure_code has not BADONION set",
            UpdateFailMalformedHtlc malformed => TakeRemoval(
                malformed.Id,
                new HtlcOutcome.FailedMalformed(malformed.Sha256OfOnion, malformed.FailureCode),
                malformed with { UnknownTlvs = TlvStream.Empty }),
            UpdateFee fee => TakeFee(fee, context),
            _ => "is not expected",
        };
        if (fault is not null)
            Warn(step, $"{message.Type}: {fault}");
    }

    private string? TakeAdd(UpdateAddHtlc add)
    {
        if (State.RemoteShutdown is not null)
            return "comes after shutdown";
        var expected = State.NextReceivedId + (ulong)_session.InboxAdds.Count;
        if (add.Id != expected)
            return $"id {add.Id} where {expected} comes next";
        if (ChannelLimits.CheckAdd(State, _session.NextLocal, add) is { } fault)
            return fault;

        var htlc = new ChannelHtlc(isOurs: false, add.Id, new HtlcOffer(add.Amount, add.PaymentHash, add.CltvExpiry, add.Onion, add.PathKey));
        _session.Inbox.Add(add with { UnknownTlvs = TlvStream.Empty });
        _session.InboxAdds.Add(htlc);
        _session.NextLocal.Add(State.LocalRules, htlc);
        return null;
    }

    private string? TakeFulfill(ChannelStep step, UpdateFulfillHtlc fulfill)
    {
        if (FindRemovable(fulfill.Id, out var fault) is not { } htlc)
            return fault;
        if (!IsPreimage(fulfill.PaymentPreimage, htlc.PaymentHash))
            return $"payment_preimage is not that of HTLC {fulfill.Id}";

        // The preimage counts from the moment that it is seen: the peer could still go on chain with it.
        if (htlc.Preimage is null)
        {
            Apply(step, new ChannelRecord.PreimageReceived(htlc.Id, fulfill.PaymentPreimage));
            step.Add(new ChannelEffect.HtlcFulfilled(htlc.Id, htlc.PaymentHash, fulfill.PaymentPreimage));
        }

        return TakeRemoval(
            fulfill.Id,
            new HtlcOutcome.Fulfilled(fulfill.PaymentPreimage),
            fulfill with { UnknownTlvs = TlvStream.Empty, AttributionData = null });
    }

    private string? TakeRemoval(ulong id, HtlcOutcome outcome, LightningMessage message)
    {
        if (FindRemovable(id, out var fault) is not { } htlc)
            return fault;
        _session.Inbox.Add(message);
        _session.InboxRemovals.Add(id);
        _session.NextLocal.Remove(State.LocalRules, htlc, outcome);
        return null;
    }

    // BOLT 2: nothing may be removed before it is irrevocably committed in both commitments, nor twice.
    private ChannelHtlc? FindRemovable(ulong id, out string? fault)
    {
        var htlc = State.FindOffered(id);
        fault = htlc is null ? $"there is no HTLC {id}"
            : htlc.Added != UpdateStage.Irrevocable ? $"HTLC {id} is not committed on both sides"
            : htlc.Removed != UpdateStage.None || _session.InboxRemovals.Contains(id) ? $"HTLC {id} is removed already"
            : null;
        return fault is null ? htlc : null;
    }

    private string? TakeFee(UpdateFee fee, ChannelContext context)
    {
        if (State.Setup.IsOpener)
            return "comes from the side that does not pay it";
        if (!context.Feerates.Contains(fee.Feerate))
            return $"feerate_per_kw {fee.Feerate} is not between {context.Feerates.Lowest} and {context.Feerates.Highest}";

        // Only the last counts: a peer that sends feerates without end fills nothing.
        if (_session.InboxFee is not null)
            _session.Inbox.RemoveAll(static update => update is UpdateFee);
        _session.Inbox.Add(fee with { UnknownTlvs = TlvStream.Empty });
        _session.InboxFee = fee.Feerate;

        // What is dust already is failed one by one; only a feerate that adds to it is refused (BOLT 2, "dust exposure").
        var before = _session.NextLocal.Dust;
        RecountInbox(fee.Feerate);
        var after = _session.NextLocal.Dust;
        return after > before && after > State.Setup.DustExposureMax ? "would leave too much in HTLCs without outputs" : null;
    }

    private static bool IsPreimage(Bytes32 preimage, Bytes32 paymentHash)
    {
        Span<byte> hash = stackalloc byte[Bytes32.Length];
        SHA256.HashData(preimage.Span, hash);
        return new Bytes32(hash) == paymentHash;
    }
}
