using System.Net;
using Tributary.Crypto;
using Tributary.Lightning.Features;
using Tributary.Lightning.Messages;
using Tributary.Lightning.Peers;
using Tributary.Lightning.Simulation.Tests.Machines;
using Tributary.Primitives.Results;

namespace Tributary.Lightning.Simulation.Tests.Network;

/// <summary>The connections of one life of a node, without bytes and ciphers.</summary>
internal sealed class SimulatedHub(SimulatedNode node, SimulatedProcess process, PeerProfile profile, IPeerSink sink) : IPeerHub
{
    private readonly Dictionary<PublicKey, SimulatedConnection> _connections = [];

    public IReadOnlyList<PeerConnection> Peers => [.. _connections.Values];

    internal SimulatedNode Node => node;

    internal SimulatedProcess Process => process;

    internal IPeerSink Sink => sink;

    internal IReadOnlyCollection<SimulatedConnection> Connections => _connections.Values;

    /// <summary>Peers that are dialled again.</summary>
    internal List<PublicKey> Kept { get; } = [];

    private Init Init => new() { GlobalFeatures = FeatureVector.Empty, Features = profile.Features };

    public PeerConnection? Find(PublicKey nodeId) => _connections.GetValueOrDefault(nodeId);

    public Result<IPEndPoint, Refusal> Listen(IPEndPoint address) => address;

    public Task<Result<PeerConnection, PeerClosure>> ConnectAsync(PeerAddress address, CancellationToken cancellationToken) =>
        Task.FromResult<Result<PeerConnection, PeerClosure>>(Dial(address.NodeId) is { } connection ? connection : new PeerClosure(PeerClosureKind.Unreachable, "nobody listens"));

    public void Keep(PeerAddress address)
    {
        if (!Kept.Contains(address.NodeId))
            Kept.Add(address.NodeId);
    }

    public void Forget(PublicKey nodeId) => Kept.Remove(nodeId);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>A connection with a peer that listens, a new one where there is none; null when the peer does not listen.</summary>
    internal PeerConnection? Dial(PublicKey peer)
    {
        if (Find(peer) is { } open)
            return open;
        if (node.World.FindListening(peer) is not { } other || node.IsOffline)
            return null;
        var here = new SimulatedConnection(this, peer, other.Init, isInbound: false);
        var there = new SimulatedConnection(other, node.Id, Init, isInbound: true);
        (here.Other, there.Other) = (there, here);
        Take(here);
        other.Take(there);
        return here;
    }

    internal void Remove(SimulatedConnection connection)
    {
        if (_connections.TryGetValue(connection.NodeId, out var current) && current == connection)
            _connections.Remove(connection.NodeId);
    }

    private void Take(SimulatedConnection connection)
    {
        var displaced = _connections.GetValueOrDefault(connection.NodeId);
        _connections[connection.NodeId] = connection;
        process.Post(() => sink.PeerReady(connection));
        displaced?.Replace();
    }
}
