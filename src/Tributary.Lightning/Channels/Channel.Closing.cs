using Tributary.Bitcoin.Scripts;
using Tributary.Crypto;
using Tributary.Lightning.Commitments;
using Tributary.Lightning.Messages;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Results;

namespace Tributary.Lightning.Channels;

// shutdown and closing_signed (BOLT 2, "Channel Close").
public sealed partial class Channel
{
    // Different fees that we sign for in one channel: a negotiation that goes on longer is none.
    private const int ClosingsMax = 64;

    // Negotiations, each on a connection of its own, that may end without a fee: then our commitment goes on chain (BOLT 2: a channel fails
    // when no satisfying fee_range comes within a reasonable time).
    private const int ClosingDisputesMax = 3;

    // Both signatures and the script that a closing transaction's witness takes, in weight units.
    private const long ClosingWitnessWeight = 2 + 1 + 1 + (2 * 73) + 1 + 71;

    // No HTLCs, both have said where to: the fee is all that is left.
    private bool IsReadyToClose => State.IsShutdownSent && State.RemoteShutdown is not null && State.IsClear && _session.Inbox.Count == 0;

    /// <summary>Closes the channel together with the peer. HTLCs under way are resolved first; while the peer is away it waits.</summary>
    /// <param name="script">Where our funds go; null for the wallet's script that was drawn with the channel.</param>
    public Result<ChannelStep, Refusal> Shutdown(Script? script)
    {
        var step = new ChannelStep();
        if (State.Stage is not (ChannelStage.AwaitingReady or ChannelStage.Open or ChannelStage.Closing))
            return new Refusal("channel", $"cannot be closed together with the peer: it is {State.Stage}");
        if (State.IsShutdownSent)
            return step;
        var target = script ?? State.Setup.ShutdownScript;
        if (State.Setup.Local.UpfrontShutdownScript is { } bound && bound != target)
            return new Refusal("script", "is not the one that was agreed when the channel was opened");
        if (!ShutdownScripts.IsAllowed(target, _session.TakesAnySegwit || !_session.IsConnected))
            return new Refusal("script", "is no script that the peer lets a channel close to");

        if (State.LocalShutdown != target)
            Apply(step, new ChannelRecord.ShutdownRequested(target));
        SendShutdownWhenDue(step);
        TellUsable(step);
        return step;
    }

    // BOLT 2: not while the peer's commitment lacks updates of ours.
    private void SendShutdownWhenDue(ChannelStep step)
    {
        if (!_session.IsUp || State.LocalShutdown is null || State.IsShutdownSent || State.OursPending.Count > 0
            || State.Stage is not (ChannelStage.AwaitingReady or ChannelStage.Open or ChannelStage.Closing))
        {
            return;
        }

        Apply(step, new ChannelRecord.ShutdownSent());
        Send(step, MakeShutdown());
    }

    private Shutdown MakeShutdown() => new() { ChannelId = Id, ScriptPubKey = State.LocalShutdown!.Value };

    private void HandleShutdown(ChannelStep step, Shutdown message)
    {
        // Without anysegwit the wallet's script may be one that this peer cannot take; what it was told once is what counts.
        if (!ShutdownScripts.IsAllowed(message.ScriptPubKey, _session.TakesAnySegwit))
        {
            Warn(step, "shutdown: scriptpubkey is no script that a channel may close to");
            return;
        }

        if ((State.Remote.UpfrontShutdownScript is { } bound && bound != message.ScriptPubKey)
            || (State.RemoteShutdown is { } said && said != message.ScriptPubKey))
        {
            Warn(step, "shutdown: scriptpubkey is not the one that was said before");
            return;
        }

        if (_session.InboxAdds.Count > 0)
        {
            Warn(step, "shutdown: comes while updates wait for commitment_signed");
            return;
        }

        if (State.RemoteShutdown is null && State.Stage is ChannelStage.AwaitingReady or ChannelStage.Open or ChannelStage.Closing)
            Apply(step, new ChannelRecord.ShutdownReceived(message.ScriptPubKey));
        if (State.LocalShutdown is null)
            Apply(step, new ChannelRecord.ShutdownRequested(State.Setup.ShutdownScript));
        SendShutdownWhenDue(step);
    }

    // The opener, who pays, speaks first.
    private void OfferClosingWhenDue(ChannelStep step, ChannelContext context)
    {
        if (!_session.IsUp || _session.ClosingFee is not null || !State.Setup.IsOpener)
            return;
        if (State.Stage == ChannelStage.Closed)
        {
            SendAgreedFee(step);
            return;
        }

        if (State.Stage != ChannelStage.Closing || !IsReadyToClose)
            return;
        var range = AcceptableFees(context);
        var fee = Clamp(FeeAt(context.Feerates.Closing), range);
        if (MakeClosing(fee, State.Setup.Local.DustLimit) is { } closing)
            OfferClosing(step, closing, fee, range);
        else
            Fail(step, "nothing is left that a closing transaction could pay");
    }

    private void HandleClosingSigned(ChannelStep step, ClosingSigned message, ChannelContext context)
    {
        if (State.Stage == ChannelStage.Closed)
        {
            // The peer has missed our answer.
            if (_session.ClosingFee is null)
                SendAgreedFee(step);
            return;
        }

        if (State.Stage != ChannelStage.Closing || !IsReadyToClose)
        {
            Warn(step, "closing_signed is not expected now");
            return;
        }

        if (FindSigned(message) is not { } closing)
        {
            Warn(step, $"closing_signed: the signature is not one of a closing transaction with a fee of {message.Fee}");
            return;
        }

        if (message.Fee == _session.ClosingFee)
        {
            Agree(step, closing, message);
            return;
        }

        var range = AcceptableFees(context);
        if (message.FeeRange is { } theirs)
            AnswerRange(step, closing, message, range, theirs);
        else
            AnswerFee(step, closing, message, range);
    }

    // With ranges there is at most one answer (BOLT 2): the fundee picks from what both accept, the opener takes that or fails.
    private void AnswerRange(ChannelStep step, ClosingTransaction closing, ClosingSigned message, FeeRange range, FeeRange theirs)
    {
        var overlap = new FeeRange(range.Min > theirs.Min ? range.Min : theirs.Min, range.Max < theirs.Max ? range.Max : theirs.Max);
        if (overlap.Min > overlap.Max)
        {
            Dispute(step, $"closing_signed: a fee from {theirs.Min} to {theirs.Max} does not meet {range.Min} to {range.Max}");
        }
        else if (message.Fee >= range.Min && message.Fee <= range.Max && (State.Setup.IsOpener || _session.ClosingFee is null))
        {
            OfferClosing(step, closing, message.Fee, range);
            Agree(step, closing, message);
        }
        else if (State.Setup.IsOpener || _session.ClosingFee is not null)
        {
            Fail(step, $"closing_signed: {message.Fee} is not a fee that was agreed to");
        }
        else if (MakeClosing(Clamp(message.Fee, overlap), State.Setup.Local.DustLimit) is { } answer)
        {
            OfferClosing(step, answer, Clamp(message.Fee, overlap), range);
        }
        else
        {
            Fail(step, "nothing is left that a closing transaction could pay");
        }
    }

    // Without ranges the two meet in the middle, each answer strictly between the last two.
    private void AnswerFee(ChannelStep step, ClosingTransaction closing, ClosingSigned message, FeeRange range)
    {
        if (message.Fee >= range.Min && message.Fee <= range.Max)
        {
            OfferClosing(step, closing, message.Fee, range);
            Agree(step, closing, message);
            return;
        }

        var last = _session.ClosingFee ?? Clamp(message.Fee, range);
        if (_session.PeerClosingFee is { } before && !IsBetween(message.Fee, before, last))
        {
            Warn(step, $"closing_signed: {message.Fee} is not between the last two");
            return;
        }

        _session.PeerClosingFee = message.Fee;
        var fee = _session.ClosingFee is null ? last : Clamp(new Satoshis((last.Value + message.Fee.Value) / 2), range);
        if (fee == _session.ClosingFee || MakeClosing(fee, State.Setup.Local.DustLimit) is not { } answer)
        {
            Dispute(step, $"closing_signed: {message.Fee} is too far from what we accept: {range.Min} to {range.Max}");
            return;
        }

        OfferClosing(step, answer, fee, range);
    }

    // A warning, and another try when the peer is back: estimates move. What never ends is ended by us.
    private void Dispute(ChannelStep step, string text)
    {
        if (++_closingDisputes < ClosingDisputesMax)
            Warn(step, text);
        else
            Fail(step, $"no closing fee was agreed to in {ClosingDisputesMax} negotiations: {text}");
    }

    // From here on the peer can broadcast it: it is known to the store before the signature leaves.
    private void OfferClosing(ChannelStep step, ClosingTransaction closing, Satoshis fee, FeeRange range)
    {
        var known = false;
        foreach (var earlier in State.ClosingTransactions)
            known |= earlier.TxId == closing.Unsigned.TxId;
        if (!known && State.ClosingTransactions.Count >= ClosingsMax)
        {
            Fail(step, "the negotiation of the closing fee does not end");
            return;
        }

        if (!known)
            Apply(step, new ChannelRecord.ClosingOffered(closing.Unsigned));
        _session.ClosingFee = fee;
        Send(step, new ClosingSigned { ChannelId = Id, Fee = fee, Signature = _keys.SignClosing(closing), FeeRange = range });
    }

    private void Agree(ChannelStep step, ClosingTransaction closing, ClosingSigned message)
    {
        if (State.Stage != ChannelStage.Closing)
            return;
        var transaction = closing.Sign(_keys.SignClosing(closing), message.Signature);
        Apply(step, new ChannelRecord.ClosingAgreed(transaction, message.Fee));
        step.Add(new ChannelEffect.Closed(transaction));
    }

    private void SendAgreedFee(ChannelStep step)
    {
        var fee = State.ClosingFee;
        _session.ClosingFee = fee;
        if (MakeClosing(fee, State.Setup.Local.DustLimit) is { } closing)
        {
            Send(step, new ClosingSigned
            {
                ChannelId = Id,
                Fee = fee,
                Signature = _keys.SignClosing(closing),
                FeeRange = new FeeRange(fee, fee),
            });
        }
    }

    // The transaction that the peer's signature is for: each side leaves out what is below its own dust limit, and may leave out its own
    // output (BOLT 3, "Legacy Closing Transaction").
    private ClosingTransaction? FindSigned(ClosingSigned message)
    {
        foreach (var dustLimit in new[] { State.Remote.DustLimit, State.Setup.Local.DustLimit })
        {
            if (MakeClosing(message.Fee, dustLimit) is { } closing && IsSigned(closing, message))
                return closing;
        }

        return MakeClosing(message.Fee, State.Setup.Local.DustLimit, withoutTheirs: true) is { } ours && IsSigned(ours, message) ? ours : null;
    }

    private bool IsSigned(ClosingTransaction closing, ClosingSigned message) =>
        Ecdsa.Verify(State.Remote.Basepoints.Funding, message.Signature.Span, closing.SignatureHash().Span);

    // Null when the opener cannot pay that fee, or nothing is left to pay out.
    private ClosingTransaction? MakeClosing(Satoshis fee, Satoshis dustLimit, bool withoutTheirs = false)
    {
        if (State.LocalShutdown is not { } ourScript || State.RemoteShutdown is not { } theirScript || fee < Satoshis.Zero || fee > OpenerFunds)
            return null;
        var theirBalance = State.LocalNow.Theirs;
        if (withoutTheirs)
            theirBalance = State.Setup.IsOpener ? MilliSatoshis.Zero : fee.ToMilliSatoshis();
        var closing = ClosingTransaction.Build(
            LocalContract, new ClosingShare(State.LocalNow.Ours, ourScript), new ClosingShare(theirBalance, theirScript), fee, dustLimit);
        return closing.Unsigned.OutputCount == 0 ? null : closing;
    }

    private Satoshis OpenerFunds => (State.Setup.IsOpener ? State.LocalNow.Ours : State.LocalNow.Theirs).FloorToSatoshis();

    private Satoshis FeeAt(FeeratePerKw feerate)
    {
        var closing = MakeClosing(Satoshis.Zero, State.Setup.Local.DustLimit);
        return feerate.FeeForWeight((closing?.Unsigned.Weight ?? 0) + ClosingWitnessWeight);
    }

    // As opener we pay: up to twice what the estimator says. Otherwise anything that is relayed will do.
    private FeeRange AcceptableFees(ChannelContext context)
    {
        var least = FeeAt(FeerateBounds.Floor);
        var most = State.Setup.IsOpener ? FeeAt(context.Feerates.Closing) * 2 : OpenerFunds;
        if (most > OpenerFunds)
            most = OpenerFunds;
        return new FeeRange(least < most ? least : most, most);
    }

    private static Satoshis Clamp(Satoshis fee, FeeRange range) => fee < range.Min ? range.Min : fee > range.Max ? range.Max : fee;

    private static bool IsBetween(Satoshis fee, Satoshis first, Satoshis second) =>
        first < second ? fee > first && fee < second : fee > second && fee < first;
}
