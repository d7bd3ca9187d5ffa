using Tributary.Lightning.Wire;
using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.Gossip;

/// <summary>
/// The public channels and what their ends ask for forwarding, in arrays: nodes and channels are numbered, a number is used again when its
/// owner is gone. Whoever adds has validated (the intake of gossip). One owner: nobody reads while somebody writes.
/// </summary>
public sealed class NetworkGraph
{
    private readonly Dictionary<NodeId, int> _nodeIndexes = [];
    private readonly Dictionary<ulong, int> _channelIndexes = [];
    private readonly Stack<int> _freeNodes = [];
    private readonly Stack<int> _freeChannels = [];
    private readonly EdgePool _edges = new();

    // By node.
    private NodeId[] _nodeIds = new NodeId[256];
    private bool[] _isAvoided = new bool[256];
    private int _nodeEnd;

    // By channel; a free channel has the id zero.
    private ulong[] _channelIds = new ulong[256];
    private int[] _nodes1 = new int[256];
    private int[] _nodes2 = new int[256];
    private long[] _capacities = new long[256];
    private int _channelEnd;

    // By directed channel.
    private uint[] _timestamps = new uint[512];
    private long[] _htlcMaximums = new long[512];

    /// <summary>Nodes that have a channel.</summary>
    public int NodeCount => _nodeIndexes.Count;

    public int ChannelCount => _channelIndexes.Count;

    /// <summary>Changes whenever a channel comes or goes.</summary>
    public long Version { get; private set; }

    /// <summary>What the arrays take, in bytes; dictionaries by estimate.</summary>
    public long ByteCount =>
        _edges.ByteCount + (_nodeIds.LongLength * (NodeId.Length + 1)) + (_channelIds.LongLength * 24) + (_timestamps.LongLength * 12)
        + (_nodeIndexes.Count * 60L) + (_channelIndexes.Count * 34L);

    /// <summary>All node numbers are below this.</summary>
    internal int NodeEnd => _nodeEnd;

    /// <summary>All channel numbers are below this.</summary>
    internal int ChannelEnd => _channelEnd;

    public bool HasNode(NodeId node) => _nodeIndexes.ContainsKey(node);

    public bool HasChannel(ShortChannelId id) => _channelIndexes.ContainsKey(id.Value);

    /// <summary>Adds a channel without policies; false when it is there already.</summary>
    /// <param name="id">Where its funding output is.</param>
    /// <param name="node1">The smaller node id.</param>
    /// <param name="node2">The other.</param>
    /// <param name="capacity">The value of the funding output; null where nobody looked.</param>
    public bool AddChannel(ShortChannelId id, NodeId node1, NodeId node2, Satoshis? capacity)
    {
        if (node1 >= node2)
            throw new ArgumentException("The ends of a channel are two nodes in ascending order.", nameof(node1));
        if (capacity is { IsInMoneyRange: false })
            throw new ArgumentOutOfRangeException(nameof(capacity), "No output has this value.");
        if (_channelIndexes.ContainsKey(id.Value))
            return false;

        var channel = _freeChannels.TryPop(out var free) ? free : _channelEnd++;
        if (channel >= _channelIds.Length)
            GrowChannels();
        _channelIndexes.Add(id.Value, channel);
        var (first, second) = (TakeNode(node1), TakeNode(node2));
        (_channelIds[channel], _nodes1[channel], _nodes2[channel], _capacities[channel]) = (id.Value, first, second, capacity?.Value ?? 0);
        for (var direction = 0; direction < 2; direction++)
        {
            _timestamps[(2 * channel) + direction] = 0;
            _htlcMaximums[(2 * channel) + direction] = 0;
        }

        var cut = (uint)Math.Min(_capacities[channel], uint.MaxValue);
        var edge = new GraphEdge { From = first, DirectedChannel = 2 * channel, Capacity = cut };
        _edges.Add(second, in edge);
        (edge.From, edge.DirectedChannel) = (second, (2 * channel) + 1);
        _edges.Add(first, in edge);
        Version++;
        return true;
    }

    /// <summary>Forgets a channel, and nodes that it leaves without any; false when it is not there.</summary>
    public bool RemoveChannel(ShortChannelId id)
    {
        if (!_channelIndexes.Remove(id.Value, out var channel))
            return false;
        _edges.Remove(_nodes2[channel], 2 * channel);
        _edges.Remove(_nodes1[channel], (2 * channel) + 1);
        DropIfAlone(_nodes1[channel]);
        DropIfAlone(_nodes2[channel]);
        _channelIds[channel] = 0;
        _freeChannels.Push(channel);
        Version++;
        return true;
    }

    /// <summary>Sets what one end asks for; false when the channel is not there. Which of two updates is newer is the caller's question.</summary>
    /// <param name="id">The channel.</param>
    /// <param name="direction">0 for the smaller node id's, 1 for the other's.</param>
    /// <param name="policy">What it asks.</param>
    public bool SetPolicy(ShortChannelId id, int direction, in ForwardingPolicy policy)
    {
        if (!_channelIndexes.TryGetValue(id.Value, out var channel))
            return false;
        var directed = (2 * channel) + (direction & 1);
        ref var edge = ref _edges.Of(directed);
        edge.FeeBase = policy.FeeBaseMilliSatoshis;
        edge.FeeMillionths = policy.FeeProportionalMillionths;
        edge.CltvDelta = policy.CltvExpiryDelta;
        edge.HtlcMinimum = policy.HtlcMinimum.Value;
        edge.HtlcMaximum = _capacities[channel] == 0 ? policy.HtlcMaximum.Value : Math.Min(policy.HtlcMaximum.Value, _capacities[channel] * 1000);
        edge.Flags = (ushort)((edge.Flags & GraphEdge.Closing) | GraphEdge.HasPolicy | (policy.IsDisabled ? 0 : GraphEdge.Usable));
        _timestamps[directed] = policy.Timestamp;
        _htlcMaximums[directed] = policy.HtlcMaximum.Value;
        return true;
    }

    /// <summary>Keeps paths off a channel whose funding is spent, until it is removed or a reorganisation gives it back.</summary>
    public void SetClosing(ShortChannelId id, bool isClosing)
    {
        if (!_channelIndexes.TryGetValue(id.Value, out var channel))
            return;
        for (var directed = 2 * channel; directed < (2 * channel) + 2; directed++)
        {
            ref var edge = ref _edges.Of(directed);
            edge.Flags = (ushort)(isClosing ? edge.Flags | GraphEdge.Closing : edge.Flags & ~GraphEdge.Closing);
        }
    }

    /// <summary>What one end asks for; false when the channel is not there or its end has not spoken.</summary>
    public bool TryGetPolicy(ShortChannelId id, int direction, out ForwardingPolicy policy)
    {
        policy = default;
        return _channelIndexes.TryGetValue(id.Value, out var channel) && TryGetPolicy((2 * channel) + (direction & 1), out policy);
    }

    /// <summary>A channel's ends and capacity; false when it is not there.</summary>
    public bool TryGetChannel(ShortChannelId id, out NodeId node1, out NodeId node2, out Satoshis? capacity)
    {
        var found = _channelIndexes.TryGetValue(id.Value, out var channel);
        node1 = found ? _nodeIds[_nodes1[channel]] : default;
        node2 = found ? _nodeIds[_nodes2[channel]] : default;
        capacity = found && _capacities[channel] != 0 ? new Satoshis(_capacities[channel]) : null;
        return found;
    }

    /// <summary>The channels of a node, in no order; none when it is not there.</summary>
    public IEnumerable<ShortChannelId> ChannelsOf(NodeId node)
    {
        if (!_nodeIndexes.TryGetValue(node, out var index))
            return [];
        var ids = new ShortChannelId[_edges.Degree(index)];
        var edges = _edges.Into(index);
        for (var i = 0; i < ids.Length; i++)
            ids[i] = IdOf(edges[i].DirectedChannel);
        return ids;
    }

    /// <summary>All channels, in no order.</summary>
    public IEnumerable<ShortChannelId> Channels => _channelIndexes.Keys.Select(static value => new ShortChannelId(value));

    /// <summary>All nodes, in no order.</summary>
    public IEnumerable<NodeId> Nodes => _nodeIndexes.Keys;

    /// <summary>Lets paths pass through a node or not: a node that requires a feature that is not known here is passed by (BOLT 7).</summary>
    public void Avoid(NodeId node, bool isAvoided)
    {
        if (_nodeIndexes.TryGetValue(node, out var index))
            _isAvoided[index] = isAvoided;
    }

    /// <summary>Do paths not pass through it?</summary>
    public bool IsAvoided(NodeId node) => _nodeIndexes.TryGetValue(node, out var index) && _isAvoided[index];

    internal bool TryFindNode(NodeId node, out int index) => _nodeIndexes.TryGetValue(node, out index);

    internal NodeId NodeOf(int index) => _nodeIds[index];

    internal bool IsAvoidedAt(int index) => _isAvoided[index];

    internal int Degree(int index) => _edges.Degree(index);

    /// <summary>The edges by which a payment comes into a node.</summary>
    internal ReadOnlySpan<GraphEdge> Into(int index) => _edges.Into(index);

    /// <summary>The edge of the other direction: same channel, out of the node into which this one leads.</summary>
    internal ref readonly GraphEdge EdgeOf(int directedChannel) => ref _edges.Of(directedChannel);

    /// <summary>The node into which a directed channel leads.</summary>
    internal int HeadOf(int directedChannel) => (directedChannel & 1) == 0 ? _nodes2[directedChannel >> 1] : _nodes1[directedChannel >> 1];

    internal ShortChannelId IdOf(int directedChannel) => new(_channelIds[directedChannel >> 1]);

    private bool TryGetPolicy(int directed, out ForwardingPolicy policy)
    {
        ref readonly var edge = ref _edges.Of(directed);
        policy = (edge.Flags & GraphEdge.HasPolicy) == 0
            ? default
            : new ForwardingPolicy(
                edge.FeeBase,
                edge.FeeMillionths,
                edge.CltvDelta,
                new MilliSatoshis(edge.HtlcMinimum),
                new MilliSatoshis(_htlcMaximums[directed]),
                edge.IsDisabled,
                _timestamps[directed]);
        return (edge.Flags & GraphEdge.HasPolicy) != 0;
    }

    private int TakeNode(NodeId id)
    {
        if (_nodeIndexes.TryGetValue(id, out var index))
            return index;
        index = _freeNodes.TryPop(out var free) ? free : _nodeEnd++;
        if (index >= _nodeIds.Length)
        {
            var length = _nodeIds.Length + (_nodeIds.Length / 2);
            Array.Resize(ref _nodeIds, length);
            Array.Resize(ref _isAvoided, length);
        }

        _nodeIds[index] = id;
        _isAvoided[index] = false;
        _nodeIndexes.Add(id, index);
        _edges.AddNode(index);
        return index;
    }

    private void DropIfAlone(int node)
    {
        if (_edges.Degree(node) != 0)
            return;
        _nodeIndexes.Remove(_nodeIds[node]);
        _freeNodes.Push(node);
    }

    private void GrowChannels()
    {
        var length = _channelIds.Length + (_channelIds.Length / 2);
        Array.Resize(ref _channelIds, length);
        Array.Resize(ref _nodes1, length);
        Array.Resize(ref _nodes2, length);
        Array.Resize(ref _capacities, length);
        Array.Resize(ref _timestamps, 2 * length);
        Array.Resize(ref _htlcMaximums, 2 * length);
    }
}
