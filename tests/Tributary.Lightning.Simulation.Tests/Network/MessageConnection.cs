using Tributary.Crypto;
using Tributary.Lightning.Messages;

namespace Tributary.Lightning.Simulation.Tests.Network;

/// <summary>An end of a connection that carries whole messages, without bytes and ciphers.</summary>
internal sealed class MessageConnection(SimulatedHub owner, PublicKey peer, Init peersInit, bool isInbound) : SimulatedConnection(owner, peer, isInbound)
{
    public override Init RemoteInit => peersInit;

    /// <summary>What is on its way to this end.</summary>
    internal Queue<byte[]> Inbound { get; private set; } = new();

    internal override int InboundCount => Inbound.Count;

    public override bool Send(LightningMessage message)
    {
        if (IsClosed)
            return false;
        Owner.Node.World.Sends(Owner.Node, NodeId, message);
        if (!IsBroken && !Other.IsBroken)
            ((MessageConnection)Other).Inbound.Enqueue(message.ToArray());
        return true;
    }

    protected override void DeliverSome()
    {
        var bytes = Inbound.Dequeue();
        var message = LightningMessage.Read(bytes).Value;
        Owner.Process.Post(() => Owner.Sink.PeerMessage(this, message, bytes.Length));
    }

    protected override void Keep(int count) => Inbound = new Queue<byte[]>(Inbound.Take(count));
}
