using Tributary.Lightning.Features;
using Tributary.Lightning.Messages;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Gossip;

/// <summary>
/// Asks peers for gossip (BOLT 7, "Query Messages"): a few send it as it comes, the others are asked to be silent; one at a time is asked which
/// channels it knows, and then for those that we do not know or know older. A peer that does not answer is left for another.
/// </summary>
/// <param name="graph">What we know.</param>
/// <param name="intake">What is being checked.</param>
/// <param name="chainHash">The chain.</param>
/// <param name="options">Bounds.</param>
public sealed class GossipSync(NetworkGraph graph, GossipIntake intake, Bytes32 chainHash, GossipOptions options)
{
    private const int IdsPerQuery = 1_000;
    private const int IdsMax = 1_000_000;
    private const uint LookBack = 3_600;

    private readonly Dictionary<NodeId, SyncPeer> _peers = [];
    private readonly List<NodeId> _order = [];
    private uint _nextSyncAt;
    private int _turn;

    /// <summary>The peer that is being asked for its channels, if any.</summary>
    public NodeId? SyncingWith { get; private set; }

    /// <summary>A connection is ready.</summary>
    /// <param name="peer">The peer.</param>
    /// <param name="features">What it says in its <c>init</c>.</param>
    /// <param name="nowSeconds">Since 1970.</param>
    public IReadOnlyList<GossipEffect> PeerConnected(NodeId peer, FeatureVector features, uint nowSeconds)
    {
        var effects = new List<GossipEffect>();
        Forget(peer);
        if (!features.Supports(Feature.GossipQueries))
            return effects;
        _peers[peer] = new SyncPeer(features.Supports(Feature.GossipQueriesExtended));
        _order.Add(peer);
        ChooseStreams(nowSeconds, effects, silence: peer);
        BeginIfDue(nowSeconds, effects);
        return effects;
    }

    /// <summary>A connection is over.</summary>
    public IReadOnlyList<GossipEffect> PeerGone(NodeId peer, uint nowSeconds)
    {
        var effects = new List<GossipEffect>();
        if (SyncingWith == peer)
            _nextSyncAt = nowSeconds;
        Forget(peer);
        ChooseStreams(nowSeconds, effects, silence: null);
        BeginIfDue(nowSeconds, effects);
        return effects;
    }

    /// <summary>An answer to a query of ours; answers that nobody asked for are ignored.</summary>
    public IReadOnlyList<GossipEffect> Received(NodeId peer, LightningMessage message, uint nowSeconds)
    {
        if (SyncingWith != peer || !_peers.TryGetValue(peer, out var state))
            return [];
        var effects = new List<GossipEffect>();
        switch (message)
        {
            case ReplyChannelRange reply when state.AwaitsRange && reply.ChainHash == chainHash:
                ReceiveRange(peer, state, reply, nowSeconds, effects);
                break;
            case ReplyShortChannelIdsEnd end when state.AwaitsIds && end.ChainHash == chainHash:
                state.AwaitsIds = false;
                AskNext(peer, state, nowSeconds, effects);
                break;
        }

        return effects;
    }

    /// <summary>Now and then (each second or so).</summary>
    public IReadOnlyList<GossipEffect> Tick(uint nowSeconds)
    {
        var effects = new List<GossipEffect>();
        if (SyncingWith is { } peer && _peers.TryGetValue(peer, out var state) && nowSeconds >= state.AskedAt + options.QueryTimeout)
        {
            End(state, nowSeconds);
            _nextSyncAt = nowSeconds;
        }

        BeginIfDue(nowSeconds, effects);
        return effects;
    }

    private void Forget(NodeId peer)
    {
        _peers.Remove(peer);
        _order.Remove(peer);
        if (SyncingWith == peer)
            SyncingWith = null;
    }

    private void ChooseStreams(uint now, List<GossipEffect> effects, NodeId? silence)
    {
        var streaming = _peers.Values.Count(static peer => peer.Streams);
        foreach (var peer in _order)
        {
            var state = _peers[peer];
            if (!state.Streams && streaming < options.SyncPeersMax)
            {
                state.Streams = true;
                streaming++;
                effects.Add(Filter(peer, now - Math.Min(now, LookBack), uint.MaxValue));
            }
            else if (!state.Streams && peer == silence)
            {
                effects.Add(Filter(peer, uint.MaxValue, 0));
            }
        }
    }

    private GossipEffect.Send Filter(NodeId peer, uint first, uint range) =>
        new(peer, new GossipTimestampFilter { ChainHash = chainHash, FirstTimestamp = first, TimestampRange = range });

    private void BeginIfDue(uint now, List<GossipEffect> effects)
    {
        if (SyncingWith is not null || now < _nextSyncAt || _order.Count == 0)
            return;
        var peer = _order[_turn++ % _order.Count];
        var state = _peers[peer];
        SyncingWith = peer;
        (state.AwaitsRange, state.AwaitsIds, state.AskedAt, state.NextBlock, state.Seen) = (true, false, now, 0, 0);
        state.Wanted.Clear();
        effects.Add(new GossipEffect.Send(peer, new QueryChannelRange
        {
            ChainHash = chainHash,
            FirstBlock = 0,
            NumberOfBlocks = uint.MaxValue,
            Options = state.IsExtended ? 1 : null,
        }));
    }

    private void ReceiveRange(NodeId peer, SyncPeer state, ReplyChannelRange reply, uint now, List<GossipEffect> effects)
    {
        var fault = ReadRange(state, reply, out var ids, out var timestamps);
        if (fault is not null)
        {
            effects.Add(GossipWarning.To(peer, fault, disconnect: true));
            End(state, now);
            _nextSyncAt = now;
            return;
        }

        for (var i = 0; i < ids.Length; i++)
        {
            var flags = Wanted(ids[i], timestamps.Length == 0 ? null : timestamps[i], now);
            if (flags != 0)
                state.Wanted.Enqueue((ids[i], flags));
        }

        state.Seen += ids.Length;
        state.AskedAt = now;
        state.NextBlock = reply.FirstBlock + (ulong)reply.NumberOfBlocks;
        if (state.NextBlock < uint.MaxValue)
            return;
        state.AwaitsRange = false;
        AskNext(peer, state, now, effects);
    }

    // Replies go forward through the blocks, without a gap.
    private static string? ReadRange(SyncPeer state, ReplyChannelRange reply, out ShortChannelId[] ids, out UpdatePair[] timestamps)
    {
        (ids, timestamps) = ([], []);
        if (reply.FirstBlock > state.NextBlock || reply.FirstBlock + (ulong)reply.NumberOfBlocks < state.NextBlock)
            return "reply_channel_range leaves blocks out or goes back";
        if (!EncodedIds.ReadIds(reply.EncodedShortIds.Span).TryGet(out var read, out var refusal))
            return refusal.ToString();
        ids = read;
        if (reply.NumberOfBlocks == 0 && ids.Length == 0 && state.NextBlock != 0)
            return "reply_channel_range says nothing";
        if (state.Seen + ids.Length > IdsMax)
            return "reply_channel_range names more channels than there can be";
        if (reply.Timestamps is not { } encoded)
            return null;
        if (!EncodedIds.ReadTimestamps(encoded.Span).TryGet(out var pairs, out refusal))
            return refusal.ToString();
        timestamps = pairs;
        return timestamps.Length == ids.Length ? null : "timestamps_tlv are not as many as encoded_short_ids";
    }

    // What is wanted of a channel, in the bits of query_flags.
    private byte Wanted(ShortChannelId id, UpdatePair? timestamps, uint now)
    {
        const byte All = 31;
        if (!graph.HasChannel(id))
        {
            // Nobody has spoken of it for weeks: it would be pruned at once.
            var isStale = timestamps is { } said && Math.Max(said.First, said.Second) + (ulong)options.StaleAfter < now;
            return isStale || intake.IsSettled(id) ? (byte)0 : All;
        }

        if (timestamps is not { } pair)
            return 0;
        byte flags = 0;
        if (!graph.TryGetPolicy(id, 0, out var first) ? pair.First > 0 : pair.First > first.Timestamp)
            flags |= 2;
        if (!graph.TryGetPolicy(id, 1, out var second) ? pair.Second > 0 : pair.Second > second.Timestamp)
            flags |= 4;
        return flags;
    }

    private void AskNext(NodeId peer, SyncPeer state, uint now, List<GossipEffect> effects)
    {
        if (state.Wanted.Count == 0)
        {
            End(state, now);
            return;
        }

        var ids = new List<ShortChannelId>();
        var flags = new List<ulong>();
        while (ids.Count < IdsPerQuery && state.Wanted.TryDequeue(out var wanted))
        {
            // Blocks that are split over replies may name a channel twice.
            if (ids.Count > 0 && wanted.Id <= ids[^1])
                continue;
            ids.Add(wanted.Id);
            flags.Add(wanted.Flags);
        }

        (state.AwaitsIds, state.AskedAt) = (true, now);
        effects.Add(new GossipEffect.Send(peer, new QueryShortChannelIds
        {
            ChainHash = chainHash,
            EncodedShortIds = EncodedIds.WriteIds([.. ids]),
            QueryFlags = state.IsExtended ? (ReadOnlyMemory<byte>?)EncodedIds.WriteQueryFlags([.. flags]) : null,
        }));
    }

    private void End(SyncPeer state, uint now)
    {
        (state.AwaitsRange, state.AwaitsIds) = (false, false);
        state.Wanted.Clear();
        SyncingWith = null;
        _nextSyncAt = now + options.SyncEvery;
    }

    private sealed class SyncPeer(bool isExtended)
    {
        internal bool IsExtended { get; } = isExtended;

        internal bool Streams { get; set; }

        internal bool AwaitsRange { get; set; }

        internal bool AwaitsIds { get; set; }

        internal uint AskedAt { get; set; }

        internal ulong NextBlock { get; set; }

        internal int Seen { get; set; }

        internal Queue<(ShortChannelId Id, byte Flags)> Wanted { get; } = new();
    }
}
