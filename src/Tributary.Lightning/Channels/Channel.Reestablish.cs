using Tributary.Lightning.Messages;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Channels;

// channel_reestablish (BOLT 2, "Message Retransmission"): who has what, and what is sent again.
public sealed partial class Channel
{
    private void SendReestablish(ChannelStep step)
    {
        if (State.Stage is ChannelStage.Opening or ChannelStage.Forgotten or ChannelStage.Failed)
            return;

        Send(step, new ChannelReestablish
        {
            ChannelId = Id,
            NextCommitmentNumber = State.LocalNumber + 1,
            NextRevocationNumber = State.RemoteNumber,
            YourLastPerCommitmentSecret = State.RemoteNumber > 0 && State.Revoked.TryGet(State.RemoteNumber - 1, out var secret) ? secret : default,
            MyCurrentPerCommitmentPoint = _keys.PerCommitment.Point(State.LocalNumber),
        });

        // The peer closes on the error: our own commitment may be one that we have revoked since the copy was made.
        if (State.Stage == ChannelStage.Stale)
            FailPeer(step, State.Ending ?? "we have lost state: please close the channel");
    }

    private void HandleFunded(ChannelStep step, LightningMessage message, ChannelContext context)
    {
        if (message is ChannelReestablish reestablish)
        {
            HandleReestablish(step, reestablish, context);
            return;
        }

        // Some nodes send channel_ready before they reestablish; it tells nothing that depends on it.
        if (message is ChannelReady ready)
        {
            if (State.Stage != ChannelStage.Closed)
                HandleChannelReady(step, ready);
            return;
        }

        if (!_session.IsUp)
        {
            Warn(step, $"{message.Type} before channel_reestablish");
            return;
        }

        switch (message)
        {
            case CommitmentSigned signed:
                HandleCommitmentSigned(step, signed);
                break;
            case RevokeAndAck revocation:
                HandleRevokeAndAck(step, revocation);
                break;
            case Shutdown shutdown:
                HandleShutdown(step, shutdown);
                break;
            case ClosingSigned closing:
                HandleClosingSigned(step, closing, context);
                break;
            case AnnouncementSignatures:
                // Announcing is not ours yet; a peer may still offer its half.
                break;
            default:
                HandleUpdate(step, message, context);
                break;
        }
    }

    private void HandleReestablish(ChannelStep step, ChannelReestablish message, ChannelContext context)
    {
        if (!_session.IsConnected || _session.IsReestablished)
        {
            Warn(step, "channel_reestablish is not expected now");
            return;
        }

        if (!ChecksOut(step, message))
            return;

        _session.IsReestablished = true;
        if (TakeConfirmation(step))
            return;
        if (message.NextCommitmentNumber == 1 && State.LocalNumber == 0 && State.IsLocalReady && State.Stage != ChannelStage.Closed)
            Send(step, MakeChannelReady());

        var owesRevocation = message.NextRevocationNumber + 1 == State.LocalNumber;
        var owesCommitment = State.AwaitsRevocation && message.NextCommitmentNumber == State.RemoteNumber + 1;
        if (owesRevocation && State.SignedAfterRevoking)
            Send(step, MakeRevokeAndAck());
        if (owesCommitment)
            ResendCommitment(step);
        if (owesRevocation && !State.SignedAfterRevoking)
            Send(step, MakeRevokeAndAck());

        // What was never signed for is forgotten by the peer.
        foreach (var update in State.OursPending)
            Send(step, MakeUpdate(update));
        if (State.IsShutdownSent)
            Send(step, MakeShutdown());
        OfferClosingWhenDue(step, context);
    }

    // The same updates in the same order, and the same signatures: BOLT 2 wants no other.
    private void ResendCommitment(ChannelStep step)
    {
        foreach (var update in State.OursSigned)
            Send(step, MakeUpdate(update));
        Send(step, MakeCommitmentSigned());
    }

    // The peer agrees with our state: what was put off for want of that is done now.
    private bool TakeConfirmation(ChannelStep step)
    {
        IsConfirmed = true;
        if (_withheld is not { } reason)
            return false;
        _withheld = null;
        Fail(step, reason);
        return true;
    }

    // Is what the peer says possible? If not, one of us has lost state, or the peer lies.
    private bool ChecksOut(ChannelStep step, ChannelReestablish message)
    {
        var revoked = State.LocalNumber;
        if (message.NextRevocationNumber > 0)
        {
            if (!IsOurSecret(message.NextRevocationNumber - 1, message.YourLastPerCommitmentSecret))
            {
                Fail(step, "channel_reestablish: your_last_per_commitment_secret is not ours");
                return false;
            }

            if (message.NextRevocationNumber > revoked)
            {
                // The peer holds a secret that we do not remember giving: our commitment is revoked, and broadcasting it loses everything.
                var reason = $"the peer proves that commitment {message.NextRevocationNumber - 1} is revoked, and ours is {revoked}: we have lost state";
                Apply(step, new ChannelRecord.MarkedStale(reason));
                FailPeer(step, "we have lost state: please close the channel");
                return false;
            }
        }

        if (message.NextRevocationNumber + 1 < revoked)
        {
            Fail(step, $"channel_reestablish: next_revocation_number {message.NextRevocationNumber} is behind {revoked}: you have lost state");
            return false;
        }

        var signed = State.RemoteNumber + (State.AwaitsRevocation ? 1UL : 0);
        var lacksOne = State.AwaitsRevocation && message.NextCommitmentNumber == signed;
        if (message.NextCommitmentNumber != signed + 1 && !lacksOne)
        {
            Fail(step, $"channel_reestablish: next_commitment_number {message.NextCommitmentNumber} where {signed + 1} comes next");
            return false;
        }

        return true;
    }

    private bool IsOurSecret(ulong number, Bytes32 secret)
    {
        if (number > Commitments.CommitmentNumber.Max)
            return false;
        Span<byte> ours = stackalloc byte[Bytes32.Length];
        _keys.PerCommitment.WriteSecret(number, ours);
        var isOurs = System.Security.Cryptography.CryptographicOperations.FixedTimeEquals(ours, secret.Span);
        System.Security.Cryptography.CryptographicOperations.ZeroMemory(ours);
        return isOurs;
    }
}
