using System.Net;
using Tributary.Crypto;
using Tributary.Lightning.Messages;

namespace Tributary.Lightning.Peers;

/// <summary>A connection with a peer as the node sees it: messages out, in their order, until it is over. Safe to call from any thread.</summary>
public abstract class PeerConnection
{
    protected PeerConnection()
    {
    }

    /// <summary>Did the peer dial?</summary>
    public abstract bool IsInbound { get; }

    public abstract IPEndPoint RemoteEndpoint { get; }

    /// <summary>The peer; known when the connection is ready.</summary>
    public abstract PublicKey NodeId { get; }

    /// <summary>What the peer said of itself; there when the connection is ready.</summary>
    public abstract Init RemoteInit { get; }

    /// <summary>True while messages may be sent.</summary>
    public abstract bool IsOpen { get; }

    /// <summary>True for a peer that we have dealings with: it may send faster, and strangers do not displace it.</summary>
    public abstract bool IsKnown { get; }

    /// <summary>Messages that wait to be written.</summary>
    public abstract int QueuedCount { get; }

    /// <summary>Queues a message. False when the connection is over; a peer that has let too many gather is dropped.</summary>
    public abstract bool Send(LightningMessage message);

    /// <summary>Queues messages that leave together.</summary>
    public virtual bool Send(IReadOnlyList<LightningMessage> messages)
    {
        foreach (var message in messages)
        {
            if (!Send(message))
                return false;
        }

        return true;
    }

    /// <summary>Gives back what <see cref="IPeerSink.PeerMessage"/> took of the peer's allowance.</summary>
    public abstract void Done(int length);

    /// <summary>From now on this peer is no stranger.</summary>
    public abstract void MarkKnown();

    /// <summary>Writes what is queued, then closes.</summary>
    public abstract void Close(PeerClosure closure);
}
