using Tributary.Lightning.Messages;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Gossip;

/// <summary>
/// Takes gossip in (BOLT 7): what peers say becomes part of the graph once it is in order, signed, newer than what is known, and its funding
/// is in the chain. Cheap checks come first; signatures and the chain are asked through effects, and answered later in any order. All that
/// waits is bounded, by peer and in total. One owner; times are seconds since 1970.
/// </summary>
/// <param name="graph">Filled from here.</param>
/// <param name="archive">Keeps the messages themselves.</param>
/// <param name="privateChannels">Our own channels.</param>
/// <param name="chainHash">Gossip of other chains is ignored.</param>
/// <param name="options">Bounds.</param>
public sealed class GossipIntake(NetworkGraph graph, GossipArchive archive, PrivateChannels privateChannels, Bytes32 chainHash, GossipOptions options)
{
    private const int RejectedMax = 10_000;
    private const int BlockedMax = 1_000;

    private readonly Dictionary<ShortChannelId, PendingChannel> _pending = [];
    private readonly Dictionary<NodeId, ShortChannelId> _pendingByNode = [];
    private readonly Dictionary<NodeId, int> _checksByPeer = [];
    private readonly OrphanUpdates _orphans = new(options.OrphanUpdatesMax, options.OrphansPerPeerMax);
    private readonly RecentIds<ShortChannelId> _rejected = new(RejectedMax);
    private readonly RecentIds<NodeId> _blockedNodes = new(BlockedMax);
    private readonly DailyQuota<(ShortChannelId Id, int Direction)> _updateQuota = new(options.UpdatesPerDay);
    private readonly DailyQuota<NodeId> _nodeQuota = new(options.NodeUpdatesPerDay);
    private readonly Dictionary<ShortChannelId, uint> _closing = archive.Closed();
    private uint _prunedAt;

    /// <summary>Announcements whose signatures or funding are being checked.</summary>
    public int PendingCount => _pending.Count;

    /// <summary>Updates that wait for their channel's announcement.</summary>
    public int OrphanCount => _orphans.Count;

    /// <summary>Is a channel known, being checked or refused? Then nobody need be asked for it.</summary>
    public bool IsSettled(ShortChannelId id) => graph.HasChannel(id) || _pending.ContainsKey(id) || _rejected.Contains(id);

    /// <summary>A gossip message of a peer; others are none of ours.</summary>
    public IReadOnlyList<GossipEffect> Received(NodeId peer, LightningMessage message, uint nowSeconds)
    {
        var effects = new List<GossipEffect>();
        Receive(peer, message, nowSeconds, effects);
        return effects;
    }

    /// <summary>The signatures of a piece of work were checked.</summary>
    public IReadOnlyList<GossipEffect> Verified(GossipWork work, bool isGood, uint nowSeconds)
    {
        var effects = new List<GossipEffect>();
        EndCheck(work.Peer);
        if (!isGood)
        {
            if (work.Message is ChannelAnnouncement bad && _pending.TryGetValue(bad.ShortChannelId, out var forged) && ReferenceEquals(forged.Announcement, bad))
                DropPending(forged);
            effects.Add(Warn(work.Peer, $"{work.Message.Type} has a signature that is not good"));
            return effects;
        }

        switch (work.Message)
        {
            case ChannelAnnouncement announcement:
                AnnouncementVerified(announcement, effects);
                break;
            case ChannelUpdate update when privateChannels.Concerns(work.Peer, update) && work.Signer == work.Peer:
                privateChannels.Set(update);
                if (graph.HasChannel(update.ShortChannelId) && !update.IsPrivate)
                    TakeUpdate(update, nowSeconds);
                break;
            case ChannelUpdate update:
                TakeUpdate(update, nowSeconds);
                break;
            case NodeAnnouncement node:
                TakeNode(node, nowSeconds);
                break;
        }

        return effects;
    }

    /// <summary>The chain was asked for a channel's funding.</summary>
    public IReadOnlyList<GossipEffect> FundingChecked(ShortChannelId id, FundingAnswer answer, uint nowSeconds)
    {
        var effects = new List<GossipEffect>();
        if (!_pending.TryGetValue(id, out var pending) || !pending.IsVerified)
            return effects;
        DropPending(pending);
        if (answer is FundingAnswer.Absent)
            _rejected.Add(id);
        if (answer is not FundingAnswer.Found found)
            return effects;

        var announcement = pending.Announcement;
        graph.AddChannel(id, announcement.NodeId1, announcement.NodeId2, found.Value);
        archive.AddChannel(id, options.KeepsMessages ? announcement.ToArray() : null, nowSeconds);
        effects.Add(new GossipEffect.ChannelAdded(id));
        foreach (var (peer, message) in pending.Waiting)
            Receive(peer, message, nowSeconds, effects);
        foreach (var (peer, update) in _orphans.Take(id))
            Receive(peer, update, nowSeconds, effects);
        return effects;
    }

    /// <summary>A block spends the funding of a channel: no path takes it, and it goes after <see cref="GossipOptions.ClosedBlocks"/> (it may be a splice).</summary>
    public void FundingSpent(ShortChannelId id, uint height)
    {
        if (!graph.HasChannel(id))
            return;
        _closing[id] = height;
        archive.SetClosed(id, height);
        graph.SetClosing(id, isClosing: true);
    }

    /// <summary>A reorganisation undid the spend.</summary>
    public void FundingRestored(ShortChannelId id)
    {
        if (!_closing.Remove(id))
            return;
        archive.SetClosed(id, 0);
        graph.SetClosing(id, isClosing: false);
    }

    /// <summary>With each block: channels that closed long enough ago go.</summary>
    public IReadOnlyList<GossipEffect> BlockConnected(uint height)
    {
        var effects = new List<GossipEffect>();
        foreach (var id in _closing.Where(pair => pair.Value + options.ClosedBlocks <= height).Select(static pair => pair.Key).Order().ToArray())
        {
            _rejected.Add(id);
            Remove(id, effects);
        }

        return effects;
    }

    /// <summary>Now and then: what was never answered goes, and once an hour channels of which nobody has spoken for two weeks.</summary>
    public IReadOnlyList<GossipEffect> Tick(uint nowSeconds)
    {
        var effects = new List<GossipEffect>();
        foreach (var pending in _pending.Values.Where(pending => nowSeconds >= pending.Since + options.QueryTimeout).ToArray())
            DropPending(pending);
        if (nowSeconds < _prunedAt + 3_600)
            return effects;
        _prunedAt = nowSeconds;
        foreach (var id in graph.Channels.Where(id => IsStale(id, nowSeconds)).Order().ToArray())
            Remove(id, effects);
        return effects;
    }

    /// <summary>A connection is over: what it alone has said and nobody checked yet goes.</summary>
    public void PeerGone(NodeId peer)
    {
        _orphans.Forget(peer);
        _checksByPeer.Remove(peer);
    }

    private void Receive(NodeId peer, LightningMessage message, uint now, List<GossipEffect> effects)
    {
        switch (message)
        {
            case ChannelAnnouncement announcement:
                ReceiveAnnouncement(peer, announcement, now, effects);
                break;
            case ChannelUpdate update:
                ReceiveUpdate(peer, update, now, effects);
                break;
            case NodeAnnouncement node:
                ReceiveNode(peer, node, now, effects);
                break;
        }
    }

    private void ReceiveAnnouncement(NodeId peer, ChannelAnnouncement announcement, uint now, List<GossipEffect> effects)
    {
        var id = announcement.ShortChannelId;
        if (announcement.ChainHash != chainHash || _rejected.Contains(id) || _blockedNodes.Contains(announcement.NodeId1) || _blockedNodes.Contains(announcement.NodeId2))
            return;
        if (announcement.NodeId1 >= announcement.NodeId2)
        {
            effects.Add(Warn(peer, "ChannelAnnouncement names its nodes out of order"));
            return;
        }

        if (announcement.Features.TryFindUnknownRequired(out _))
            return;
        if (graph.HasChannel(id))
        {
            // Nothing new, unless the same funding keys vouch for other nodes.
            if (IsContradiction(announcement) && TryBeginCheck(peer))
                effects.Add(new GossipEffect.Verify(new GossipWork(peer, announcement, default)));
            return;
        }

        if (_pending.ContainsKey(id) || _pending.Count >= options.PendingChannelsMax || !TryBeginCheck(peer))
            return;
        _pending.Add(id, new PendingChannel(peer, announcement, now));
        _pendingByNode[announcement.NodeId1] = id;
        _pendingByNode[announcement.NodeId2] = id;
        effects.Add(new GossipEffect.Verify(new GossipWork(peer, announcement, default)));
    }

    private void AnnouncementVerified(ChannelAnnouncement announcement, List<GossipEffect> effects)
    {
        var id = announcement.ShortChannelId;
        if (graph.TryGetChannel(id, out var node1, out var node2, out _))
        {
            if (!IsContradiction(announcement))
                return;

            // Two announcements for one funding: all four nodes lose our trust (BOLT 7, "The channel_announcement Message").
            foreach (var node in (ReadOnlySpan<NodeId>)[node1, node2, announcement.NodeId1, announcement.NodeId2])
            {
                _blockedNodes.Add(node);
                foreach (var channel in graph.ChannelsOf(node))
                    Remove(channel, effects);
            }

            return;
        }

        if (!_pending.TryGetValue(id, out var pending) || !ReferenceEquals(pending.Announcement, announcement) || pending.IsVerified)
            return;
        pending.IsVerified = true;
        effects.Add(new GossipEffect.CheckFunding(id, announcement.BitcoinKey1, announcement.BitcoinKey2));
    }

    private void ReceiveUpdate(NodeId peer, ChannelUpdate update, uint now, List<GossipEffect> effects)
    {
        if (update.ChainHash != chainHash || update.Timestamp > now + (ulong)options.FutureMax || update.Timestamp + (ulong)options.StaleAfter < now)
            return;
        if (privateChannels.Concerns(peer, update))
        {
            if (TryBeginCheck(peer))
                effects.Add(new GossipEffect.Verify(new GossipWork(peer, update, peer)));
            return;
        }

        // Others' updates that are for their peers alone are no business of ours.
        if (update.IsPrivate)
            return;
        if (graph.TryGetChannel(update.ShortChannelId, out var node1, out var node2, out _))
        {
            if (IsNewer(update) && TryBeginCheck(peer))
                effects.Add(new GossipEffect.Verify(new GossipWork(peer, update, update.Direction == 0 ? node1 : node2)));
        }
        else if (_pending.TryGetValue(update.ShortChannelId, out var pending))
        {
            pending.Wait(peer, update);
        }
        else if (!_rejected.Contains(update.ShortChannelId))
        {
            _orphans.Add(peer, update);
        }
    }

    private void ReceiveNode(NodeId peer, NodeAnnouncement node, uint now, List<GossipEffect> effects)
    {
        if (node.Timestamp > now + (ulong)options.FutureMax || _blockedNodes.Contains(node.NodeId))
            return;
        if (graph.HasNode(node.NodeId))
        {
            if (node.Timestamp > archive.TimestampOf(node.NodeId) && TryBeginCheck(peer))
                effects.Add(new GossipEffect.Verify(new GossipWork(peer, node, node.NodeId)));
        }
        else if (_pendingByNode.TryGetValue(node.NodeId, out var id) && _pending.TryGetValue(id, out var pending))
        {
            pending.Wait(peer, node);
        }
    }

    // Equal timestamps: the same again, or a node that contradicts itself. What came first stays, as BOLT 7 allows.
    private bool IsNewer(ChannelUpdate update) =>
        !graph.TryGetPolicy(update.ShortChannelId, update.Direction, out var known) || update.Timestamp > known.Timestamp;

    private void TakeUpdate(ChannelUpdate update, uint now)
    {
        if (!IsNewer(update) || !_updateQuota.TryTake((update.ShortChannelId, update.Direction), now))
            return;
        if (graph.SetPolicy(update.ShortChannelId, update.Direction, ForwardingPolicy.Of(update)) && options.KeepsMessages)
            archive.SetUpdate(update.ShortChannelId, update.Direction, update.ToArray());
    }

    private void TakeNode(NodeAnnouncement node, uint now)
    {
        if (!graph.HasNode(node.NodeId) || node.Timestamp <= archive.TimestampOf(node.NodeId) || !_nodeQuota.TryTake(node.NodeId, now))
            return;
        archive.SetNode(node.NodeId, node.Timestamp, options.KeepsMessages ? node.ToArray() : null);
        graph.Avoid(node.NodeId, node.Features.TryFindUnknownRequired(out _));
    }

    private bool IsContradiction(ChannelAnnouncement announcement) =>
        graph.TryGetChannel(announcement.ShortChannelId, out var node1, out var node2, out _)
        && (node1 != announcement.NodeId1 || node2 != announcement.NodeId2)
        && archive.AnnouncementOf(announcement.ShortChannelId) is { } bytes
        && LightningMessage.Read(bytes.Span).TryGet(out var message) && message is ChannelAnnouncement known
        && ((known.BitcoinKey1 == announcement.BitcoinKey1 && known.BitcoinKey2 == announcement.BitcoinKey2)
            || (known.BitcoinKey1 == announcement.BitcoinKey2 && known.BitcoinKey2 == announcement.BitcoinKey1));

    // By its older update, as BOLT 7 has it; an end that has never spoken counts from when the channel came.
    private bool IsStale(ShortChannelId id, uint now)
    {
        for (var direction = 0; direction < 2; direction++)
        {
            var spoken = graph.TryGetPolicy(id, direction, out var policy) ? policy.Timestamp : archive.SeenAt(id);
            if (spoken + (ulong)options.StaleAfter < now)
                return true;
        }

        return false;
    }

    private void Remove(ShortChannelId id, List<GossipEffect> effects)
    {
        if (!graph.TryGetChannel(id, out var node1, out var node2, out _))
            return;
        graph.RemoveChannel(id);
        archive.RemoveChannel(id);
        _closing.Remove(id);
        if (!graph.HasNode(node1))
            archive.RemoveNode(node1);
        if (!graph.HasNode(node2))
            archive.RemoveNode(node2);
        effects.Add(new GossipEffect.ChannelRemoved(id));
    }

    private void DropPending(PendingChannel pending)
    {
        var announcement = pending.Announcement;
        _pending.Remove(announcement.ShortChannelId);
        foreach (var node in (ReadOnlySpan<NodeId>)[announcement.NodeId1, announcement.NodeId2])
        {
            if (_pendingByNode.TryGetValue(node, out var id) && id == announcement.ShortChannelId)
                _pendingByNode.Remove(node);
        }
    }

    private bool TryBeginCheck(NodeId peer)
    {
        var count = _checksByPeer.GetValueOrDefault(peer);
        if (count >= options.PendingPerPeerMax)
            return false;
        _checksByPeer[peer] = count + 1;
        return true;
    }

    private void EndCheck(NodeId peer)
    {
        if (_checksByPeer.TryGetValue(peer, out var count))
            _checksByPeer[peer] = Math.Max(0, count - 1);
    }

    private static GossipEffect.WarnPeer Warn(NodeId peer, string text) => GossipWarning.To(peer, text, disconnect: true);
}
