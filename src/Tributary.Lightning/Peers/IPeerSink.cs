using Tributary.Lightning.Messages;

namespace Tributary.Lightning.Peers;

/// <summary>
/// Who hears of connections: the node. Calls come from the connection's own task, in the order of what happened on it, and must not block:
/// they queue.
/// </summary>
public interface IPeerSink
{
    /// <summary>Messages may be sent. A connection that took the place of an older one with the same peer is told of before that one's end.</summary>
    void PeerReady(PeerConnection connection);

    /// <summary>A message. When it has been dealt with, <see cref="PeerConnection.Done"/> is called with its length, or reading stops.</summary>
    void PeerMessage(PeerConnection connection, LightningMessage message, int length);

    /// <summary>Messages that came together: the same as one call for each.</summary>
    void PeerMessages(PeerConnection connection, IReadOnlyList<PeerEvent.Received> messages)
    {
        foreach (var one in messages)
            PeerMessage(connection, one.Message, one.Length);
    }

    /// <summary>A connection that was ready is over.</summary>
    void PeerEnded(PeerConnection connection, PeerClosure closure);
}
