using Tributary.Crypto;
using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.Node.Reports;

/// <summary>A channel that is to be opened with a peer that is connected.</summary>
/// <param name="Peer">The other side.</param>
/// <param name="Amount">What we put in.</param>
public sealed record OpenChannelRequest(PublicKey Peer, Satoshis Amount)
{
    /// <summary>A gift to the peer: it has this much to send from the start.</summary>
    public Satoshis Push { get; init; }

    /// <summary>
    /// No channel of this node is announced. With this, where the peer knows how, the channel's place in the chain is told to nobody either: it
    /// goes by an alias alone (BOLT 2, <c>option_scid_alias</c>).
    /// </summary>
    public bool IsPrivate { get; init; }

    /// <summary>Of the funding transaction; null lets the estimator decide.</summary>
    public FeeratePerKw? Feerate { get; init; }
}
