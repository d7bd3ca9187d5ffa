using Tributary.Lightning.Messages;
using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.Channels;

// What each record does. A record that does not fit the state is a bug or a damaged log: it throws before anything is sent.
public sealed partial class ChannelState
{
    /// <summary>Applies what happened next.</summary>
    /// <exception cref="InvalidOperationException">The record does not follow from this state: the log is damaged.</exception>
    public void Apply(ChannelRecord record)
    {
        switch (record)
        {
            case ChannelRecord.Accepted accepted:
                Require(Stage == ChannelStage.Opening && RemoteTerms is null, record);
                (RemoteTerms, MinimumDepth) = (accepted.Remote, accepted.MinimumDepth);
                break;
            case ChannelRecord.FundingProposed proposed:
                Require(Stage == ChannelStage.Opening && RemoteTerms is not null && Setup.IsOpener, record);
                (FundingTransaction, Funding) = (proposed.Transaction, proposed.Transaction.OutPointOf((int)proposed.OutputIndex));
                break;
            case ChannelRecord.FundingSigned signed:
                Require(Stage == ChannelStage.Opening && RemoteTerms is not null && (Funding ?? signed.Funding) == signed.Funding, record);
                Begin(signed);
                break;
            case ChannelRecord.FundingConfirmed confirmed:
                Position = confirmed.Position;
                break;
            case ChannelRecord.FundingUnconfirmed:
                Position = null;
                break;
            case ChannelRecord.ReadySent:
                Require(Stage is ChannelStage.AwaitingReady or ChannelStage.Closing && !IsLocalReady, record);
                IsLocalReady = true;
                OpenWhenReady();
                break;
            case ChannelRecord.ReadyReceived received:
                Require(Stage is ChannelStage.AwaitingReady or ChannelStage.Closing && !IsRemoteReady, record);
                (IsRemoteReady, RemoteNextPoint, RemoteAlias) = (true, received.NextPoint, received.Alias);
                OpenWhenReady();
                break;
            case ChannelRecord.HtlcOffered offered:
                Offer(offered);
                break;
            case ChannelRecord.HtlcRemoved removed:
                RemoveReceived(removed);
                break;
            case ChannelRecord.FeerateChanged changed:
                Require(Setup.IsOpener && Stage is ChannelStage.Open or ChannelStage.Closing, record);
                QueueFee(OursPending, changed.Feerate);
                NextRemote = Recount(NextRemote, changed.Feerate, isLocal: false);
                break;
            case ChannelRecord.PreimageReceived preimage:
                (FindOffered(preimage.Id) ?? throw Unfit(record)).Preimage = preimage.Preimage;
                break;
            case ChannelRecord.CommitmentSigned signed:
                Sign(signed);
                break;
            case ChannelRecord.RevocationReceived revocation:
                Revoke(revocation);
                break;
            case ChannelRecord.CommitmentReceived received:
                Receive(received);
                break;
            case ChannelRecord.HtlcAcknowledged acknowledged:
                Require(_resolved.Remove(acknowledged.Id), record);
                break;
            default:
                ApplyEnding(record);
                break;
        }
    }

    private void ApplyEnding(ChannelRecord record)
    {
        switch (record)
        {
            case ChannelRecord.ShutdownRequested requested:
                Require(!IsShutdownSent && Stage is ChannelStage.AwaitingReady or ChannelStage.Open or ChannelStage.Closing, record);
                LocalShutdown = requested.Script;
                break;
            case ChannelRecord.ShutdownSent:
                Require(LocalShutdown is not null && Stage is ChannelStage.AwaitingReady or ChannelStage.Open or ChannelStage.Closing, record);
                (IsShutdownSent, Stage) = (true, ChannelStage.Closing);
                break;
            case ChannelRecord.ShutdownReceived received:
                Require(Stage is ChannelStage.AwaitingReady or ChannelStage.Open or ChannelStage.Closing, record);
                (RemoteShutdown, Stage) = (received.Script, ChannelStage.Closing);
                break;
            case ChannelRecord.ClosingOffered offered:
                Require(Stage == ChannelStage.Closing && IsShutdownSent && RemoteShutdown is not null && IsClear, record);
                _closings.Add(offered.Transaction);
                break;
            case ChannelRecord.ClosingAgreed agreed:
                Require(Stage == ChannelStage.Closing && IsShutdownSent && RemoteShutdown is not null && IsClear, record);
                (ClosingTransaction, ClosingFee, Stage) = (agreed.Transaction, agreed.Fee, ChannelStage.Closed);
                break;
            case ChannelRecord.Failed failed:
                Require(Stage is not (ChannelStage.Opening or ChannelStage.Forgotten), record);
                Ending = failed.Reason;
                Broadcasts |= failed.Broadcasts && Stage != ChannelStage.Stale;
                if (Stage != ChannelStage.Stale)
                {
                    Stage = ChannelStage.Failed;
                    DropUnsigned();
                }

                break;
            case ChannelRecord.MarkedStale stale:
                Require(Stage is not (ChannelStage.Opening or ChannelStage.Forgotten), record);
                (Stage, Ending, Broadcasts) = (ChannelStage.Stale, stale.Reason, false);
                break;
            case ChannelRecord.Forgotten forgotten:
                (Stage, Ending) = (ChannelStage.Forgotten, forgotten.Reason);
                break;
            default:
                throw Unfit(record);
        }
    }

    private void Begin(ChannelRecord.FundingSigned signed)
    {
        Funding = signed.Funding;
        Stage = ChannelStage.AwaitingReady;
        LocalSignature = signed.Signature;
        RemotePoint = Remote.FirstPoint;
        LocalNow = RemoteNow = NextLocal = NextRemote = FirstProjection();
    }

    private void OpenWhenReady()
    {
        if (IsLocalReady && IsRemoteReady && Stage == ChannelStage.AwaitingReady)
            Stage = ChannelStage.Open;
    }

    private void Offer(ChannelRecord.HtlcOffered offered)
    {
        Require(offered.Id == NextOfferedId && Stage == ChannelStage.Open, offered);
        var htlc = new ChannelHtlc(isOurs: true, offered.Id, offered.Offer) { Added = UpdateStage.PendingOnReceiver };
        NextOfferedId++;
        _offered.Add(htlc.Id, htlc);
        OursPending.Add(PendingUpdate.Add(htlc.Id));
        NextRemote.Add(RemoteRules, htlc);
    }

    private void RemoveReceived(ChannelRecord.HtlcRemoved removed)
    {
        var htlc = FindReceived(removed.Id) ?? throw Unfit(removed);
        Require(htlc is { Added: UpdateStage.Irrevocable, Removed: UpdateStage.None }, removed);
        htlc.Outcome = removed.Outcome;
        htlc.Removed = UpdateStage.PendingOnReceiver;
        if (removed.Outcome is HtlcOutcome.Fulfilled fulfilled)
            htlc.Preimage = fulfilled.Preimage;
        OursPending.Add(PendingUpdate.Remove(htlc.Id));
        NextRemote.Remove(RemoteRules, htlc, removed.Outcome);
    }

    // What we never signed for is in no commitment and never will be: nobody on chain can tell how it ended, so it ends here.
    private void DropUnsigned()
    {
        foreach (var update in OursPending)
        {
            if (update.Kind != UpdateKind.Add)
                continue;
            var htlc = _offered[update.Id];
            var outcome = new HtlcOutcome.Failed(default);
            NextRemote.Remove(RemoteRules, htlc, outcome);
            _offered.Remove(htlc.Id);
            _resolved.Add(htlc.Id, new ResolvedHtlc(htlc.Id, htlc.PaymentHash, outcome));
        }

        OursPending.RemoveAll(static update => update.Kind == UpdateKind.Add);
    }

    private void Sign(ChannelRecord.CommitmentSigned signed)
    {
        Require(!AwaitsRevocation && signed.Number == RemoteNumber + 1 && RemoteNextPoint is not null, signed);
        foreach (var update in OursPending)
            EnterRemote(update, _offered, _received, signed.Number, UpdateStage.InReceivers);
        foreach (var update in TheirsAcknowledged)
            EnterRemote(update, _received, _offered, signed.Number, UpdateStage.InSenders);
        Move(OursPending, OursSigned);
        Move(TheirsAcknowledged, TheirsSigned);
        RemoteSigned = NextRemote;
        AwaitsRevocation = true;
        SignedAfterRevoking = true;
    }

    private static void EnterRemote(
        PendingUpdate update, SortedDictionary<ulong, ChannelHtlc> added, SortedDictionary<ulong, ChannelHtlc> removed, ulong number, UpdateStage stage)
    {
        if (update.Kind == UpdateKind.Add)
        {
            var htlc = added[update.Id];
            (htlc.RemoteFrom, htlc.Added) = (number, stage);
        }
        else if (update.Kind == UpdateKind.Remove)
        {
            var htlc = removed[update.Id];
            (htlc.RemoteTo, htlc.Removed) = (number, stage);
        }
    }

    private void Revoke(ChannelRecord.RevocationReceived revocation)
    {
        Require(AwaitsRevocation && revocation.Number == RemoteNumber && Revoked.TryAdd(revocation.Secret), revocation);
        AwaitsRevocation = false;
        RemoteNumber++;
        RemoteNow = RemoteSigned;
        (RemotePoint, RemoteNextPoint) = (RemoteNextPoint!.Value, revocation.NextPoint);

        foreach (var update in OursSigned)
        {
            switch (update.Kind)
            {
                case UpdateKind.Add:
                    var added = _offered[update.Id];
                    added.Added = UpdateStage.PendingOnSender;
                    added.Onion = default;
                    NextLocal.Add(LocalRules, added);
                    break;
                case UpdateKind.Remove:
                    var removed = _received[update.Id];
                    removed.Removed = UpdateStage.PendingOnSender;
                    NextLocal.Remove(LocalRules, removed, removed.Outcome!);
                    break;
                default:
                    NextLocal = Recount(NextLocal, update.Feerate, isLocal: true);
                    break;
            }
        }

        foreach (var update in TheirsSigned)
        {
            if (update.Kind == UpdateKind.Add)
                _received[update.Id].Added = UpdateStage.Irrevocable;
            else if (update.Kind == UpdateKind.Remove)
                Resolve(update.Id);
        }

        Move(OursSigned, OursAcknowledged);
        TheirsSigned.Clear();
    }

    // An HTLC of ours has left both commitments: the payment hears of it until it says that it did.
    private void Resolve(ulong id)
    {
        var htlc = _offered[id];
        htlc.Removed = UpdateStage.Irrevocable;
        _offered.Remove(id);
        var outcome = htlc.Preimage is { } preimage ? new HtlcOutcome.Fulfilled(preimage) : htlc.Outcome!;
        _resolved.Add(id, new ResolvedHtlc(id, htlc.PaymentHash, outcome));
        Remember(htlc);
    }

    private void Receive(ChannelRecord.CommitmentReceived received)
    {
        Require(received.Number == LocalNumber + 1 && Stage is ChannelStage.Open or ChannelStage.Closing, received);
        LocalNumber = received.Number;
        foreach (var update in received.Updates)
            ReceiveUpdate(update, received);

        foreach (var update in OursAcknowledged)
        {
            if (update.Kind == UpdateKind.Add)
            {
                var htlc = _offered[update.Id];
                (htlc.LocalFrom, htlc.Added) = (LocalNumber, UpdateStage.Irrevocable);
            }
            else if (update.Kind == UpdateKind.Remove)
            {
                var htlc = _received[update.Id];
                (htlc.LocalTo, htlc.Removed) = (LocalNumber, UpdateStage.Irrevocable);
                _received.Remove(update.Id);
                Remember(htlc);
            }
        }

        OursAcknowledged.Clear();
        LocalNow = NextLocal;
        LocalSignature = received.Signature;
        LocalHtlcSignatures = received.HtlcSignatures;
        SignedAfterRevoking = false;
    }

    private void ReceiveUpdate(LightningMessage update, ChannelRecord record)
    {
        switch (update)
        {
            case UpdateAddHtlc add:
                Require(add.Id == NextReceivedId, record);
                var htlc = new ChannelHtlc(
                    isOurs: false, add.Id, new HtlcOffer(add.Amount, add.PaymentHash, add.CltvExpiry, add.Onion, add.PathKey))
                {
                    Added = UpdateStage.PendingOnSender,
                    LocalFrom = LocalNumber,
                };
                NextReceivedId++;
                _received.Add(htlc.Id, htlc);
                TheirsAcknowledged.Add(PendingUpdate.Add(htlc.Id));
                NextLocal.Add(LocalRules, htlc);
                NextRemote.Add(RemoteRules, htlc);
                htlc.ExceedsDustExposure = ExceedsDustExposure(htlc);
                break;
            case UpdateFulfillHtlc fulfill:
                RemoveOffered(fulfill.Id, new HtlcOutcome.Fulfilled(fulfill.PaymentPreimage), record);
                break;
            case UpdateFailHtlc fail:
                RemoveOffered(fail.Id, new HtlcOutcome.Failed(fail.Reason), record);
                break;
            case UpdateFailMalformedHtlc malformed:
                RemoveOffered(malformed.Id, new HtlcOutcome.FailedMalformed(malformed.Sha256OfOnion, malformed.FailureCode), record);
                break;
            case UpdateFee fee:
                QueueFee(TheirsAcknowledged, fee.Feerate);
                NextLocal = Recount(NextLocal, fee.Feerate, isLocal: true);
                NextRemote = Recount(NextRemote, fee.Feerate, isLocal: false);
                break;
            default:
                throw Unfit(record);
        }
    }

    private void RemoveOffered(ulong id, HtlcOutcome outcome, ChannelRecord record)
    {
        var htlc = FindOffered(id) ?? throw Unfit(record);
        Require(htlc is { Added: UpdateStage.Irrevocable, Removed: UpdateStage.None }, record);
        htlc.Outcome = outcome;
        if (outcome is HtlcOutcome.Fulfilled fulfilled)
            htlc.Preimage = fulfilled.Preimage;
        htlc.Removed = UpdateStage.PendingOnSender;
        htlc.LocalTo = LocalNumber;
        TheirsAcknowledged.Add(PendingUpdate.Remove(id));
        NextLocal.Remove(LocalRules, htlc, outcome);
        NextRemote.Remove(RemoteRules, htlc, outcome);
    }

    private bool ExceedsDustExposure(ChannelHtlc htlc) =>
        (LocalRules.IsDust(isOurs: false, htlc.Amount, NextLocal.Feerate) && NextLocal.Dust > Setup.DustExposureMax)
        || (RemoteRules.IsDust(isOurs: false, htlc.Amount, NextRemote.Feerate) && NextRemote.Dust > Setup.DustExposureMax);

    // What was below the peer's dust limit never had an output in its commitments: a penalty cannot find one.
    private void Remember(ChannelHtlc htlc)
    {
        if (htlc.Amount.FloorToSatoshis() >= Remote.DustLimit)
            History.Add(htlc);
    }

    /// <summary>The projection under another feerate: what is trimmed may change.</summary>
    internal CommitmentProjection Recount(CommitmentProjection projection, FeeratePerKw feerate, bool isLocal)
    {
        var counted = projection.Uncounted(feerate);
        var rules = isLocal ? LocalRules : RemoteRules;
        foreach (var htlc in _offered.Values)
        {
            if (isLocal ? IsInNextLocal(htlc) : IsInNextRemote(htlc))
                counted.Count(rules, htlc);
        }

        foreach (var htlc in _received.Values)
        {
            if (isLocal ? IsInNextLocal(htlc) : IsInNextRemote(htlc))
                counted.Count(rules, htlc);
        }

        return counted;
    }

    internal static bool IsInNextLocal(ChannelHtlc htlc) =>
        htlc.Added >= UpdateStage.PendingOnSender && htlc.Removed < UpdateStage.PendingOnSender;

    internal static bool IsInNextRemote(ChannelHtlc htlc) => htlc.Added != UpdateStage.None && htlc.Removed == UpdateStage.None;

    // Of feerates on the same way only the last counts.
    private static void QueueFee(List<PendingUpdate> updates, FeeratePerKw feerate)
    {
        updates.RemoveAll(static update => update.Kind == UpdateKind.Fee);
        updates.Add(PendingUpdate.Fee(feerate));
    }

    private static void Move(List<PendingUpdate> from, List<PendingUpdate> to)
    {
        to.AddRange(from);
        from.Clear();
    }

    private void Require(bool condition, ChannelRecord record)
    {
        if (!condition)
            throw Unfit(record);
    }

    private InvalidOperationException Unfit(ChannelRecord record) => new(
        $"The record {record.GetType().Name} does not follow from the state of channel {Id} ({Stage}): its log is damaged.");
}
