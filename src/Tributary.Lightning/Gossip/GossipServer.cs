using System.Buffers.Binary;
using Tributary.Lightning.Messages;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Gossip;

/// <summary>
/// Answers the queries of peers (BOLT 7, "Query Messages") from what is held. An answer is given out as fast as its peer reads, one at a time
/// for each peer; its memory is the ids that it is about. Gossip is not passed on as it comes: <c>gossip_timestamp_filter</c> is taken and
/// nothing follows, as for a node that has nothing in the range.
/// </summary>
public sealed class GossipServer(NetworkGraph graph, GossipArchive archive, Bytes32 chainHash, GossipOptions options)
{
    private const int IdsPerReply = 2_500;
    private const ulong WantsTimestamps = 1;
    private const ulong WantsChecksums = 2;

    private readonly Dictionary<NodeId, Answer> _answers = [];
    private readonly Dictionary<NodeId, (uint Since, int Count)> _queries = [];

    /// <summary>A query of a peer.</summary>
    public IReadOnlyList<GossipEffect> Received(NodeId peer, LightningMessage message, uint nowSeconds)
    {
        switch (message)
        {
            case QueryChannelRange query when Admit(peer, nowSeconds) is null:
                return query.ChainHash == chainHash ? Begin(peer, OfRange(query)) : Begin(peer, new Answer([OtherChain(query)], []));
            case QueryShortChannelIds query when Admit(peer, nowSeconds) is null:
                return BeginIds(peer, query);
            case QueryChannelRange or QueryShortChannelIds:
                return [GossipWarning.To(peer, "queries come too fast, or before the last one is answered", disconnect: false)];
            default:
                return [];
        }
    }

    /// <summary>The next messages of the answer to a peer; none when it is complete.</summary>
    public IReadOnlyList<LightningMessage> Pull(NodeId peer, int messagesMax)
    {
        var messages = new List<LightningMessage>();
        if (!_answers.TryGetValue(peer, out var answer))
            return messages;
        while (messages.Count < messagesMax && answer.Messages.TryDequeue(out var reply))
            messages.Add(reply);
        while (messages.Count < messagesMax && answer.Ids.TryDequeue(out var wanted))
            AddChannel(wanted.Id, wanted.Flags, answer.NodesSent, messages);
        if (answer.Messages.Count == 0 && answer.Ids.Count == 0)
        {
            if (answer.End is { } end)
                messages.Add(end);
            _answers.Remove(peer);
        }

        return messages;
    }

    public void PeerGone(NodeId peer)
    {
        _answers.Remove(peer);
        _queries.Remove(peer);
    }

    // Anything but null says no.
    private string? Admit(NodeId peer, uint now)
    {
        if (_answers.ContainsKey(peer))
            return "busy";
        var (since, count) = _queries.GetValueOrDefault(peer);
        if (now >= since + 60)
            (since, count) = (now, 0);
        _queries[peer] = (since, count + 1);
        return count < options.QueriesPerMinute ? null : "fast";
    }

    private GossipEffect[] Begin(NodeId peer, Answer answer)
    {
        _answers[peer] = answer;
        return [new GossipEffect.AnswerWaits(peer)];
    }

    private GossipEffect[] BeginIds(NodeId peer, QueryShortChannelIds query)
    {
        if (!EncodedIds.ReadIds(query.EncodedShortIds.Span).TryGet(out var ids, out var refusal))
            return [GossipWarning.To(peer, refusal.ToString(), disconnect: true)];
        ulong[]? flags = null;
        if (query.QueryFlags is { } encoded)
        {
            if (!EncodedIds.ReadQueryFlags(encoded.Span).TryGet(out flags, out refusal))
                return [GossipWarning.To(peer, refusal.ToString(), disconnect: true)];
            if (flags.Length != ids.Length)
                return [GossipWarning.To(peer, "query_flags are not as many as encoded_short_ids", disconnect: true)];
        }

        var isOurs = query.ChainHash == chainHash;
        var wanted = isOurs ? ids.Select((id, i) => (id, flags?[i] ?? ulong.MaxValue)) : [];
        return Begin(peer, new Answer([], wanted)
        {
            End = new ReplyShortChannelIdsEnd { ChainHash = query.ChainHash, FullInformation = isOurs && options.KeepsMessages ? (byte)1 : (byte)0 },
        });
    }

    private void AddChannel(ShortChannelId id, ulong flags, HashSet<NodeId> nodesSent, List<LightningMessage> messages)
    {
        if (!graph.TryGetChannel(id, out var node1, out var node2, out _))
            return;
        Add(flags & 1, archive.AnnouncementOf(id));
        Add(flags & 2, archive.UpdateOf(id, 0));
        Add(flags & 4, archive.UpdateOf(id, 1));
        if ((flags & 8) != 0 && nodesSent.Add(node1))
            Add(1, archive.AnnouncementOf(node1));
        if ((flags & 16) != 0 && nodesSent.Add(node2))
            Add(1, archive.AnnouncementOf(node2));

        void Add(ulong isWanted, ReadOnlyMemory<byte>? bytes)
        {
            // As it came, without reading it again.
            if (isWanted != 0 && bytes is { } present)
                messages.Add(new UnknownMessage((MessageType)BinaryPrimitives.ReadUInt16BigEndian(present.Span), present[2..].ToArray()));
        }
    }

    private static ReplyChannelRange OtherChain(QueryChannelRange query) => new()
    {
        ChainHash = query.ChainHash,
        FirstBlock = query.FirstBlock,
        NumberOfBlocks = query.NumberOfBlocks,
        SyncComplete = 0,
        EncodedShortIds = EncodedIds.WriteIds([]),
    };

    private Answer OfRange(QueryChannelRange query)
    {
        var end = Math.Min(query.FirstBlock + (ulong)query.NumberOfBlocks, uint.MaxValue);
        var ids = graph.Channels.Where(id => id.BlockHeight >= query.FirstBlock && id.BlockHeight < end).ToArray();
        Array.Sort(ids);
        var replies = new List<LightningMessage>();
        var (from, first) = (0, query.FirstBlock);
        do
        {
            // The channels of one block stay in one reply unless they fill it.
            var to = Math.Min(ids.Length, from + IdsPerReply);
            if (to < ids.Length)
            {
                var cut = to;
                while (cut > from && ids[cut - 1].BlockHeight == ids[to].BlockHeight)
                    cut--;
                to = cut > from ? cut : to;
            }

            var isLast = to == ids.Length;
            var next = isLast ? (uint)end : ids[to].BlockHeight;
            replies.Add(Reply(query, ids.AsSpan(from, to - from), first, isLast ? (uint)(end - first) : Math.Max(next - first, 1), isLast));
            (from, first) = (to, next);
        }
        while (from < ids.Length);
        return new Answer(replies, []);
    }

    private ReplyChannelRange Reply(QueryChannelRange query, ReadOnlySpan<ShortChannelId> ids, uint firstBlock, uint blocks, bool isLast)
    {
        var asked = query.Options ?? 0;
        return new ReplyChannelRange
        {
            ChainHash = chainHash,
            FirstBlock = firstBlock,
            NumberOfBlocks = blocks,
            SyncComplete = isLast ? (byte)1 : (byte)0,
            EncodedShortIds = EncodedIds.WriteIds(ids),
            Timestamps = (asked & WantsTimestamps) != 0 ? (ReadOnlyMemory<byte>?)EncodedIds.WriteTimestamps(Pairs(ids, TimestampOf)) : null,
            Checksums = (asked & WantsChecksums) != 0 ? (ReadOnlyMemory<byte>?)EncodedIds.WriteChecksums(Pairs(ids, ChecksumOf)) : null,
        };
    }

    private static UpdatePair[] Pairs(ReadOnlySpan<ShortChannelId> ids, Func<ShortChannelId, int, uint> value)
    {
        var pairs = new UpdatePair[ids.Length];
        for (var i = 0; i < ids.Length; i++)
            pairs[i] = new UpdatePair(value(ids[i], 0), value(ids[i], 1));
        return pairs;
    }

    private uint TimestampOf(ShortChannelId id, int direction) => graph.TryGetPolicy(id, direction, out var policy) ? policy.Timestamp : 0;

    private uint ChecksumOf(ShortChannelId id, int direction) =>
        archive.UpdateOf(id, direction) is { } update ? UpdateChecksum.Of(update.Span) : 0;

    private sealed class Answer(IEnumerable<LightningMessage> messages, IEnumerable<(ShortChannelId Id, ulong Flags)> ids)
    {
        internal Queue<LightningMessage> Messages { get; } = new(messages);

        internal Queue<(ShortChannelId Id, ulong Flags)> Ids { get; } = new(ids);

        internal HashSet<NodeId> NodesSent { get; } = [];

        internal LightningMessage? End { get; init; }
    }
}
