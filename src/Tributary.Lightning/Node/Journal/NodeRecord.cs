using Tributary.Bitcoin.Chain;
using Tributary.Bitcoin.Transactions;
using Tributary.Lightning.Gossip;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Bytes;
using Tributary.Storage.Files;
using Tributary.Storage.Logs;

namespace Tributary.Lightning.Node.Journal;

/// <summary>What happened to the node apart from its channels and payments. <see cref="NodeState"/> is nothing but these applied in order.</summary>
public abstract record NodeRecord
{
    private NodeRecord()
    {
    }

    /// <summary>The first record: what the folder is for. Another network or another key opens it never.</summary>
    public sealed record Created(string Network, NodeId NodeId) : NodeRecord;

    /// <summary>The chain was looked through up to this block.</summary>
    public sealed record TipMoved(ChainTip Tip) : NodeRecord;

    /// <summary>Where a peer listens.</summary>
    public sealed record PeerAddressKnown(NodeId Peer, string Host, ushort Port) : NodeRecord;

    /// <summary>A peer is no longer dialled.</summary>
    public sealed record PeerForgotten(NodeId Peer) : NodeRecord;

    /// <summary>A channel's funding is in a block.</summary>
    public sealed record FundingMined(Bytes32 KeyId, int Height, int TransactionIndex, ushort OutputIndex, Transaction Transaction) : NodeRecord;

    /// <summary>The block that held a channel's funding is gone.</summary>
    public sealed record FundingUnmined(Bytes32 KeyId) : NodeRecord;

    /// <summary>The folder is a copy of another log's, and its channels were called stale: those that are begun after this are not.</summary>
    public sealed record CopyTaken(LogId Log, LogSequence Through, DateTimeOffset At) : NodeRecord;

    /// <summary>
    /// Where the folder was opened. Found elsewhere it is a copy, unless its operator says that it was moved; null where the file system does not
    /// tell a file from its copy.
    /// </summary>
    public sealed record Placed(FilePlace? Place) : NodeRecord;

    /// <summary>Every channel's state was confirmed as the latest while the machine had this mark in memory: <see cref="Backups.RunNote"/>.</summary>
    public sealed record Vouched(ulong Mark) : NodeRecord;

    /// <summary>What the peer of a channel asks for forwarding to us.</summary>
    public sealed record PeerPolicyKnown(Bytes32 KeyId, ForwardingPolicy Policy) : NodeRecord;

    /// <summary>A channel is over: its funding and what its peer asked for are forgotten.</summary>
    public sealed record ChannelForgotten(Bytes32 KeyId) : NodeRecord;

    /// <summary>Something that a user of the node is told of.</summary>
    public sealed record EventRaised(NodeEvent Event) : NodeRecord;
}
