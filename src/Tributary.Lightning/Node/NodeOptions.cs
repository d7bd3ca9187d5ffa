using System.Net;
using Tributary.Bitcoin.Networks;
using Tributary.Crypto;
using Tributary.Lightning.Channels;
using Tributary.Lightning.Features;
using Tributary.Lightning.Keys;
using Tributary.Lightning.Node.Fees;
using Tributary.Lightning.Payments;
using Tributary.Lightning.Peers;
using Tributary.Storage.Files;

namespace Tributary.Lightning.Node;

/// <summary>How a node behaves.</summary>
/// <param name="Network">The Bitcoin network.</param>
public sealed record NodeOptions(BitcoinNetwork Network)
{
    /// <summary>A name for people.</summary>
    public string Alias { get; init; } = "";

    /// <summary>Where peers may dial; null for nowhere. Port 0 takes a free one.</summary>
    public IPEndPoint? Listen { get; init; }

    /// <summary>Peers whose channels are used before their funding confirms, and accepted without a reserve for claims.</summary>
    public IReadOnlyCollection<PublicKey> TrustedPeers { get; init; } = [];

    /// <summary>What is offered and required of peers.</summary>
    public FeatureVector Features { get; init; } = PeerProfile.DefaultFeatures;

    public PeerLimits PeerLimits { get; init; } = PeerLimits.Default;

    /// <summary>What is asked of channels.</summary>
    public ChannelPolicy ChannelPolicy { get; init; } = new() { ChainHash = Network.GenesisHash.Value };

    public ReceiverOptions Receiver { get; init; } = new();

    /// <summary>Between what feerates are believed.</summary>
    public FeerateLimits Feerates { get; init; } = FeerateLimits.For(Network);

    /// <summary>Confirmations after which an HTLC that failed on chain counts as failed.</summary>
    public int ActionDepth { get; init; } = 6;

    /// <summary>Confirmations after which a closed channel is no longer watched.</summary>
    public int DoneDepth { get; init; } = 100;

    /// <summary>
    /// A second folder that receives all that the log does, in the same commit, encrypted by <see cref="NodeKeys.ReplicaKey"/>; null for none.
    /// Where it can't be written the node stops.
    /// </summary>
    public IStorageDirectory? Replica { get; init; }

    /// <summary>Log bytes that lead to a new checkpoint.</summary>
    public long CheckpointAtBytes { get; init; } = 64L << 20;
}
