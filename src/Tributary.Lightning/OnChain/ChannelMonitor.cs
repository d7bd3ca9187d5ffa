using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Lightning.Channels;
using Tributary.Lightning.Keys;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;

namespace Tributary.Lightning.OnChain;

/// <summary>
/// BOLT 5 for one channel: watches the funding output, asks for a close in time, and once the channel is on chain takes all that is ours. The
/// state changes by <see cref="Apply"/> alone; what is out, what confirmed where, and how deep is all in the records, so that a replay goes on
/// with the same transactions. One thread at a time.
/// </summary>
public sealed class ChannelMonitor
{
    private const byte CheckpointVersion = 1;
    private const int ReasonLengthMax = 200;

    private readonly IChannelClaims _claims;
    private readonly ChannelKeys _keys;
    private readonly MonitorSettings _settings;
    private readonly MonitorState _state;
    private Close? _close;
    private int _closeVersion = -1;

    /// <param name="claims">The channel, read whenever something happens.</param>
    /// <param name="keys">The channel's keys; they stay the caller's.</param>
    /// <param name="settings">Depths, and where money goes.</param>
    public ChannelMonitor(IChannelClaims claims, ChannelKeys keys, MonitorSettings settings)
    {
        if (claims.KeyId != keys.Id)
            throw new ArgumentException("The keys are of another channel.", nameof(keys));
        _claims = claims;
        _keys = keys;
        _settings = settings;
        _state = new MonitorState(claims.LocalContract.Funding);
    }

    /// <summary>What closed the channel; null while nothing has, as far as the chain goes now.</summary>
    public CloseKind? CloseKind => Current?.Kind;

    /// <summary>The height of the close.</summary>
    public int? CloseHeight => Current?.Height;

    /// <summary>Nothing is watched any more.</summary>
    public bool IsDone => _state.IsDone;

    /// <summary>Preimages that were seen on chain.</summary>
    public IReadOnlyDictionary<Bytes32, Bytes32> Preimages => _state.Preimages;

    /// <summary>No close is in a block, and one is wanted: whatever spends the funding in the mempool matters.</summary>
    public bool WantsClose => !_state.IsDone && Current is null && (_state.Released is not null || _claims.IsStale);

    /// <summary>Coins of the wallet that were supplied and not returned, by what they are for.</summary>
    public IReadOnlyList<(OutPoint Purpose, IReadOnlyList<FeeCoin> Coins)> Coins => [.. _state.Coins.Select(static granted => (granted.Key, granted.Value.Coins))];

    private Close? Current
    {
        get
        {
            if (_closeVersion != _state.ChainVersion)
            {
                var confirmed = _state.ConfirmedClose;
                if (confirmed is null || _close is null || _close.Height != confirmed.Height || _close.Transaction.TxId != confirmed.Transaction.TxId)
                    _close = confirmed is null ? null : new CloseReader(_claims, _keys).Read(confirmed.Transaction, confirmed.Height);
                _closeVersion = _state.ChainVersion;
            }

            return _close;
        }
    }

    /// <summary>Applies a record: when the log is replayed. <see cref="Handle"/> applies its own.</summary>
    public void Apply(ClaimRecord record) => _state.Apply(record);

    /// <summary>Handles an input: records to persist, which are applied already, and effects for when they are.</summary>
    public MonitorStep Handle(MonitorInput input, ChainNow now)
    {
        var turn = new MonitorTurn(_claims, _keys, _settings, _state, now)
        {
            Repeats = input is MonitorInput.BlockConnected or MonitorInput.Resume or MonitorInput.BroadcastCommitment,
            AsksForCoins = input is not MonitorInput.CoinsSupplied,
        };
        switch (input)
        {
            case MonitorInput.BlockConnected connected:
                Connect(turn, connected);
                break;
            case MonitorInput.BlockDisconnected disconnected:
                if (_state.Confirmed.Any(confirmed => confirmed.Height >= disconnected.Height))
                    turn.Record(new ClaimRecord.ChainRewound(disconnected.Height));
                break;
            case MonitorInput.BroadcastCommitment request:
                Release(turn, request.Reason);
                break;
            case MonitorInput.CoinsSupplied supplied:
                TakeCoins(turn, supplied);
                break;
            case MonitorInput.CoinsWithdrawn withdrawn when _state.Coins.ContainsKey(withdrawn.Purpose):
                turn.Record(new ClaimRecord.CoinsReturned(withdrawn.Purpose));
                break;
            case MonitorInput.Resume:
                Resume(turn);
                break;
        }

        if (!_state.IsDone)
            Evaluate(turn);
        if (input is MonitorInput.CloseSeen seen && !_state.IsDone && Current is null)
            new PeerCommitmentPusher(turn).Run(seen.Close);
        return turn.ToStep();
    }

    /// <summary>Everything that is not resolved, for people.</summary>
    /// <param name="now">The chain.</param>
    public IReadOnlyList<PendingOutput> FindPending(ChainNow now)
    {
        if (Current is not { } close || _state.IsDone)
            return [];
        var turn = new MonitorTurn(_claims, _keys, _settings, _state, now);
        return
        [
            .. Tracked(close).Where(output => !_state.TryGetSpend(output.OutPoint, out _)).Select(output => new PendingOutput(
                output.OutPoint,
                output.Output.Value,
                output.Kind,
                ClaimableOutputs.Find(output, _claims.LocalContract, _claims.RemoteContract, now.Height, turn.TryGetPreimage)?.Deadline,
                turn.OpenClaim(output.OutPoint)?.Claim.Transaction.TxId)),
        ];
    }

    /// <summary>The state as bytes.</summary>
    public byte[] WriteCheckpoint()
    {
        var writer = new ByteWriter();
        writer.WriteByte(CheckpointVersion);
        foreach (var record in _state.Snapshot())
            writer.WriteCompactSizeBytes(ClaimRecordCodec.Encode(record));
        return writer.ToArray();
    }

    /// <summary>Takes over a state that <see cref="WriteCheckpoint"/> wrote; only as the first thing.</summary>
    /// <returns>How many records it holds, or what is wrong with it.</returns>
    public Result<int, Refusal> ReadCheckpoint(ReadOnlySpan<byte> bytes)
    {
        var reader = new SpanReader(bytes);
        if (!reader.TryReadByte(out var version) || version != CheckpointVersion)
            return new Refusal("checkpoint", "is of a version that this program does not know");
        var records = new List<ClaimRecord>();
        while (!reader.IsAtEnd)
        {
            if (!reader.TryReadCompactSizeBytes(out var one))
                return new Refusal("checkpoint", "is cut short");
            if (!ClaimRecordCodec.Decode(one).TryGet(out var record, out var refusal))
                return refusal;
            records.Add(record);
        }

        records.ForEach(_state.Apply);
        return records.Count;
    }

    private void Connect(MonitorTurn turn, MonitorInput.BlockConnected block)
    {
        if (_state.IsDone)
            return;
        var watched = Watched();
        foreach (var transaction in block.Transactions)
        {
            if (!SpendsAny(transaction, watched) || _state.IsConfirmed(transaction.TxId))
                continue;
            turn.Record(new ClaimRecord.TransactionConfirmed(block.Height, transaction));
            LearnFrom(turn, transaction);
            var isClose = _state.ConfirmedClose?.Transaction.TxId == transaction.TxId;
            if (isClose)
                ReportBreach(turn);
            watched = Watched();
            for (var i = 0; i < transaction.OutputCount; i++)
            {
                if (watched.Contains(transaction.OutPointOf(i)))
                    turn.Emit(new MonitorEffect.Watch(transaction.OutPointOf(i), transaction.Output(i).ScriptPubKey));
            }
        }
    }

    private HashSet<OutPoint> Watched()
    {
        var watched = new HashSet<OutPoint> { _claims.LocalContract.Funding };
        if (Current is not { } close)
            return watched;
        for (var i = 0; i < close.Transaction.OutputCount && close.Kind != OnChain.CloseKind.Mutual; i++)
            watched.Add(close.Transaction.OutPointOf(i));
        foreach (var output in Tracked(close))
            watched.Add(output.OutPoint);
        return watched;
    }

    private static bool SpendsAny(Transaction transaction, HashSet<OutPoint> watched)
    {
        for (var i = 0; i < transaction.InputCount; i++)
        {
            if (watched.Contains(transaction.PreviousOutput(i)))
                return true;
        }

        return false;
    }

    private void LearnFrom(MonitorTurn turn, Transaction transaction)
    {
        var hashes = LiveHtlc.Of(_claims).Select(static live => live.Htlc.PaymentHash).Concat((Current?.Htlcs ?? []).Select(static htlc => htlc.PaymentHash)).ToHashSet();
        foreach (var (hash, preimage) in PreimageSearch.FindAll(transaction, hashes))
        {
            if (turn.TryGetPreimage(hash, out _))
                continue;
            turn.Record(new ClaimRecord.PreimageLearnt(hash, preimage));
            turn.Emit(new MonitorEffect.PreimageLearnt(hash, preimage));
        }
    }

    private void ReportBreach(MonitorTurn turn)
    {
        if (Current is not { Kind: OnChain.CloseKind.Revoked } close)
        {
            if (Current is { Kind: OnChain.CloseKind.PeersUnknown or OnChain.CloseKind.OursUnknown })
                turn.Emit(new MonitorEffect.Alarm($"Channel {_claims.Id} was closed by {Current.Transaction.TxId}, a state that this node does not have; only what pays its own keys can be claimed."));
            return;
        }

        turn.Emit(new MonitorEffect.BreachFound(close.Number, close.Transaction.TxId));
    }

    private void Release(MonitorTurn turn, string reason)
    {
        if (_state.IsDone || Current is not null)
            return;
        if (_claims.IsStale || _claims.Local is null)
        {
            turn.Emit(new MonitorEffect.Alarm($"Channel {_claims.Id} was restored from a copy, whose commitment may be revoked: it is not broadcast. The peer has to close ({reason})."));
            return;
        }

        if (_state.Released is null)
            turn.Record(new ClaimRecord.CommitmentReleased(turn.Height, reason.Length > ReasonLengthMax ? reason[..ReasonLengthMax] : reason));
    }

    private void TakeCoins(MonitorTurn turn, MonitorInput.CoinsSupplied supplied)
    {
        if (supplied.Coins.Count == 0)
            turn.Emit(new MonitorEffect.Alarm($"Channel {_claims.Id}: the wallet has no confirmed coins for fees; deposit some, or what is at stake on chain may be lost."));
        else
            turn.Record(new ClaimRecord.CoinsGranted(supplied.Purpose, supplied.Coins, supplied.ChangeScript));
    }

    private void Resume(MonitorTurn turn)
    {
        if (_state.IsDone)
        {
            turn.Emit(new MonitorEffect.Done());
            return;
        }

        foreach (var (hash, preimage) in _state.Preimages)
            turn.Emit(new MonitorEffect.PreimageLearnt(hash, preimage));
        if (Current is not null)
            ReportBreach(turn);
        foreach (var resolved in _state.Resolved.Values)
            HtlcResolver.Emit(turn, resolved);
        turn.Emit(new MonitorEffect.Watch(_claims.LocalContract.Funding, _claims.LocalContract.FundingOutput.ScriptPubKey));
        if (Current is not { } close)
            return;
        for (var i = 0; i < close.Transaction.OutputCount && close.Kind != OnChain.CloseKind.Mutual; i++)
            turn.Emit(new MonitorEffect.Watch(close.Transaction.OutPointOf(i), close.Transaction.Output(i).ScriptPubKey));
        foreach (var output in SecondStages(close))
            turn.Emit(new MonitorEffect.Watch(output.OutPoint, output.Output.ScriptPubKey));
    }

    private void Evaluate(MonitorTurn turn)
    {
        if (Current is { } close)
            EvaluateClosed(turn, close);
        else
            EvaluateOpen(turn);
    }

    private void EvaluateOpen(MonitorTurn turn)
    {
        // The close came out of the chain with its block: it is valid, and what follows from it is prepared. With a stale state it may be a
        // commitment of ours that another copy has published, which the peer may punish.
        if (_state.OrphanedClose is { } orphan && turn.Repeats && !_claims.IsStale)
        {
            var fee = _claims.LocalContract.FundingAmount;
            foreach (var output in orphan.Outputs)
                fee -= output.Value;
            turn.EmitBroadcast(new ClaimTransaction(orphan, [], fee, orphan.Weight), deadline: null);
        }

        if (_claims.IsStale || _claims.Local is null)
            return;
        if (_state.Released is not null)
            new CommitmentPublisher(turn).Run();
        else if (turn.Repeats)
            AskForClose(turn);
    }

    private void AskForClose(MonitorTurn turn)
    {
        if (!_claims.IsConfirmed && DeadlineWatch.FindUnconfirmedReason(_claims, turn.Height, turn.Now.DialledAt) is { } last)
            turn.Emit(new MonitorEffect.NeedsForceClose(last, IsInsisted: true));
        else if (DeadlineWatch.FindReason(_claims, turn.Height) is { } reason)
            turn.Emit(new MonitorEffect.NeedsForceClose(reason));
    }

    private void EvaluateClosed(MonitorTurn turn, Close close)
    {
        var live = LiveHtlc.Of(_claims);
        new HtlcResolver(turn, close).Run(live);
        var sweeps = new List<Claimable>();
        var secondStages = new List<Claimable>();
        foreach (var output in Tracked(close))
        {
            if (_state.TryGetSpend(output.OutPoint, out _)
                || ClaimableOutputs.Find(output, _claims.LocalContract, _claims.RemoteContract, turn.Height, turn.TryGetPreimage) is not { } claimable)
            {
                continue;
            }

            (output.Kind is OutputKind.OfferedInOurs or OutputKind.ReceivedInOurs ? secondStages : sweeps).Add(claimable);
            if (turn.Repeats && claimable.IsHardDeadline && claimable.Deadline == turn.Height)
                turn.Emit(new MonitorEffect.Alarm($"Channel {_claims.Id}: {output.OutPoint} ({output.Output.Value}) is not claimed yet, and the peer may take it from now on."));
        }

        new SecondStagePlanner(turn, close).Run(secondStages);
        new SweepPlanner(turn, close).Run(sweeps);
        ReturnCoins(turn, close);
        if (IsFinished(turn, close, live))
        {
            foreach (var purpose in _state.Coins.Keys.ToList())
                Return(turn, purpose);
            turn.Record(new ClaimRecord.Finished(turn.Height));
            turn.Emit(new MonitorEffect.Done());
        }
    }

    private IEnumerable<TrackedOutput> Tracked(Close close) => close.Outputs.Concat(SecondStages(close));

    // Outputs of HTLC transactions, the peer's or ours, whatever else those spend and pay: they have one script in common.
    private IEnumerable<TrackedOutput> SecondStages(Close close)
    {
        if (close.SecondStageScript is not { } witnessScript)
            yield break;
        var script = StandardScripts.P2wshOf(witnessScript);
        foreach (var (height, transaction) in _state.Confirmed)
        {
            if (transaction.TxId == close.Transaction.TxId)
                continue;
            for (var i = 0; i < transaction.OutputCount; i++)
            {
                if (transaction.Output(i).ScriptPubKey == script)
                    yield return new TrackedOutput(transaction.OutPointOf(i), transaction.Output(i), close.SecondStageKind, witnessScript, height);
            }
        }
    }

    private void ReturnCoins(MonitorTurn turn, Close close)
    {
        foreach (var purpose in _state.Coins.Keys.ToList())
        {
            var isIdle = close.Outputs.Any(output => output.OutPoint == purpose)
                ? _state.TryGetSpend(purpose, out var spend) && turn.Depth(spend.Height) >= _settings.ActionDepth
                : turn.Depth(close.Height) >= _settings.ActionDepth;
            if (isIdle)
                Return(turn, purpose);
        }
    }

    private static void Return(MonitorTurn turn, OutPoint purpose)
    {
        turn.Record(new ClaimRecord.CoinsReturned(purpose));
        turn.Emit(new MonitorEffect.ReleaseCoins(purpose));
    }

    private bool IsFinished(MonitorTurn turn, Close close, List<LiveHtlc> live) =>
        turn.Depth(close.Height) >= _settings.DoneDepth
        && live.TrueForAll(htlc => _state.Resolved.ContainsKey((htlc.IsOffered, htlc.Htlc.Id)) || IsGivenUp(turn, htlc.Htlc.CltvExpiry))
        && Tracked(close).All(output => IsSettled(turn, close, output));

    // An HTLC whose preimage never came: long after its expiry it is the peer's to take back.
    private bool IsGivenUp(MonitorTurn turn, uint expiry) => turn.Height >= expiry + (long)_settings.DoneDepth;

    private bool IsSettled(MonitorTurn turn, Close close, TrackedOutput output)
    {
        if (_state.TryGetSpend(output.OutPoint, out var spend))
            return turn.Depth(spend.Height) >= _settings.DoneDepth;
        if (output.Kind is OutputKind.ReceivedInOurs or OutputKind.ReceivedInPeers)
        {
            // With the preimage it is ours, unless it costs more to take than it holds: then neither side may ever move it.
            if (!IsGivenUp(turn, output.Htlc!.Value.CltvExpiry))
                return false;
            if (!turn.TryGetPreimage(output.Htlc.Value.PaymentHash, out _))
                return true;
        }

        return output.Kind is not (OutputKind.OfferedInOurs or OutputKind.ReceivedInOurs)
            && ClaimableOutputs.Find(output, _claims.LocalContract, _claims.RemoteContract, turn.Height, turn.TryGetPreimage) is { } claimable
            && !new SweepBuilder(_keys, _settings.SweepScript).IsEconomic(claimable, close);
    }
}
