using System.Net;
using Tributary.Crypto;
using Tributary.Lightning.Features;
using Tributary.Lightning.Messages;
using Tributary.Lightning.Peers;
using Tributary.Lightning.Simulation.Tests.Machines;
using Tributary.Primitives.Contracts;
using Tributary.Primitives.Results;

namespace Tributary.Lightning.Simulation.Tests.Network;

/// <summary>The connections of one life of a node: of messages, or of bytes (<see cref="World.HasWire"/>).</summary>
internal sealed class SimulatedHub(SimulatedNode node, SimulatedProcess process, PeerProfile profile, IPeerSink sink) : IPeerHub
{
    private static readonly TimeSpan s_crossing = TimeSpan.FromSeconds(10);

    private readonly Dictionary<PublicKey, SimulatedConnection> _connections = [];

    // Handshakes under way, and those that are over on one side only.
    private readonly List<WireConnection> _pending = [];

    public IReadOnlyList<PeerConnection> Peers => [.. _connections.Values];

    internal SimulatedNode Node => node;

    internal SimulatedProcess Process => process;

    internal PeerProfile Profile => profile;

    internal IPeerSink Sink => sink;

    /// <summary>For ephemeral keys.</summary>
    internal IEntropy Entropy { get; } = node.World.HasWire ? new SeededEntropy(node.World.Draw()) : new SeededEntropy(0);

    internal IEnumerable<SimulatedConnection> Connections => _connections.Values.Concat(_pending);

    /// <summary>Peers that are dialled again.</summary>
    internal List<PublicKey> Kept { get; } = [];

    private Init Init => new() { GlobalFeatures = FeatureVector.Empty, Features = profile.Features };

    public PeerConnection? Find(PublicKey nodeId) => _connections.GetValueOrDefault(nodeId);

    public Result<IPEndPoint, Refusal> Listen(IPEndPoint address) => address;

    public async Task<Result<PeerConnection, PeerClosure>> ConnectAsync(PeerAddress address, CancellationToken cancellationToken)
    {
        if (Dial(address.NodeId) is not { } connection)
            return new PeerClosure(PeerClosureKind.Unreachable, "nobody listens");
        var failure = connection is WireConnection wire ? await wire.Ready : null;
        if (Find(address.NodeId) is { } winner)
            return winner;
        return failure ?? new PeerClosure(PeerClosureKind.ClosedByPeer, "the peer closed the connection at once");
    }

    public void Keep(PeerAddress address)
    {
        if (!Kept.Contains(address.NodeId))
            Kept.Add(address.NodeId);
    }

    public void Forget(PublicKey nodeId) => Kept.Remove(nodeId);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>A connection with a peer that listens, or one under way, a new one where there is none; null when the peer does not listen.</summary>
    internal PeerConnection? Dial(PublicKey peer)
    {
        if (Find(peer) is { } open)
            return open;
        if (_pending.Find(one => one.NodeId == peer && one is { IsInbound: false, IsOpen: true, IsBroken: false }) is { } pending)
            return pending;
        if (node.World.FindListening(peer) is not { } other || node.IsOffline)
            return null;
        if (node.World.HasWire)
        {
            var (dialled, taken) = WireConnection.Dial(this, other);
            _pending.Add(dialled);
            other._pending.Add(taken);
            return dialled;
        }

        var here = new MessageConnection(this, peer, other.Init, isInbound: false);
        var there = new MessageConnection(other, node.Id, Init, isInbound: true);
        (here.Other, there.Other) = (there, here);
        Take(here);
        other.Take(there);
        return here;
    }

    /// <summary>Time has passed.</summary>
    internal void Tick()
    {
        foreach (var wire in Connections.OfType<WireConnection>().Where(static one => one is { IsOver: false, IsOpen: true }).ToArray())
            process.Run(wire.Tick);
    }

    internal void Remove(SimulatedConnection connection)
    {
        if (connection is WireConnection wire)
            _pending.Remove(wire);
        if (_connections.TryGetValue(connection.NodeId, out var current) && current == connection)
            _connections.Remove(connection.NodeId);
    }

    /// <summary>Messages may be sent.</summary>
    internal void Take(SimulatedConnection connection)
    {
        if (connection is WireConnection wire)
            _pending.Remove(wire);
        var displaced = _connections.GetValueOrDefault(connection.NodeId);
        if (displaced is WireConnection older && connection is WireConnection newer && Prefer(older, newer) == older)
        {
            newer.Replace();
            return;
        }

        _connections[connection.NodeId] = connection;
        connection.IsAnnounced = true;

        // Messages follow in the same piece of bytes.
        if (connection is WireConnection)
            sink.PeerReady(connection);
        else
            process.Post(() => sink.PeerReady(connection));
        displaced?.Replace();
    }

    // As PeerHub decides.
    private WireConnection Prefer(WireConnection older, WireConnection newer)
    {
        if (!older.IsOpen || older.IsInbound == newer.IsInbound || newer.Began - older.Began > s_crossing)
            return newer;
        return (node.Id < newer.NodeId) == newer.IsInbound ? older : newer;
    }
}
