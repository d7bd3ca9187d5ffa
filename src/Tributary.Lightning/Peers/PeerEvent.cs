using Tributary.Lightning.Messages;

namespace Tributary.Lightning.Peers;

/// <summary>What a <see cref="PeerSession"/> tells its owner.</summary>
public abstract record PeerEvent
{
    private PeerEvent()
    {
    }

    /// <summary>The handshake is over and both have said what they can: messages may be sent.</summary>
    public sealed record Ready(Init Init) : PeerEvent;

    /// <summary>A message that is not the connection's own business. <c>error</c> and <c>warning</c> come this way too.</summary>
    /// <param name="Message">The message.</param>
    /// <param name="Length">Its bytes on the wire, as flow control counts them.</param>
    public sealed record Received(LightningMessage Message, int Length) : PeerEvent;

    /// <summary>It is over: write what is left to be written, then close the socket.</summary>
    public sealed record Ended(PeerClosure Closure) : PeerEvent;
}
