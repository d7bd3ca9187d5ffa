using System.Net;
using Tributary.Crypto;
using Tributary.Lightning.Peers;

namespace Tributary.Lightning.Simulation.Tests.Network;

/// <summary>One end of a connection: what it sends waits at the other end until the world delivers it, in order, or never.</summary>
internal abstract class SimulatedConnection(SimulatedHub owner, PublicKey peer, bool isInbound) : PeerConnection
{
    public override bool IsInbound => isInbound;

    public override IPEndPoint RemoteEndpoint { get; } = new(IPAddress.Loopback, 9735);

    public override PublicKey NodeId => peer;

    public override bool IsOpen => !IsClosed;

    public override bool IsKnown => true;

    public override int QueuedCount => 0;

    internal SimulatedHub Owner => owner;

    internal SimulatedConnection Other { get; set; } = null!;

    /// <summary>What is on its way to this end, in pieces that may be cut apart: messages, or bytes.</summary>
    internal abstract int InboundCount { get; }

    /// <summary>Nothing more comes: once all is delivered, this end learns that the connection is over.</summary>
    internal bool IsBroken { get; private set; }

    /// <summary>This end has been told that the connection is over, or was replaced.</summary>
    internal bool IsOver { get; private set; }

    /// <summary>The node has been told of it.</summary>
    internal bool IsAnnounced { get; set; }

    /// <summary>Nothing more is sent from this end.</summary>
    protected bool IsClosed { get; private set; }

    public override void Done(int length)
    {
    }

    public override void MarkKnown()
    {
    }

    public override void Close(PeerClosure closure)
    {
        IsClosed = true;
        Break(this, 0);
        Break(Other, Other.InboundCount);
    }

    /// <summary>The connection breaks: of what is under way to each end a part arrives.</summary>
    internal void Cut(Func<int, int> chooses)
    {
        Break(this, chooses(InboundCount + 1));
        Break(Other, chooses(Other.InboundCount + 1));
    }

    /// <summary>The process at this end is no more.</summary>
    internal void Abandon(Func<int, int> chooses)
    {
        (IsOver, IsClosed) = (true, true);
        Break(this, 0);
        Break(Other, chooses(Other.InboundCount + 1));
    }

    /// <summary>Another connection with the same peer is there.</summary>
    internal void Replace()
    {
        (IsOver, IsClosed) = (true, true);
        Break(this, 0);
        Break(Other, Other.InboundCount);
        owner.Remove(this);
        if (IsAnnounced)
            owner.Process.Post(() => owner.Sink.PeerEnded(this, new PeerClosure(PeerClosureKind.Replaced, "another connection with the same peer is there")));
    }

    /// <summary>Something reaches this end, or its end does. False when nothing is under way.</summary>
    internal bool Deliver()
    {
        if (IsOver)
            return false;
        if (InboundCount > 0)
        {
            DeliverSome();
            return true;
        }

        if (!IsBroken)
            return false;
        (IsOver, IsClosed) = (true, true);
        owner.Process.Post(() =>
        {
            owner.Remove(this);
            if (IsAnnounced)
                owner.Sink.PeerEnded(this, new PeerClosure(PeerClosureKind.ClosedByPeer, "the connection broke"));
        });
        return true;
    }

    /// <summary>Takes some of what is under way.</summary>
    protected abstract void DeliverSome();

    /// <summary>The rest of what is under way is lost.</summary>
    protected abstract void Keep(int count);

    private static void Break(SimulatedConnection end, int keeps)
    {
        if (end.IsBroken)
            return;
        end.IsBroken = true;
        end.Keep(keeps);
    }
}
