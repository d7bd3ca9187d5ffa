using System.Net;
using Tributary.Crypto;
using Tributary.Lightning.Messages;
using Tributary.Lightning.Peers;

namespace Tributary.Lightning.Simulation.Tests.Network;

/// <summary>One end of a connection: what it sends waits at the other end until the world delivers it, in order, or never.</summary>
internal sealed class SimulatedConnection(SimulatedHub owner, PublicKey peer, Init peersInit, bool isInbound) : PeerConnection
{
    private bool _isClosed;

    public override bool IsInbound => isInbound;

    public override IPEndPoint RemoteEndpoint { get; } = new(IPAddress.Loopback, 9735);

    public override PublicKey NodeId => peer;

    public override Init RemoteInit => peersInit;

    public override bool IsOpen => !_isClosed;

    public override bool IsKnown => true;

    public override int QueuedCount => 0;

    internal SimulatedHub Owner => owner;

    internal SimulatedConnection Other { get; set; } = null!;

    /// <summary>What is on its way to this end.</summary>
    internal Queue<byte[]> Inbound { get; } = new();

    /// <summary>Nothing more comes: once all is delivered, this end learns that the connection is over.</summary>
    internal bool IsBroken { get; private set; }

    /// <summary>This end has been told that the connection is over, or was replaced.</summary>
    internal bool IsOver { get; private set; }

    public override bool Send(LightningMessage message)
    {
        if (_isClosed)
            return false;
        owner.Node.World.Sends(owner.Node, peer, message);
        if (!IsBroken && !Other.IsBroken)
            Other.Inbound.Enqueue(message.ToArray());
        return true;
    }

    public override void Done(int length)
    {
    }

    public override void MarkKnown()
    {
    }

    public override void Close(PeerClosure closure)
    {
        _isClosed = true;
        Break(this, 0);
        Break(Other, Other.Inbound.Count);
    }

    /// <summary>The connection breaks: of what is under way to each end a part arrives.</summary>
    internal void Cut(Func<int, int> chooses)
    {
        Break(this, chooses(Inbound.Count + 1));
        Break(Other, chooses(Other.Inbound.Count + 1));
    }

    /// <summary>The process at this end is no more.</summary>
    internal void Abandon(Func<int, int> chooses)
    {
        (IsOver, _isClosed) = (true, true);
        Inbound.Clear();
        IsBroken = true;
        Break(Other, chooses(Other.Inbound.Count + 1));
    }

    /// <summary>Another connection with the same peer is there.</summary>
    internal void Replace()
    {
        (IsOver, _isClosed) = (true, true);
        Inbound.Clear();
        IsBroken = true;
        Break(Other, Other.Inbound.Count);
        owner.Process.Post(() => owner.Sink.PeerEnded(this, new PeerClosure(PeerClosureKind.Replaced, "another connection with the same peer is there")));
    }

    /// <summary>The next message reaches this end, or its end does. False when nothing is under way.</summary>
    internal bool Deliver()
    {
        if (IsOver)
            return false;
        if (Inbound.TryDequeue(out var bytes))
        {
            var message = LightningMessage.Read(bytes).Value;
            owner.Process.Post(() => owner.Sink.PeerMessage(this, message, bytes.Length));
            return true;
        }

        if (!IsBroken)
            return false;
        (IsOver, _isClosed) = (true, true);
        owner.Remove(this);
        owner.Process.Post(() => owner.Sink.PeerEnded(this, new PeerClosure(PeerClosureKind.ClosedByPeer, "the connection broke")));
        return true;
    }

    private static void Break(SimulatedConnection end, int keeps)
    {
        if (end.IsBroken)
            return;
        end.IsBroken = true;
        var kept = end.Inbound.Take(keeps).ToArray();
        end.Inbound.Clear();
        foreach (var bytes in kept)
            end.Inbound.Enqueue(bytes);
    }
}
