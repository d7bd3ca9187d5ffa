using Tributary.Bitcoin.Transactions;
using Tributary.Lightning.Channels;
using Tributary.Lightning.Gossip;
using Tributary.Lightning.Keys;
using Tributary.Lightning.Node.Reports;
using Tributary.Lightning.OnChain;
using Tributary.Lightning.Peers;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;

namespace Tributary.Lightning.Node.Desks;

/// <summary>A channel with its monitor and what the driver keeps beside them.</summary>
internal sealed class ChannelEntry(Channel channel, ChannelKeys monitorKeys) : IDisposable
{
    internal Channel Channel => channel;

    internal Bytes32 KeyId => channel.KeyId;

    internal NodeId Peer => channel.State.Setup.Peer;

    /// <summary>The monitor's own keys.</summary>
    internal ChannelKeys MonitorKeys => monitorKeys;

    /// <summary>Watches the chain from the moment that there is a funding.</summary>
    internal ChannelMonitor? Monitor { get; set; }

    /// <summary>The connection that the channel speaks by; null while the peer is away.</summary>
    internal PeerConnection? Connection { get; set; }

    /// <summary>The id that it is found by.</summary>
    internal ChannelId? KnownAs { get; set; }

    /// <summary>Something may be owed: <see cref="Channel.Flush"/> is called at the end of the turn.</summary>
    internal bool IsDirty { get; set; }

    /// <summary>A call to sign settlements is under way.</summary>
    internal bool IsSettlementWaiting { get; set; }

    /// <summary>Settlements have waited long enough.</summary>
    internal bool IsSettlementDue { get; set; }

    /// <summary>Why our commitment was withheld, as the operator was told last.</summary>
    internal string? WithheldTold { get; set; }

    /// <summary>What the peer asks for forwarding to us.</summary>
    internal ForwardingPolicy? PeerPolicy { get; set; }

    /// <summary>Who waits for the channel to be funded.</summary>
    internal TaskCompletionSource<Result<ChannelOpening, Refusal>>? Opening { get; set; }

    /// <summary>Why the network did not take the funding when it was last offered; null where it did, or was never asked.</summary>
    internal Refusal? FundingRefused { get; set; }

    /// <summary>Our funding transaction, where the network may still lack it: signed for by both sides, and in no block that we know.</summary>
    internal Transaction? UnminedFunding => channel.State is { FundingTransaction: { } funding, Position: null, Stage: not (ChannelStage.Opening or ChannelStage.Forgotten or ChannelStage.Stale) } ? funding : null;

    /// <summary>The output that is watched for.</summary>
    internal OutPoint? Funding => channel.State.Funding;

    public void Dispose()
    {
        channel.Dispose();
        monitorKeys.Dispose();
    }
}
