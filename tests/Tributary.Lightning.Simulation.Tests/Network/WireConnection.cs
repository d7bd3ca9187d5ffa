using Tributary.Crypto;
using Tributary.Lightning.Messages;
using Tributary.Lightning.Peers;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Simulation.Tests.Network;

/// <summary>
/// An end of a connection as TCP carries it: BOLT 8's handshake, <c>init</c> and frames in a stream of bytes, which arrives in pieces of any
/// length and may end between any two bytes.
/// </summary>
internal sealed class WireConnection : SimulatedConnection
{
    private readonly PeerSession _session;
    private readonly TaskCompletionSource<PeerClosure?> _ready = new();
    private byte[] _inbound = [];

    private WireConnection(SimulatedHub owner, PublicKey peer, PeerSession session, bool isInbound)
        : base(owner, peer, isInbound) => (_session, Began) = (session, owner.Node.World.Clock.Elapsed);

    public override Init RemoteInit => _session.RemoteInit!;

    /// <summary>When it was dialled.</summary>
    internal TimeSpan Began { get; }

    /// <summary>Messages may be sent, or never will be.</summary>
    internal Task<PeerClosure?> Ready => _ready.Task;

    internal override int InboundCount => _inbound.Length;

    /// <summary>A connection under way: the first act of the handshake has left.</summary>
    internal static (WireConnection Here, WireConnection There) Dial(SimulatedHub from, SimulatedHub to)
    {
        var output = new ByteWriter();
        var now = from.Node.World.Clock.Elapsed;
        var here = new WireConnection(from, to.Node.Id, PeerSession.Dial(from.Node.Keys.Identity, to.Node.Id, from.Profile, PeerLimits.Default, from.Entropy, now, output), isInbound: false);
        var there = new WireConnection(to, from.Node.Id, PeerSession.Accept(to.Node.Keys.Identity, to.Profile, PeerLimits.Default, to.Entropy, now), isInbound: true);
        (here.Other, there.Other) = (there, here);
        here.Write(output);
        return (here, there);
    }

    public override bool Send(LightningMessage message)
    {
        if (IsClosed || !_session.IsReady)
            return false;
        Owner.Node.World.Sends(Owner.Node, NodeId, message);
        var output = new ByteWriter();
        _session.Send(message, output);
        Write(output);
        return true;
    }

    public override void Close(PeerClosure closure)
    {
        base.Close(closure);
        _ready.TrySetResult(closure);
    }

    /// <summary>Pings, and time-outs.</summary>
    internal void Tick()
    {
        var (output, events) = (new ByteWriter(), new List<PeerEvent>());
        _session.Tick(Owner.Node.World.Clock.Elapsed, output, events);
        Write(output);
        Take(events);
    }

    protected override void DeliverSome()
    {
        var world = Owner.Node.World;
        var count = world.Chance(70) ? _inbound.Length : 1 + world.Choose(_inbound.Length);
        var piece = _inbound[..count];
        _inbound = _inbound[count..];
        Owner.Process.Post(() =>
        {
            var (output, events) = (new ByteWriter(), new List<PeerEvent>());
            _session.Receive(piece, world.Clock.Elapsed, output, events);
            Write(output);
            Take(events);
        });
    }

    protected override void Keep(int count)
    {
        if (count > 0 && count < _inbound.Length)
            Owner.Node.World.Count(IsAnnounced ? "streams cut between frames or within one" : "handshakes cut");
        _inbound = _inbound[..count];
        _ready.TrySetResult(new PeerClosure(PeerClosureKind.ClosedByPeer, "the connection broke"));
    }

    private void Take(List<PeerEvent> events)
    {
        foreach (var one in events)
        {
            switch (one)
            {
                case PeerEvent.Ready when !IsOver:
                    Owner.Take(this);
                    _ready.TrySetResult(null);
                    break;
                case PeerEvent.Received received when IsAnnounced:
                    Owner.Sink.PeerMessage(this, received.Message, received.Length);
                    break;
                case PeerEvent.Ended { Closure: { Kind: PeerClosureKind.Protocol or PeerClosureKind.Handshake or PeerClosureKind.Incompatible } closure }:
                    throw new InvalidOperationException($"A connection of {Owner.Node} failed, and nobody broke a rule: {closure}.");
                case PeerEvent.Ended ended:
                    Owner.Node.World.Count("connections that timed out");
                    Close(ended.Closure);
                    break;
            }
        }
    }

    private void Write(ByteWriter output)
    {
        if (output.Length > 0 && !IsBroken && !Other.IsBroken)
        {
            var other = (WireConnection)Other;
            other._inbound = [.. other._inbound, .. output.WrittenSpan];
        }
    }
}
