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
    private ShortChannelId[] _sorted = [];
    private long _sortedAt = -1;
    private readonly Dictionary<NodeId, (uint Since, int Count)> _queries = [];

    /// <summary>A query of a peer.</summary>
    public IReadOnlyList<GossipEffect> Received(NodeId peer, LightningMessage message, uint nowSeconds)
    {
        switch (message)
        {
            case QueryChannelRange query when Admit(peer, nowSeconds) is null:
                return BeginRange(peer, query);
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
        while (messages.Count < messagesMax && answer.Range is { } range)
        {
            messages.Add(NextReply(range));
            if (range.IsDone)
                answer.Range = null;
        }

        while (messages.Count < messagesMax && answer.Ids.TryDequeue(out var wanted))
            AddChannel(wanted.Id, wanted.Flags, answer.NodesSent, messages);
        if (answer.Range is null && answer.Ids.Count == 0)
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
        return Begin(peer, new Answer(wanted)
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

    private GossipEffect[] BeginRange(NodeId peer, QueryChannelRange query)
    {
        if (query.ChainHash != chainHash)
            return Begin(peer, new Answer([]) { Range = new RangeAnswer(query, [], 0, 0) });

        // Sorted once for all who ask.
        if (_sortedAt != graph.Version)
        {
            _sorted = [.. graph.Channels];
            Array.Sort(_sorted);
            _sortedAt = graph.Version;
        }

        var end = Math.Min(query.FirstBlock + (ulong)query.NumberOfBlocks, uint.MaxValue);
        return Begin(peer, new Answer([]) { Range = new RangeAnswer(query, _sorted, IndexOfBlock(query.FirstBlock), IndexOfBlock(end)) });
    }

    private int IndexOfBlock(ulong block)
    {
        var (low, high) = (0, _sorted.Length);
        while (low < high)
        {
            var middle = (low + high) >> 1;
            if (_sorted[middle].BlockHeight < block)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    private ReplyChannelRange NextReply(RangeAnswer range)
    {
        var (ids, from) = (range.Ids, range.Next);
        var to = Math.Min(range.End, from + IdsPerReply);
        if (to < range.End)
        {
            // The channels of one block stay in one reply unless they fill it.
            var cut = to;
            while (cut > from && ids[cut - 1].BlockHeight == ids[to].BlockHeight)
                cut--;
            to = cut > from ? cut : to;
        }

        var isLast = to == range.End;
        var end = Math.Min(range.Query.FirstBlock + (ulong)range.Query.NumberOfBlocks, uint.MaxValue);
        var next = isLast ? (uint)end : ids[to].BlockHeight;
        var reply = Reply(range.Query, ids.AsSpan(from, to - from), range.NextBlock, isLast ? (uint)(end - range.NextBlock) : Math.Max(next - range.NextBlock, 1), isLast);
        (range.Next, range.NextBlock, range.IsDone) = (to, next, isLast);
        return reply;
    }

    private ReplyChannelRange Reply(QueryChannelRange query, ReadOnlySpan<ShortChannelId> ids, uint firstBlock, uint blocks, bool isLast)
    {
        var asked = query.Options ?? 0;
        return new ReplyChannelRange
        {
            ChainHash = query.ChainHash,
            FirstBlock = firstBlock,
            NumberOfBlocks = blocks,
            SyncComplete = isLast && query.ChainHash == chainHash ? (byte)1 : (byte)0,
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

    private sealed class Answer(IEnumerable<(ShortChannelId Id, ulong Flags)> ids)
    {
        internal RangeAnswer? Range { get; set; }

        internal Queue<(ShortChannelId Id, ulong Flags)> Ids { get; } = new(ids);

        internal HashSet<NodeId> NodesSent { get; } = [];

        internal LightningMessage? End { get; init; }
    }

    // The ids are shared by all answers of one state of the graph.
    private sealed class RangeAnswer(QueryChannelRange query, ShortChannelId[] ids, int next, int end)
    {
        internal QueryChannelRange Query { get; } = query;

        internal ShortChannelId[] Ids { get; } = ids;

        internal int Next { get; set; } = next;

        internal int End { get; } = end;

        internal uint NextBlock { get; set; } = query.FirstBlock;

        internal bool IsDone { get; set; }
    }
}
