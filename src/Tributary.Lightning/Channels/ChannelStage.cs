namespace Tributary.Lightning.Channels;

/// <summary>Where a channel stands in its life. It only ever moves down this list.</summary>
public enum ChannelStage
{
    /// <summary>Terms are being agreed; there is no funding transaction that could be broadcast. Lost with the connection.</summary>
    Opening,

    /// <summary>The first commitments are signed; the funding is not deep enough, or one side has not said so yet.</summary>
    AwaitingReady,

    /// <summary>Both sides have said <c>channel_ready</c>.</summary>
    Open,

    /// <summary>A side has said <c>shutdown</c>: HTLCs are resolved, then a closing fee is agreed.</summary>
    Closing,

    /// <summary>A closing transaction is signed by both.</summary>
    Closed,

    /// <summary>The channel is resolved on chain: our commitment goes out, or another transaction has spent the funding.</summary>
    Failed,

    /// <summary>We are behind what we once promised: our commitment never goes out; the peer closes.</summary>
    Stale,

    /// <summary>There never was a channel: nothing of it can be on chain, or nothing of ours.</summary>
    Forgotten,
}
