using Tributary.Lightning.Gossip;
using Tributary.Lightning.Messages;
using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.Node.Desks;

/// <content>What waits: answers to peers, questions to the chain, the file.</content>
internal sealed partial class GossipDesk
{
    /// <summary>Messages of an answer that are handed to a connection at once, and how many may wait there.</summary>
    private const int AnswerBatch = 128;

    /// <summary>Blocks that are looked through again after a restart: two weeks, by when a channel that closed unseen is stale.</summary>
    private const int CatchUpMax = 2_016;

    private static readonly TimeSpan s_answerPause = TimeSpan.FromMilliseconds(5);

    private void ReleaseWaiting()
    {
        if (_checks.Count <= ChecksLow)
        {
            while (_owed.TryDequeue(out var owed))
                owed.Connection.Done(owed.Length);
        }

        if (_later.Count == 0)
            return;
        int pending;
        lock (Gate)
            pending = _intake.PendingCount;
        if (_checks.Count + pending <= ChecksLow)
        {
            foreach (var (peer, message) in _later.ToArray())
            {
                _later.Remove(peer);
                Handle(peer, message);
            }
        }
    }

    // Each peer gets the next piece when it has taken most of the last: answers wait here, not in its queue.
    private async Task AnswerAsync(CancellationToken cancellationToken)
    {
        var sent = false;
        foreach (var peer in _answering.ToArray())
        {
            if (!_peers.TryGetValue(peer, out var connection) || !connection.IsOpen)
            {
                _answering.Remove(peer);
                continue;
            }

            if (connection.QueuedCount > AnswerBatch)
                continue;
            IReadOnlyList<LightningMessage> messages;
            lock (Gate)
                messages = _server.Pull(peer, AnswerBatch);
            foreach (var message in messages)
                connection.Send(message);
            sent = true;
            if (messages.Count == 0)
                _answering.Remove(peer);
        }

        if (_answering.Count == 0)
            return;
        if (!sent)
            await Task.Delay(s_answerPause, _core.Time, cancellationToken);
        Post(static () => { });
    }

    // One question at a time, lowest block first: the blocks of a long list are read once each.
    private async Task AskChainAsync(CancellationToken cancellationToken)
    {
        while (await _asked.Reader.WaitToReadAsync(cancellationToken))
        {
            _ = _asked.Reader.TryRead(out _);
            while (true)
            {
                GossipEffect.CheckFunding? check;
                lock (_wantedSync)
                {
                    if (!_wanted.TryDequeue(out check, out _))
                        break;
                }

                var (answer, outPoint) = await _chain.CheckAsync(check.Id, check.Key1, check.Key2, cancellationToken);
                Post(() => FundingChecked(check.Id, answer, outPoint));
            }
        }
    }

    // Blocks that the node had looked through after the graph was last saved, and whose spends the graph has not seen.
    private async Task CatchUpAsync(int until, CancellationToken cancellationToken)
    {
        if (_savedHeight >= until)
            return;
        for (var height = Math.Max(_savedHeight + 1, until - CatchUpMax); height <= until; height++)
        {
            if (!(await _core.Chain.GetBlockHashAsync(height, cancellationToken)).TryGet(out var hash) || !(await _core.Chain.GetBlockAsync(hash, cancellationToken)).TryGet(out var block))
                return;
            BlockConnected(height, block);
        }
    }

    private void Save()
    {
        _savedAt = _core.Time.GetTimestamp();
        _isChanged = false;
        if (_file is null)
            return;
        try
        {
            // Some 100 ms in which no path is searched, in exchange for not holding all of it in memory twice.
            _file.Write(ChainHash, _core.Height, _fundings, take =>
            {
                lock (Gate)
                    GraphSnapshot.Write(Graph, _archive, take);
            });
            _isSaveBroken = false;
        }
        catch (IOException exception)
        {
            // Nothing is lost but time after the next restart: told once, and tried again.
            _isChanged = true;
            if (!_isSaveBroken)
            {
                _core.Loop.Post(turn => _core.Raise(
                    turn, NodeEventKind.Alarm, default, MilliSatoshis.Zero, null, $"The map of the network can't be saved: {exception.Message} It is tried again, and after a restart asked for anew."));
            }

            _isSaveBroken = true;
        }
    }
}
