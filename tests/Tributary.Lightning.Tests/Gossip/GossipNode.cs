using Tributary.Crypto;
using Tributary.Lightning.Features;
using Tributary.Lightning.Gossip;
using Tributary.Lightning.Messages;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Tests.Gossip;

/// <summary>Our side of gossip, wired as a node wires it, and makers of signed messages of nodes that are numbers.</summary>
internal sealed class GossipNode
{
    internal const uint Start = 1_700_000_000;

    internal static readonly Bytes32 ChainHash = new(Enumerable.Repeat((byte)6, 32).ToArray());

    internal static readonly NodeId Peer = Id(100);

    internal GossipNode(GossipOptions? options = null)
    {
        Options = options ?? new GossipOptions();
        Intake = new GossipIntake(Graph, Archive, Private, ChainHash, Options);
        Server = new GossipServer(Graph, Archive, ChainHash, Options);
        Sync = new GossipSync(Graph, Intake, ChainHash, Options);
    }

    internal GossipOptions Options { get; }

    internal NetworkGraph Graph { get; } = new();

    internal GossipArchive Archive { get; } = new();

    internal PrivateChannels Private { get; } = new();

    internal GossipIntake Intake { get; }

    internal GossipServer Server { get; }

    internal GossipSync Sync { get; }

    internal uint Now { get; set; } = Start;

    /// <summary>What the chain says of a funding output.</summary>
    internal Func<ShortChannelId, FundingAnswer> Chain { get; set; } = static _ => new FundingAnswer.Found(new Satoshis(1_000_000));

    internal List<GossipEffect> Effects { get; } = [];

    /// <summary>Takes a message and does what comes of it, as a driver does.</summary>
    internal GossipNode Take(LightningMessage message, NodeId? peer = null) => Carry(Intake.Received(peer ?? Peer, message, Now));

    internal GossipNode Carry(IReadOnlyList<GossipEffect> effects)
    {
        foreach (var effect in effects)
        {
            Effects.Add(effect);
            if (effect is GossipEffect.Verify verify)
                Carry(Intake.Verified(verify.Work, verify.Work.Verify(), Now));
            else if (effect is GossipEffect.CheckFunding funding)
                Carry(Intake.FundingChecked(funding.Id, Chain(funding.Id), Now));
        }

        return this;
    }

    internal static SecretKey Key(int node) => TestKeys.Secret((byte)node);

    internal static NodeId Id(int node) => new(Key(node).PublicKey);

    /// <summary>Nodes a and b, in order of their ids.</summary>
    internal static (int First, int Second) InOrder(int a, int b) => Id(a) < Id(b) ? (a, b) : (b, a);

    internal static ShortChannelId Scid(int channel) => new((uint)(700_000 + channel), 1, 0);

    internal static ChannelAnnouncement Channel(int channel, int a, int b, FeatureVector? features = null, int fundingKey = 50)
    {
        var (first, second) = InOrder(a, b);
        var (bitcoin1, bitcoin2) = (Key(fundingKey), Key(fundingKey + 1));
        return Sign(
            new ChannelAnnouncement
            {
                NodeSignature1 = default,
                NodeSignature2 = default,
                BitcoinSignature1 = default,
                BitcoinSignature2 = default,
                Features = features ?? FeatureVector.Empty,
                ChainHash = ChainHash,
                ShortChannelId = Scid(channel),
                NodeId1 = Id(first),
                NodeId2 = Id(second),
                BitcoinKey1 = new NodeId(bitcoin1.PublicKey),
                BitcoinKey2 = new NodeId(bitcoin2.PublicKey),
            },
            Key(first),
            Key(second),
            bitcoin1,
            bitcoin2);
    }

    internal static ChannelAnnouncement Sign(ChannelAnnouncement announcement, SecretKey node1, SecretKey node2, SecretKey bitcoin1, SecretKey bitcoin2)
    {
        var hash = announcement.SignedHash();
        return announcement with
        {
            NodeSignature1 = SignatureOf(node1, hash),
            NodeSignature2 = SignatureOf(node2, hash),
            BitcoinSignature1 = SignatureOf(bitcoin1, hash),
            BitcoinSignature2 = SignatureOf(bitcoin2, hash),
        };
    }

    /// <summary>What one end says of its channel with another.</summary>
    internal static ChannelUpdate Update(int channel, int from, int to, uint timestamp = Start, uint feeBase = 1000, bool disabled = false, byte messageFlags = 1)
    {
        var update = new ChannelUpdate
        {
            Signature = default,
            ChainHash = ChainHash,
            ShortChannelId = Scid(channel),
            Timestamp = timestamp,
            MessageFlags = messageFlags,
            ChannelFlags = (byte)((InOrder(from, to).First == from ? 0 : 1) | (disabled ? 2 : 0)),
            CltvExpiryDelta = 40,
            HtlcMinimum = new MilliSatoshis(1),
            FeeBaseMilliSatoshis = feeBase,
            FeeProportionalMillionths = 100,
            HtlcMaximum = new MilliSatoshis(990_000_000),
        };
        return update with { Signature = SignatureOf(Key(from), update.SignedHash()) };
    }

    internal static ChannelUpdate Sign(ChannelUpdate update, SecretKey node) => update with { Signature = SignatureOf(node, update.SignedHash()) };

    internal static NodeAnnouncement NodeAnnouncementOf(int node, uint timestamp = Start, FeatureVector? features = null)
    {
        var announcement = new NodeAnnouncement
        {
            Signature = default,
            Features = features ?? FeatureVector.Empty,
            Timestamp = timestamp,
            NodeId = Id(node),
            Color = default,
            Alias = NodeAlias.Of($"node {node}"),
            Addresses = NodeAddresses.Write([new NodeAddress(NodeAddressKind.IPv4, "127.0.0.1", (ushort)(9000 + node))]),
        };
        return announcement with { Signature = SignatureOf(Key(node), announcement.SignedHash()) };
    }

    private static CompactSignature SignatureOf(SecretKey key, Bytes32 hash)
    {
        var signature = new byte[CompactSignature.Length];
        Ecdsa.Sign(key, hash.Span, signature);
        return new CompactSignature(signature);
    }
}
