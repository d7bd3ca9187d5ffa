using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Crypto;
using Tributary.Lightning.Commitments;
using Tributary.Lightning.Features;
using Tributary.Lightning.Keys;
using Tributary.Lightning.Messages;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Results;

namespace Tributary.Lightning.Channels;

// Channel establishment v1 (BOLT 2), both roles, up to channel_ready.
public sealed partial class Channel
{
    // What a coinbase pays cannot be spent before (consensus): nor can a commitment.
    private const uint CoinbaseDepth = 100;

    /// <summary>Proposes a channel to a connected peer.</summary>
    /// <param name="proposal">What the driver decides.</param>
    /// <param name="keys">Of a key id that was never used; the channel's from now on, unless this is refused.</param>
    /// <param name="policy">What we ask of channels.</param>
    /// <param name="context">Of now.</param>
    public static Result<StartedChannel, Refusal> Open(ChannelProposal proposal, ChannelKeys keys, ChannelPolicy policy, ChannelContext context)
    {
        if (OpeningChecks.CheckFunding(
            proposal.FundingAmount, proposal.PushAmount, policy, proposal.LocalFeatures, proposal.PeerFeatures) is { } refusal)
        {
            return refusal;
        }

        var features = proposal.Type.ToFeatures();
        foreach (var feature in new[] { Feature.AnchorsZeroFeeHtlc, Feature.ScidAlias, Feature.ZeroConf })
        {
            if (features.Supports(feature) && !proposal.LocalFeatures.IsNegotiated(feature, proposal.PeerFeatures))
                return new Refusal("channel_type", $"needs {feature}, which is not agreed with the peer");
        }

        if (proposal.Type.ScidAlias && proposal.IsAnnounced)
            return new Refusal("channel_flags", "a channel that is known by an alias only is not announced");
        if (!ShutdownScripts.IsAllowed(proposal.ShutdownScript, anySegwit: true))
            return new Refusal("shutdown_script", "is no script that a channel may close to");
        if (proposal.Feerate < FeerateBounds.Floor)
            return new Refusal("feerate_per_kw", $"{proposal.Feerate} is below {FeerateBounds.Floor}");

        var setup = MakeSetup(
            keys, policy, proposal.Peer, proposal.TemporaryId, proposal.FundingAmount, proposal.Alias, proposal.ShutdownScript, context,
            BindsScript(policy, proposal.ShutdownScript, proposal.LocalFeatures, proposal.PeerFeatures)) with
        {
            IsOpener = true,
            PushAmount = proposal.PushAmount,
            Feerate = proposal.Feerate,
            FundingFeerate = proposal.FundingFeerate,
            Type = proposal.Type,
            IsAnnounced = proposal.IsAnnounced,
        };
        var format = proposal.Type.HasAnchors ? CommitmentFormat.AnchorsZeroFeeHtlc : CommitmentFormat.StaticRemoteKey;
        if (OpeningChecks.OpenerBalance(setup.FundingAmount, setup.PushAmount, format, setup.Feerate) < setup.Local.ChannelReserve.ToMilliSatoshis())
            return new Refusal("push_msat", "leaves less than the reserve after the fee of the first commitment");

        var (channel, step) = Start(setup, null, 0, keys, policy, proposal.LocalFeatures, proposal.PeerFeatures);
        Send(step, MakeOpenChannel(setup, policy, NegotiatesUpfront(proposal.LocalFeatures, proposal.PeerFeatures)));
        return new StartedChannel(channel, step);
    }

    /// <summary>Answers a peer that proposes a channel. When it is refused, the peer gets <see cref="ChannelErrors.Error"/> with the reason.</summary>
    /// <param name="message">The proposal.</param>
    /// <param name="acceptance">What the driver knows and decides.</param>
    /// <param name="keys">Of a key id that was never used; the channel's from now on, unless this is refused.</param>
    /// <param name="policy">What we ask of channels.</param>
    /// <param name="context">Of now.</param>
    public static Result<StartedChannel, Refusal> Accept(
        OpenChannel message, ChannelAcceptance acceptance, ChannelKeys keys, ChannelPolicy policy, ChannelContext context)
    {
        if (OpeningChecks.CheckOpen(message, acceptance, policy, context.Feerates) is { } refusal)
            return refusal;

        var type = ChannelType.Read(message.ChannelTypeBits!).Value;
        var setup = MakeSetup(
            keys, policy, acceptance.Peer, message.TemporaryChannelId, message.FundingAmount, acceptance.Alias, acceptance.ShutdownScript, context,
            BindsScript(policy, acceptance.ShutdownScript, acceptance.LocalFeatures, acceptance.PeerFeatures)) with
        {
            PushAmount = message.PushAmount,
            Feerate = message.Feerate,
            Type = type,
            IsAnnounced = (message.ChannelFlags & 1) != 0,
            IsTrusted = acceptance.IsTrusted,
        };
        if (setup.Local.DustLimit > message.ChannelReserve)
            return new Refusal("channel_reserve_satoshis", "is below our dust limit");
        if (setup.Local.ChannelReserve < message.DustLimit)
            return new Refusal("dust_limit_satoshis", "is above our channel_reserve_satoshis");

        var remote = OpeningChecks.TermsOf(message);
        if (!AreUsable(setup, remote, type))
            return new Refusal("first_per_commitment_point", "cancels keys out");

        // From a peer that is trusted a funding is taken as it is, also where the type does not say so: some openers never name it.
        var isAtOnce = type.ZeroConf || (acceptance.IsTrusted && acceptance.LocalFeatures.IsNegotiated(Feature.ZeroConf, acceptance.PeerFeatures));
        var depth = isAtOnce ? 0 : Math.Max(1, policy.MinimumDepth);
        var (channel, step) = Start(setup, remote, depth, keys, policy, acceptance.LocalFeatures, acceptance.PeerFeatures);
        Send(step, MakeAcceptChannel(setup, depth, NegotiatesUpfront(acceptance.LocalFeatures, acceptance.PeerFeatures)));
        return new StartedChannel(channel, step);
    }

    /// <summary>The wallet has built and signed the funding transaction. It must not be broadcast before <see cref="ChannelEffect.BroadcastFunding"/>.</summary>
    public Result<ChannelStep, Refusal> FundingBuilt(Transaction transaction)
    {
        if (State.Stage != ChannelStage.Opening || State.RemoteTerms is null || !State.Setup.IsOpener || State.Funding is not null || !_session.IsUp)
            return new Refusal("channel", "wants no funding any more: the connection or the peer is gone");
        var script = FundingOutputScript();
        var index = 0;
        while (index < transaction.OutputCount && (transaction.OutputValue(index) != State.Setup.FundingAmount || transaction.Output(index).ScriptPubKey != script))
            index++;
        if (index >= transaction.OutputCount || index > ushort.MaxValue)
            return new Refusal("transaction", "has no output of the channel's script and amount");

        var step = new ChannelStep();
        Apply(step, new ChannelRecord.FundingProposed(transaction, (uint)index));
        Send(step, new FundingCreated
        {
            TemporaryChannelId = State.Setup.TemporaryId,
            FundingTxId = transaction.TxId,
            FundingOutputIndex = (ushort)index,
            Signature = SignFirst(),
        });
        return step;
    }

    /// <summary>The wallet cannot fund the channel.</summary>
    public ChannelStep FundingFailed(string reason)
    {
        var step = new ChannelStep();
        if (State.Stage == ChannelStage.Opening)
        {
            FailPeer(step, "the channel could not be funded");
            Forget(step, reason);
        }

        return step;
    }

    /// <summary>The funding transaction is in the best chain, so many blocks deep (1 for the tip). Called when it changes until the depth is enough, and after a restart.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="outputIndex">Of the output that is watched.</param>
    /// <param name="position">Its place in the chain.</param>
    /// <param name="depth">1 for the tip.</param>
    /// <exception cref="ArgumentException">The output is not the one that <see cref="ChannelEffect.WatchFunding"/> named.</exception>
    public ChannelStep FundingSeen(Transaction transaction, int outputIndex, ShortChannelId position, uint depth)
    {
        var step = new ChannelStep();
        if (State.Funding is not { } funding || depth == 0
            || State.Stage is not (ChannelStage.AwaitingReady or ChannelStage.Open or ChannelStage.Closing or ChannelStage.Failed))
        {
            return step;
        }

        if (transaction.TxId != funding.TxId || outputIndex != funding.Index)
            throw new ArgumentException($"This is not the funding output {funding}.", nameof(transaction));

        // BOLT 2: who does not fund checks that the output is what was agreed; before, nothing said so but the opener.
        if (outputIndex >= transaction.OutputCount
            || transaction.Output(outputIndex).ScriptPubKey != FundingOutputScript() || transaction.OutputValue(outputIndex) != State.Setup.FundingAmount)
        {
            FailPeer(step, "the funding output is not what was agreed");
            Forget(step, "the funding output is not what was agreed");
            TellUsable(step);
            return step;
        }

        // A channel that has failed is the monitor's; that its funding was seen keeps it from being forgotten.
        if (State.Stage == ChannelStage.Failed)
        {
            if (State.Position != position)
                Apply(step, new ChannelRecord.FundingConfirmed(position));
            return step;
        }

        var wasTrusted = IsFundingTrusted;
        if (State.Position != position)
            Apply(step, new ChannelRecord.FundingConfirmed(position));
        var enough = transaction.IsCoinbase ? Math.Max(CoinbaseDepth, State.MinimumDepth) : State.MinimumDepth;
        if (depth >= enough)
            SayReady(step);
        if (!wasTrusted)
            TellCommitted(step);
        TellUsable(step);
        return step;
    }

    /// <summary>A reorganisation took the funding transaction out of the best chain.</summary>
    public ChannelStep FundingReorganised()
    {
        var step = new ChannelStep();
        if (State.Position is not null)
            Apply(step, new ChannelRecord.FundingUnconfirmed());
        TellUsable(step);
        return step;
    }

    /// <summary>A new height. As the side that does not fund, we forget a channel that is not confirmed after 2,016 blocks (BOLT 2).</summary>
    public ChannelStep HeightReached(ChannelContext context)
    {
        var step = new ChannelStep();
        if (State.Stage is ChannelStage.AwaitingReady or ChannelStage.Failed && !State.Setup.IsOpener && State.Position is null
            && context.Height >= State.Setup.StartHeight + (ulong)ChannelPolicy.ForgetAfterBlocks)
        {
            FailPeer(step, "the funding did not confirm in time");
            Forget(step, $"the funding did not confirm within {ChannelPolicy.ForgetAfterBlocks} blocks");
        }

        return step;
    }

    private static (Channel Channel, ChannelStep Step) Start(
        ChannelSetup setup, ChannelTerms? remote, uint depth, ChannelKeys keys, ChannelPolicy policy, FeatureVector local, FeatureVector peer)
    {
        var step = new ChannelStep();
        var started = new ChannelRecord.Started(setup, remote, depth);
        step.Add(started);
        var channel = new Channel(new ChannelState(started), keys, policy);
        channel._session.IsConnected = channel._session.IsReestablished = true;
        channel.IsConfirmed = true;
        channel._session.TakesAnySegwit = local.IsNegotiated(Feature.ShutdownAnySegwit, peer);
        channel._openingFeatures = (local, peer);
        return (channel, step);
    }

    private static ChannelSetup MakeSetup(
        ChannelKeys keys, ChannelPolicy policy, NodeId peer, ChannelId temporaryId, Satoshis funding, ShortChannelId alias, Script script,
        ChannelContext context, bool bindsScript) => new()
        {
            KeyId = keys.Id,
            Peer = peer,
            IsOpener = false,
            TemporaryId = temporaryId,
            FundingAmount = funding,
            PushAmount = default,
            Feerate = default,
            Type = default,
            IsAnnounced = false,
            IsTrusted = false,
            Alias = alias,
            ShutdownScript = script,
            StartHeight = context.Height,
            DustExposureMax = policy.DustExposureMax,
            Local = new ChannelTerms
            {
                DustLimit = policy.DustLimit,
                MaxHtlcValueInFlight = funding.ToMilliSatoshis(),
                ChannelReserve = policy.ReserveFor(funding),
                HtlcMinimum = policy.HtlcMinimum,
                ToSelfDelay = policy.ToSelfDelay,
                MaxAcceptedHtlcs = Math.Min(policy.MaxAcceptedHtlcs, (ushort)ChannelPolicy.HtlcsMax),
                Basepoints = keys.Basepoints,
                FirstPoint = keys.PerCommitment.Point(0),
                UpfrontShutdownScript = bindsScript ? script : null,
            },
        };

    private static bool NegotiatesUpfront(FeatureVector local, FeatureVector peer) => local.IsNegotiated(Feature.UpfrontShutdownScript, peer);

    private static bool BindsScript(ChannelPolicy policy, Script script, FeatureVector local, FeatureVector peer) =>
        policy.BindsShutdownScript && NegotiatesUpfront(local, peer)
        && ShutdownScripts.IsAllowed(script, local.IsNegotiated(Feature.ShutdownAnySegwit, peer));

    // Could commitments of both sides be made at all?
    private static bool AreUsable(ChannelSetup setup, ChannelTerms remote, ChannelType type)
    {
        var format = type.HasAnchors ? CommitmentFormat.AnchorsZeroFeeHtlc : CommitmentFormat.StaticRemoteKey;
        return CommitmentKeys.TryDerive(format, remote.FirstPoint, remote.Basepoints, setup.Local.Basepoints, out _)
            && CommitmentKeys.TryDerive(format, setup.Local.FirstPoint, setup.Local.Basepoints, remote.Basepoints, out _);
    }

    private static OpenChannel MakeOpenChannel(ChannelSetup setup, ChannelPolicy policy, bool upfront) => new()
    {
        ChainHash = policy.ChainHash,
        TemporaryChannelId = setup.TemporaryId,
        FundingAmount = setup.FundingAmount,
        PushAmount = setup.PushAmount,
        DustLimit = setup.Local.DustLimit,
        MaxHtlcValueInFlight = setup.Local.MaxHtlcValueInFlight,
        ChannelReserve = setup.Local.ChannelReserve,
        HtlcMinimum = setup.Local.HtlcMinimum,
        Feerate = setup.Feerate,
        ToSelfDelay = setup.Local.ToSelfDelay,
        MaxAcceptedHtlcs = setup.Local.MaxAcceptedHtlcs,
        FundingKey = setup.Local.Basepoints.Funding,
        RevocationBasepoint = setup.Local.Basepoints.Revocation,
        PaymentBasepoint = setup.Local.Basepoints.Payment,
        DelayedPaymentBasepoint = setup.Local.Basepoints.DelayedPayment,
        HtlcBasepoint = setup.Local.Basepoints.Htlc,
        FirstPerCommitmentPoint = setup.Local.FirstPoint,
        ChannelFlags = setup.IsAnnounced ? (byte)1 : (byte)0,
        UpfrontShutdownScript = upfront ? setup.Local.UpfrontShutdownScript ?? Script.Empty : null,
        ChannelTypeBits = setup.Type.ToFeatures(),
    };

    private static AcceptChannel MakeAcceptChannel(ChannelSetup setup, uint depth, bool upfront) => new()
    {
        TemporaryChannelId = setup.TemporaryId,
        DustLimit = setup.Local.DustLimit,
        MaxHtlcValueInFlight = setup.Local.MaxHtlcValueInFlight,
        ChannelReserve = setup.Local.ChannelReserve,
        HtlcMinimum = setup.Local.HtlcMinimum,
        MinimumDepth = depth,
        ToSelfDelay = setup.Local.ToSelfDelay,
        MaxAcceptedHtlcs = setup.Local.MaxAcceptedHtlcs,
        FundingKey = setup.Local.Basepoints.Funding,
        RevocationBasepoint = setup.Local.Basepoints.Revocation,
        PaymentBasepoint = setup.Local.Basepoints.Payment,
        DelayedPaymentBasepoint = setup.Local.Basepoints.DelayedPayment,
        HtlcBasepoint = setup.Local.Basepoints.Htlc,
        FirstPerCommitmentPoint = setup.Local.FirstPoint,
        UpfrontShutdownScript = upfront ? setup.Local.UpfrontShutdownScript ?? Script.Empty : null,
        ChannelTypeBits = setup.Type.ToFeatures(),
    };

    private void HandleOpening(ChannelStep step, LightningMessage message, ChannelContext context)
    {
        switch (message)
        {
            case AcceptChannel accept when State.Setup.IsOpener && State.RemoteTerms is null:
                HandleAccept(step, accept);
                break;
            case FundingCreated created when !State.Setup.IsOpener:
                HandleFundingCreated(step, created);
                break;
            case FundingSigned signed when State.Setup.IsOpener && State.Funding is not null:
                HandleFundingSigned(step, signed);
                break;
            default:
                Refuse(step, $"{message.Type} is not expected now");
                break;
        }
    }

    private void HandleAccept(ChannelStep step, AcceptChannel accept)
    {
        var (local, peer) = _openingFeatures!.Value;
        if (OpeningChecks.CheckAccept(accept, State.Setup, _policy, local, peer) is { } refusal)
        {
            Refuse(step, $"accept_channel.{refusal}");
            return;
        }

        var remote = OpeningChecks.TermsOf(accept);
        if (!AreUsable(State.Setup, remote, State.Setup.Type))
        {
            Refuse(step, "accept_channel.first_per_commitment_point: cancels keys out");
            return;
        }

        Apply(step, new ChannelRecord.Accepted(remote, accept.MinimumDepth));
        step.Add(new ChannelEffect.NeedsFunding(FundingOutputScript(), State.Setup.FundingAmount, State.Setup.FundingFeerate));
    }

    private void HandleFundingCreated(ChannelStep step, FundingCreated created)
    {
        var funding = new OutPoint(created.FundingTxId, created.FundingOutputIndex);
        if (!IsFirstSigned(funding, created.Signature))
        {
            Refuse(step, "funding_created.signature: is not one of the first commitment transaction");
            return;
        }

        Apply(step, new ChannelRecord.FundingSigned(funding, created.Signature));
        _session.ClearInbox(State.NextLocal);
        Send(step, new FundingSigned { ChannelId = Id, Signature = SignFirst() });
        step.Add(new ChannelEffect.WatchFunding(funding, FundingOutputScript(), State.Setup.FundingAmount));
        if (State.MinimumDepth == 0)
            SayReady(step);
    }

    private void HandleFundingSigned(ChannelStep step, FundingSigned signed)
    {
        var funding = State.Funding!.Value;
        if (!IsFirstSigned(funding, signed.Signature))
        {
            Refuse(step, "funding_signed.signature: is not one of the first commitment transaction");
            return;
        }

        Apply(step, new ChannelRecord.FundingSigned(funding, signed.Signature));
        _session.ClearInbox(State.NextLocal);
        step.Add(new ChannelEffect.WatchFunding(funding, FundingOutputScript(), State.Setup.FundingAmount));
        step.Add(new ChannelEffect.BroadcastFunding(State.FundingTransaction!));
        if (State.MinimumDepth == 0)
            SayReady(step);
    }

    private void HandleChannelReady(ChannelStep step, ChannelReady ready)
    {
        // It is sent again after a reconnection, and with another alias: BOLT 2 has it ignored.
        if (State.IsRemoteReady)
            return;
        if (RemoteKeys(ready.SecondPerCommitmentPoint) is null)
        {
            Fail(step, "channel_ready: second_per_commitment_point cancels keys out");
            return;
        }

        Apply(step, new ChannelRecord.ReadyReceived(ready.SecondPerCommitmentPoint, ready.Alias));
        if (State.Stage == ChannelStage.Open)
            step.Add(new ChannelEffect.Opened());
    }

    private void SayReady(ChannelStep step)
    {
        if (State.IsLocalReady || State.Stage is not (ChannelStage.AwaitingReady or ChannelStage.Closing))
            return;
        Apply(step, new ChannelRecord.ReadySent());
        if (_session.IsUp)
            Send(step, MakeChannelReady());
        if (State.Stage == ChannelStage.Open)
            step.Add(new ChannelEffect.Opened());
    }

    private ChannelReady MakeChannelReady() =>
        new() { ChannelId = Id, SecondPerCommitmentPoint = LocalPoint(1), Alias = State.Setup.Alias };

    private CompactSignature SignFirst()
    {
        var state = new CommitmentState
        {
            Number = 0,
            Keys = DeriveKeys(State.Remote.FirstPoint, isLocal: false)!,
            Feerate = State.Setup.Feerate,
            ToBroadcaster = State.FirstProjection().Theirs,
            ToCountersigner = State.FirstProjection().Ours,
            Htlcs = [],
        };
        return _keys.SignCommitment(CommitmentTransaction.Build(RemoteContract, state));
    }

    private bool IsFirstSigned(OutPoint funding, CompactSignature signature)
    {
        var state = MakeLocalState(0, State.FirstProjection(), []);
        var commitment = CommitmentTransaction.Build(State.Contract(isLocal: true, funding), state);
        return Ecdsa.Verify(State.Remote.Basepoints.Funding, signature.Span, commitment.SignatureHash().Span);
    }

    private Script FundingOutputScript() =>
        StandardScripts.P2wshOf(CommitmentScripts.Funding(State.Setup.Local.Basepoints.Funding, State.Remote.Basepoints.Funding));

    // Before there is a funding transaction nothing is lost by an end.
    private void Refuse(ChannelStep step, string reason)
    {
        FailPeer(step, reason);
        Forget(step, reason);
    }
}
