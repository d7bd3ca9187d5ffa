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

    /// <summary>What the peer asks for forwarding to us.</summary>
    internal ForwardingPolicy? PeerPolicy { get; set; }

    /// <summary>Who waits for the channel to be funded.</summary>
    internal TaskCompletionSource<Result<ChannelOpening, Refusal>>? Opening { get; set; }

    /// <summary>The output that is watched for.</summary>
    internal OutPoint? Funding => channel.State.Funding;

    public void Dispose()
    {
        channel.Dispose();
        monitorKeys.Dispose();
    }
}
