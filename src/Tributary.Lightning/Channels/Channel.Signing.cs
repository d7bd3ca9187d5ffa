using Tributary.Crypto;
using Tributary.Lightning.Commitments;
using Tributary.Lightning.Messages;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Channels;

// commitment_signed and revoke_and_ack (BOLT 2, "Committing Updates So Far" and "Completing the Transition").
public sealed partial class Channel
{
    // Below this many, the threads cost more than they save: a check takes some 40 µs.
    private const int ParallelFrom = 16;

    private CommitmentState MakeLocalState(ulong number, CommitmentProjection projection, List<CommittedHtlc> htlcs) => new()
    {
        Number = number,
        Keys = DeriveKeys(LocalPoint(number), isLocal: true)
            ?? throw new InvalidOperationException("Our own keys cancel the peer's out: one in 2^127 does."),
        Feerate = projection.Feerate,
        ToBroadcaster = projection.Ours,
        ToCountersigner = projection.Theirs,
        Htlcs = htlcs,
    };

    private CommitmentState MakeRemoteState(ulong number, in PublicKey point, CommitmentProjection projection) => new()
    {
        Number = number,
        Keys = RemoteKeys(point) ?? throw new InvalidOperationException("A point that cancels keys out was not refused."),
        Feerate = projection.Feerate,
        ToBroadcaster = projection.Theirs,
        ToCountersigner = projection.Ours,
        Htlcs = State.RemoteHtlcs(number),
    };

    // A point is asked for twice: when the peer is told of it, and when the peer has signed for it.
    private PublicKey LocalPoint(ulong number)
    {
        if (_localPoint is not { } known || known.Number != number)
            _localPoint = (number, _keys.PerCommitment.Point(number));
        return _localPoint.Value.Point;
    }

    // The keys of a point are derived when it comes, to check it, and used when the commitment is signed: four multiplications each time.
    private CommitmentKeys? RemoteKeys(in PublicKey point)
    {
        if (_remoteKeys is null || _remoteKeys.PerCommitmentPoint != point)
            _remoteKeys = DeriveKeys(point, isLocal: false);
        return _remoteKeys;
    }

    private CommitmentKeys? DeriveKeys(in PublicKey point, bool isLocal)
    {
        var (broadcaster, countersigner) = isLocal ? (State.Setup.Local, State.Remote) : (State.Remote, State.Setup.Local);
        return CommitmentKeys.TryDerive(State.Format, point, broadcaster.Basepoints, countersigner.Basepoints, out var keys) ? keys : null;
    }

    // Signs the peer's next commitment with all that is owed.
    private void SignCommitment(ChannelStep step)
    {
        Apply(step, new ChannelRecord.CommitmentSigned(State.RemoteNumber + 1));
        Send(step, MakeCommitmentSigned());
    }

    // The same bytes each time: signatures are deterministic, so what was lost is made again and never stored.
    private CommitmentSigned MakeCommitmentSigned()
    {
        var commitment = CommitmentTransaction.Build(RemoteContract, NextRemote!);
        return new CommitmentSigned
        {
            ChannelId = Id,
            Signature = _keys.SignCommitment(commitment),
            HtlcSignatures = _keys.SignPeerHtlcs(commitment),
        };
    }

    private RevokeAndAck MakeRevokeAndAck()
    {
        Span<byte> secret = stackalloc byte[Bytes32.Length];
        _keys.PerCommitment.WriteSecret(State.LocalNumber - 1, secret);
        return new RevokeAndAck
        {
            ChannelId = Id,
            PerCommitmentSecret = new Bytes32(secret),
            NextPerCommitmentPoint = LocalPoint(State.LocalNumber + 1),
        };
    }

    private void HandleCommitmentSigned(ChannelStep step, CommitmentSigned message)
    {
        if (!RequireOperating(step, message))
            return;

        if (State.LocalNumber + 1 >= CommitmentNumber.Max)
        {
            Fail(step, "the channel has used up its commitment numbers");
            return;
        }

        if (_session.InboxFee is not null && ChannelLimits.IsFeeUnpaid(State, _session.NextLocal))
        {
            Warn(step, "update_fee: the funder cannot pay the new feerate");
            return;
        }

        var number = State.LocalNumber + 1;
        var next = MakeLocalState(number, _session.NextLocal, NextLocalHtlcs());
        var commitment = CommitmentTransaction.Build(LocalContract, next);
        if (FindBadSignature(commitment, message) is { } fault)
        {
            Warn(step, $"commitment_signed for commitment {number}: {fault}");
            return;
        }

        Apply(step, new ChannelRecord.CommitmentReceived(number, [.. _session.Inbox], message.Signature, message.HtlcSignatures));
        _local = new SignedCommitment(next, message.Signature, message.HtlcSignatures);
        _session.ClearInbox(State.NextLocal);
        Send(step, MakeRevokeAndAck());
    }

    // The HTLCs of our next commitment: with the inbox, and with those updates of ours that the peer has acknowledged.
    private List<CommittedHtlc> NextLocalHtlcs()
    {
        var htlcs = new List<CommittedHtlc>(State.Offered.Count + State.Received.Count + _session.InboxAdds.Count);
        foreach (var htlc in State.Offered)
        {
            if (ChannelState.IsInNextLocal(htlc) && !_session.InboxRemovals.Contains(htlc.Id))
                htlcs.Add(htlc.ForLocal);
        }

        foreach (var htlc in State.Received)
        {
            if (ChannelState.IsInNextLocal(htlc))
                htlcs.Add(htlc.ForLocal);
        }

        foreach (var htlc in _session.InboxAdds)
            htlcs.Add(htlc.ForLocal);
        return htlcs;
    }

    private string? FindBadSignature(CommitmentTransaction commitment, CommitmentSigned message)
    {
        if (!Ecdsa.Verify(State.Remote.Basepoints.Funding, message.Signature.Span, commitment.SignatureHash().Span))
            return $"the signature is not one of transaction {commitment.Unsigned.TxId}";

        var outputs = commitment.Htlcs;
        if (message.HtlcSignatures.Count != outputs.Count)
            return $"{message.HtlcSignatures.Count} HTLC signatures for {outputs.Count} outputs";

        var key = commitment.State.Keys.CountersignerHtlcKey;
        var signatures = message.HtlcSignatures;
        bool IsGood(int i)
        {
            var signature = signatures[i];
            return Ecdsa.Verify(key, signature.Span, HtlcTransaction.Build(commitment, outputs[i]).CountersignerHash().Span);
        }

        var bad = -1;
        if (outputs.Count >= ParallelFrom)
        {
            Parallel.For(0, outputs.Count, i =>
            {
                if (!IsGood(i))
                    Volatile.Write(ref bad, i);
            });
        }
        else
        {
            for (var i = 0; i < outputs.Count && bad < 0; i++)
                bad = IsGood(i) ? -1 : i;
        }

        return bad < 0 ? null : $"the signature of HTLC output {outputs[bad].Index} is not one of its HTLC transaction";
    }

    private void HandleRevokeAndAck(ChannelStep step, RevokeAndAck message)
    {
        if (!RequireOperating(step, message))
            return;

        if (!State.AwaitsRevocation)
        {
            Fail(step, "revoke_and_ack without a commitment_signed that it answers");
            return;
        }

        // BOLT 2: a secret that does not fit fails the channel, as without it a penalty could not be had.
        if (!SecretKey.TryCreate(message.PerCommitmentSecret.Span, out var secret))
        {
            Fail(step, "revoke_and_ack: per_commitment_secret is no secret key");
            return;
        }

        using (secret)
        {
            if (secret.PublicKey != State.RemotePoint || !State.Revoked.Follows(message.PerCommitmentSecret))
            {
                Fail(step, $"revoke_and_ack: per_commitment_secret is not that of commitment {State.RemoteNumber}");
                return;
            }
        }

        // What is signed already needs the keys no more that this replaces.
        if (RemoteKeys(message.NextPerCommitmentPoint) is null)
        {
            Fail(step, "revoke_and_ack: next_per_commitment_point cancels keys out");
            return;
        }

        CompleteRevocation(step, message);
    }

    private void CompleteRevocation(ChannelStep step, RevokeAndAck message)
    {
        // What becomes irrevocable is told after the record that makes it so.
        var committed = new List<ChannelHtlc>();
        var ended = new List<ulong>();
        foreach (var update in State.TheirsSigned)
        {
            if (update.Kind == UpdateKind.Add)
                committed.Add(State.FindReceived(update.Id)!);
            else if (update.Kind == UpdateKind.Remove)
                ended.Add(update.Id);
        }

        _remote = NextRemote;
        Apply(step, new ChannelRecord.RevocationReceived(State.RemoteNumber, message.PerCommitmentSecret, message.NextPerCommitmentPoint));
        _nextRemote = null;
        RebaseInbox();

        if (IsFundingTrusted)
        {
            foreach (var htlc in committed)
                step.Add(new ChannelEffect.HtlcCommitted(htlc.AsIncoming()));
        }

        foreach (var id in ended)
        {
            var resolved = State.FindResolved(id)!;
            step.Add(new ChannelEffect.HtlcResolved(id, resolved.PaymentHash, resolved.Outcome));
        }
    }

    // Updates of ours that the peer has just acknowledged go into our next commitment, in which the inbox is counted already.
    private void RebaseInbox()
    {
        if (_session.Inbox.Count == 0)
        {
            _session.NextLocal = State.NextLocal;
            return;
        }

        var projection = State.NextLocal;
        foreach (var htlc in _session.InboxAdds)
            projection.Add(State.LocalRules, htlc);
        foreach (var update in _session.Inbox)
        {
            if (update is UpdateFulfillHtlc or UpdateFailHtlc or UpdateFailMalformedHtlc)
            {
                var (id, outcome) = Removal(update);
                projection.Remove(State.LocalRules, State.FindOffered(id)!, outcome);
            }
        }

        _session.NextLocal = projection;
        if (_session.InboxFee is { } feerate)
            RecountInbox(feerate);
    }

    // Our next commitment under a feerate that the peer has announced: what is trimmed may change.
    private void RecountInbox(FeeratePerKw feerate)
    {
        var counted = _session.NextLocal.Uncounted(feerate);
        foreach (var htlc in State.Offered)
        {
            if (ChannelState.IsInNextLocal(htlc) && !_session.InboxRemovals.Contains(htlc.Id))
                counted.Count(State.LocalRules, htlc);
        }

        foreach (var htlc in State.Received)
        {
            if (ChannelState.IsInNextLocal(htlc))
                counted.Count(State.LocalRules, htlc);
        }

        foreach (var htlc in _session.InboxAdds)
            counted.Count(State.LocalRules, htlc);
        _session.NextLocal = counted;
    }

    private static (ulong Id, HtlcOutcome Outcome) Removal(LightningMessage update) => update switch
    {
        UpdateFulfillHtlc fulfill => (fulfill.Id, new HtlcOutcome.Fulfilled(fulfill.PaymentPreimage)),
        UpdateFailHtlc fail => (fail.Id, new HtlcOutcome.Failed(fail.Reason)),
        UpdateFailMalformedHtlc malformed => (malformed.Id, new HtlcOutcome.FailedMalformed(malformed.Sha256OfOnion, malformed.FailureCode)),
        _ => throw new ArgumentException("This update removes nothing.", nameof(update)),
    };
}
