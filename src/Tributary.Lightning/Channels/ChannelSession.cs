using Tributary.Lightning.Messages;
using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.Channels;

/// <summary>What of a channel is lost with the connection: updates that the peer has not signed for, and how far a negotiation has come.</summary>
internal sealed class ChannelSession
{
    internal bool IsConnected { get; set; }

    /// <summary>The peer's <c>channel_reestablish</c> was answered, or the channel began on this connection.</summary>
    internal bool IsReestablished { get; set; }

    /// <summary>The peer broke a rule: what else it sends on this connection is not looked at.</summary>
    internal bool IsBroken { get; set; }

    /// <summary>Any segwit script may be closed to (option_shutdown_anysegwit).</summary>
    internal bool TakesAnySegwit { get; set; }

    /// <summary>Updates of the peer's that it has not signed for, in their order.</summary>
    internal List<LightningMessage> Inbox { get; } = [];

    /// <summary>HTLCs that the inbox adds.</summary>
    internal List<ChannelHtlc> InboxAdds { get; } = [];

    /// <summary>HTLCs of ours that the inbox removes.</summary>
    internal HashSet<ulong> InboxRemovals { get; } = [];

    /// <summary>The last feerate of the inbox.</summary>
    internal FeeratePerKw? InboxFee { get; set; }

    /// <summary>What our next commitment will say with the inbox counted in.</summary>
    internal CommitmentProjection NextLocal;

    /// <summary>What the driver was told last.</summary>
    internal bool WasUsable { get; set; }

    /// <summary>The closing fee that we offered last on this connection.</summary>
    internal Satoshis? ClosingFee { get; set; }

    /// <summary>The peer's closing fee before this one.</summary>
    internal Satoshis? PeerClosingFee { get; set; }

    internal bool IsUp => IsConnected && IsReestablished && !IsBroken;

    internal void ClearInbox(CommitmentProjection nextLocal)
    {
        Inbox.Clear();
        InboxAdds.Clear();
        InboxRemovals.Clear();
        InboxFee = null;
        NextLocal = nextLocal;
    }

    internal void Reset(CommitmentProjection nextLocal)
    {
        IsConnected = IsReestablished = IsBroken = false;
        ClosingFee = PeerClosingFee = null;
        ClearInbox(nextLocal);
    }
}
