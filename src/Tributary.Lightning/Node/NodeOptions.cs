using System.Net;
using Tributary.Bitcoin.Networks;
using Tributary.Crypto;
using Tributary.Lightning.Channels;
using Tributary.Lightning.Features;
using Tributary.Lightning.Gossip;
using Tributary.Lightning.Keys;
using Tributary.Lightning.Node.Backups;
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

    /// <summary>
    /// Folders that hold <see cref="BackupKeeper.FileName"/>, the static backup, which is written anew whenever a channel opens or closes: before a
    /// funding is broadcast it is on disk in each of them, or there is an alarm.
    /// </summary>
    public IReadOnlyList<IStorageDirectory> BackupFolders { get; init; } = [];

    /// <summary>
    /// The operator vouches that the folder was moved here, and that the original has not run since. Without that, a folder that was last opened
    /// elsewhere is a copy: its channels are stale for ever.
    /// </summary>
    public bool IsMoved { get; init; }

    /// <summary>
    /// Vouches after the death of the process that its log is the newest, so that no peer has to; null for none. It stays the caller's, and outlives the
    /// node.
    /// </summary>
    public IRunWitness? Witness { get; init; }

    /// <summary>
    /// How long a peer is dialled after a start before the operator may close a channel by force whose state the peer has not agreed with since: a
    /// state that somebody has put back costs the whole channel.
    /// </summary>
    public TimeSpan UnconfirmedGrace { get; init; } = TimeSpan.FromHours(2);

    /// <summary>How long the removal of settled HTLCs may wait for something else to be signed together with.</summary>
    public TimeSpan SettlementDelay { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>Log bytes that lead to a new checkpoint.</summary>
    public long CheckpointAtBytes { get; init; } = 64L << 20;

    /// <summary>Bounds of gossip. A peer may have fewer signatures waiting than a standalone intake would let it.</summary>
    public GossipOptions Gossip { get; init; } = new(PendingPerPeerMax: 6_000);

    /// <summary>Where the map of the network is kept between two runs, a folder of its own; null keeps it in memory alone.</summary>
    public IStorageDirectory? GossipFolder { get; init; }

    /// <summary>How often the map is saved when it has changed.</summary>
    public TimeSpan GossipSaveInterval { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Payments that are over and can still be listed; older ones are known by their hash alone.</summary>
    public int PaymentsKept { get; init; } = 10_000;
}
