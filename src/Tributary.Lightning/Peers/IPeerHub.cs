using System.Net;
using Tributary.Crypto;
using Tributary.Primitives.Results;

namespace Tributary.Lightning.Peers;

/// <summary>The connections of a node as the node sees them, whatever carries the bytes. Safe to call from any thread.</summary>
internal interface IPeerHub : IAsyncDisposable
{
    /// <summary>Connections that are ready.</summary>
    IReadOnlyList<PeerConnection> Peers { get; }

    /// <summary>The connection with a peer, if there is one.</summary>
    PeerConnection? Find(PublicKey nodeId);

    /// <summary>Takes connections on an address; port 0 takes a free one.</summary>
    /// <returns>Where it listens.</returns>
    Result<IPEndPoint, Refusal> Listen(IPEndPoint address);

    /// <summary>Dials unless there is a connection already, and waits until messages may be sent.</summary>
    Task<Result<PeerConnection, PeerClosure>> ConnectAsync(PeerAddress address, CancellationToken cancellationToken);

    /// <summary>Keeps a connection with a peer: dials now, and again when it is lost. A later address takes the place of an earlier one.</summary>
    void Keep(PeerAddress address);

    /// <summary>No longer dials a peer; a connection that is there stays.</summary>
    void Forget(PublicKey nodeId);
}
