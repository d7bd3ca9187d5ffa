using Tributary.Bitcoin.Transactions;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.Node.Reports;

/// <summary>A channel as its owner sees it.</summary>
/// <param name="Id">Its id: temporary until there is a funding transaction.</param>
/// <param name="Peer">The other side.</param>
/// <param name="State">"opening", "confirming", "open", "offline", "closing", "closed", "on_chain" or "stale".</param>
/// <param name="Detail">In words, what is waited for.</param>
/// <param name="IsUsable">Payments can go through it now.</param>
/// <param name="IsOpener">We funded it.</param>
/// <param name="IsPrivate">It is not announced: true for all channels of this node, also where the peer would have it announced.</param>
/// <param name="Funding">Its output.</param>
/// <param name="ShortId">Its place in the chain.</param>
/// <param name="Confirmations">Of its funding.</param>
/// <param name="Capacity">All of it.</param>
/// <param name="Ours">Our balance.</param>
/// <param name="Theirs">The peer's.</param>
/// <param name="Sendable">The largest payment that it can send now.</param>
/// <param name="Receivable">The largest that it can receive now.</param>
/// <param name="HtlcCount">Payments under way in it.</param>
public sealed record ChannelReport(
    ChannelId Id,
    NodeId Peer,
    string State,
    string Detail,
    bool IsUsable,
    bool IsOpener,
    bool IsPrivate,
    OutPoint? Funding,
    ShortChannelId? ShortId,
    int Confirmations,
    Satoshis Capacity,
    MilliSatoshis Ours,
    MilliSatoshis Theirs,
    MilliSatoshis Sendable,
    MilliSatoshis Receivable,
    int HtlcCount);
