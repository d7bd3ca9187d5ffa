namespace Tributary.Lightning.Gossip;

/// <summary>
/// The edges into every node, each node's in one run of an array (compressed sparse rows that can grow): a run that is full moves to the end
/// with twice the room, and holes are closed when they make up a third.
/// </summary>
internal sealed class EdgePool
{
    private const int LeastRun = 2;

    private GraphEdge[] _edges = new GraphEdge[1024];
    private int _end;
    private int _holes;

    // By node.
    private int[] _start = new int[256];
    private int[] _count = new int[256];
    private int[] _room = new int[256];
    private int _nodes;

    // By directed channel: where its edge is, or -1.
    private int[] _slot = new int[512];

    internal long ByteCount =>
        (_edges.LongLength * System.Runtime.CompilerServices.Unsafe.SizeOf<GraphEdge>()) + (4 * (_start.LongLength * 3)) + (4 * _slot.LongLength);

    /// <summary>Makes a node known, without edges.</summary>
    internal void AddNode(int node)
    {
        if (node >= _start.Length)
        {
            var length = Math.Max(node + 1, _start.Length + (_start.Length / 2));
            Array.Resize(ref _start, length);
            Array.Resize(ref _count, length);
            Array.Resize(ref _room, length);
        }

        _nodes = Math.Max(_nodes, node + 1);
        _holes += _room[node];
        (_start[node], _count[node], _room[node]) = (0, 0, 0);
    }

    /// <summary>How many edges lead into a node.</summary>
    internal int Degree(int node) => _count[node];

    internal ReadOnlySpan<GraphEdge> Into(int node) => _edges.AsSpan(_start[node], _count[node]);

    internal int StartOf(int node) => _start[node];

    /// <summary>The edge of a directed channel that was added.</summary>
    internal ref GraphEdge Of(int directedChannel) => ref _edges[_slot[directedChannel]];

    internal void Add(int node, ref readonly GraphEdge edge)
    {
        if (edge.DirectedChannel >= _slot.Length)
            Array.Resize(ref _slot, Math.Max(edge.DirectedChannel + 1, _slot.Length + (_slot.Length / 2)));
        if (_count[node] == _room[node])
            Move(node, Math.Max(LeastRun, _room[node] * 2));
        var slot = _start[node] + _count[node]++;
        _edges[slot] = edge;
        _slot[edge.DirectedChannel] = slot;
    }

    internal void Remove(int node, int directedChannel)
    {
        var slot = _slot[directedChannel];
        var last = _start[node] + --_count[node];
        _edges[slot] = _edges[last];
        _slot[_edges[slot].DirectedChannel] = slot;
        _slot[directedChannel] = -1;
    }

    private void Move(int node, int room)
    {
        if (_end + room > _edges.Length)
        {
            if (_holes > _end / 3)
                Compact();
            if (_end + room > _edges.Length)
                Array.Resize(ref _edges, Math.Max(_end + room, _edges.Length + (_edges.Length / 4)));
        }

        Place(_edges, node, _end);
        _holes += _room[node];
        (_start[node], _room[node]) = (_end, room);
        _end += room;
    }

    private void Compact()
    {
        var compact = new GraphEdge[_edges.Length];
        var end = 0;
        for (var node = 0; node < _nodes; node++)
        {
            Place(compact, node, end);
            _start[node] = end;
            end += _room[node];
        }

        (_edges, _end, _holes) = (compact, end, 0);
    }

    private void Place(GraphEdge[] target, int node, int start)
    {
        Into(node).CopyTo(target.AsSpan(start));
        for (var i = 0; i < _count[node]; i++)
            _slot[target[start + i].DirectedChannel] = start + i;
    }
}
