using Tributary.Bitcoin.Chain;
using Tributary.Lightning.Gossip;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Node.Journal;

/// <summary>What the node knows apart from its channels and payments.</summary>
public sealed class NodeState
{
    /// <summary>Events that can be asked for again.</summary>
    public const int EventsMax = 10_000;

    /// <summary>Addresses of peers that are remembered.</summary>
    public const int PeersMax = 1_000;

    private readonly Queue<NodeEvent> _events = new();
    private readonly Dictionary<NodeId, (string Host, ushort Port)> _peers = [];
    private readonly Dictionary<Bytes32, NodeRecord.FundingMined> _fundings = [];
    private readonly Dictionary<Bytes32, NodeRecord.FundingMined> _unmined = [];
    private readonly Dictionary<Bytes32, ForwardingPolicy> _policies = [];

    /// <summary>What the folder is for; null before the first record.</summary>
    public NodeRecord.Created? Creation { get; private set; }

    /// <summary>The copy that the folder was made from, once its channels were called stale; null for a folder that is none.</summary>
    public NodeRecord.CopyTaken? Copy { get; private set; }

    /// <summary>Where the folder was opened last; null where that was never recorded.</summary>
    public NodeRecord.Placed? Place { get; private set; }

    /// <summary>When every channel was last confirmed to be in its latest state; null where that was never.</summary>
    public NodeRecord.Vouched? Vouched { get; private set; }

    /// <summary>The last block that was looked through.</summary>
    public ChainTip? Tip { get; private set; }

    public IReadOnlyDictionary<NodeId, (string Host, ushort Port)> Peers => _peers;

    /// <summary>Where the fundings of channels are, by the channel's key id.</summary>
    public IReadOnlyDictionary<Bytes32, NodeRecord.FundingMined> Fundings => _fundings;

    /// <summary>Fundings that were in a block that is gone, as they were there.</summary>
    public IReadOnlyDictionary<Bytes32, NodeRecord.FundingMined> Unmined => _unmined;

    /// <summary>What the peers of channels ask for forwarding to us, by the channel's key id.</summary>
    public IReadOnlyDictionary<Bytes32, ForwardingPolicy> PeerPolicies => _policies;

    /// <summary>The last events, oldest first.</summary>
    public IReadOnlyCollection<NodeEvent> Events => _events;

    /// <summary>The number of the last event; 0 before the first.</summary>
    public ulong LastEvent { get; private set; }

    public void Apply(NodeRecord record)
    {
        switch (record)
        {
            case NodeRecord.Created created:
                Creation = created;
                break;
            case NodeRecord.CopyTaken taken:
                Copy = taken;
                break;
            case NodeRecord.Placed placed:
                Place = placed;
                break;
            case NodeRecord.Vouched vouched:
                Vouched = vouched;
                break;
            case NodeRecord.PeerPolicyKnown known:
                _policies[known.KeyId] = known.Policy;
                break;
            case NodeRecord.ChannelForgotten forgotten:
                _policies.Remove(forgotten.KeyId);
                _fundings.Remove(forgotten.KeyId);
                _unmined.Remove(forgotten.KeyId);
                break;
            case NodeRecord.TipMoved moved:
                Tip = moved.Tip;
                break;
            case NodeRecord.PeerAddressKnown peer:
                _peers[peer.Peer] = (peer.Host, peer.Port);
                break;
            case NodeRecord.PeerForgotten peer:
                _peers.Remove(peer.Peer);
                break;
            case NodeRecord.FundingMined mined:
                _fundings[mined.KeyId] = mined;
                _unmined.Remove(mined.KeyId);
                break;
            case NodeRecord.FundingUnmined unmined:
                if (_fundings.Remove(unmined.KeyId, out var gone))
                    _unmined[unmined.KeyId] = gone;
                break;
            case NodeRecord.EventRaised raised:
                _events.Enqueue(raised.Event);
                LastEvent = raised.Event.Sequence;
                while (_events.Count > EventsMax)
                    _events.Dequeue();
                break;
            default:
                throw new ArgumentException($"{record.GetType().Name} is not known.", nameof(record));
        }
    }

    /// <summary>Records that lead to the same state from nothing.</summary>
    public IEnumerable<NodeRecord> Snapshot()
    {
        if (Creation is { } creation)
            yield return creation;
        if (Copy is { } copy)
            yield return copy;
        if (Place is { } place)
            yield return place;
        if (Vouched is { } vouched)
            yield return vouched;
        if (Tip is { } tip)
            yield return new NodeRecord.TipMoved(tip);
        foreach (var (peer, (host, port)) in _peers)
            yield return new NodeRecord.PeerAddressKnown(peer, host, port);
        foreach (var mined in _fundings.Values)
            yield return mined;
        foreach (var gone in _unmined.Values)
        {
            yield return gone;
            yield return new NodeRecord.FundingUnmined(gone.KeyId);
        }

        foreach (var (keyId, policy) in _policies)
            yield return new NodeRecord.PeerPolicyKnown(keyId, policy);
        foreach (var one in _events)
            yield return new NodeRecord.EventRaised(one);
    }
}
