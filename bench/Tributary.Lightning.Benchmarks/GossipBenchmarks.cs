using BenchmarkDotNet.Attributes;
using Tributary.Crypto;
using Tributary.Lightning.Features;
using Tributary.Lightning.Gossip;
using Tributary.Lightning.Messages;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Benchmarks;

/// <summary>Gossip as it comes from a peer: a channel with its four signatures, and an update of one end. What is timed is one message.</summary>
[MemoryDiagnoser]
public class GossipBenchmarks
{
    private const int Channels = 500;
    private const uint Now = 1_700_000_000;

    private byte[][] _announcements = [];
    private byte[][] _updates = [];

    [GlobalSetup]
    public void Setup()
    {
        var entropy = new SeededEntropy(1);
        var nodes = Enumerable.Range(0, 64).Select(_ => SecretKey.Generate(entropy)).OrderBy(static key => new NodeId(key.PublicKey)).ToArray();
        var (announcements, updates) = (new List<byte[]>(), new List<byte[]>());
        for (var i = 0; i < Channels; i++)
        {
            var (first, second) = (nodes[i % 32], nodes[32 + (i % 31)]);
            var (bitcoin1, bitcoin2) = (SecretKey.Generate(entropy), SecretKey.Generate(entropy));
            announcements.Add(Announce(i, first, second, bitcoin1, bitcoin2));
            updates.Add(Update(i, first));
        }

        (_announcements, _updates) = ([.. announcements], [.. updates]);
    }

    /// <summary>Read, four signatures, and nothing else.</summary>
    [Benchmark(OperationsPerInvoke = Channels)]
    public int VerifyChannels() => _announcements.Count(static bytes => new GossipWork(default, LightningMessage.Read(bytes).Value, default).Verify());

    /// <summary>Everything from the bytes of channels and one update each to the graph, the chain saying yes.</summary>
    [Benchmark(OperationsPerInvoke = 2 * Channels)]
    public int TakeIn()
    {
        var graph = new NetworkGraph();
        var intake = new GossipIntake(graph, new GossipArchive(), new PrivateChannels(), default, new GossipOptions());
        foreach (var bytes in _announcements)
            Carry(intake, intake.Received(default, LightningMessage.Read(bytes).Value, Now));
        foreach (var bytes in _updates)
            Carry(intake, intake.Received(default, LightningMessage.Read(bytes).Value, Now));
        return graph.ChannelCount;
    }

    private static void Carry(GossipIntake intake, IReadOnlyList<GossipEffect> effects)
    {
        foreach (var effect in effects)
        {
            if (effect is GossipEffect.Verify verify)
                Carry(intake, intake.Verified(verify.Work, verify.Work.Verify(), Now));
            else if (effect is GossipEffect.CheckFunding funding)
                Carry(intake, intake.FundingChecked(funding.Id, new FundingAnswer.Found(new Satoshis(1_000_000)), Now));
        }
    }

    private static byte[] Announce(int number, SecretKey first, SecretKey second, SecretKey bitcoin1, SecretKey bitcoin2)
    {
        var announcement = new ChannelAnnouncement
        {
            NodeSignature1 = default,
            NodeSignature2 = default,
            BitcoinSignature1 = default,
            BitcoinSignature2 = default,
            Features = FeatureVector.Empty,
            ChainHash = default,
            ShortChannelId = new ShortChannelId((uint)(700_000 + number), 1, 0),
            NodeId1 = new NodeId(first.PublicKey),
            NodeId2 = new NodeId(second.PublicKey),
            BitcoinKey1 = new NodeId(bitcoin1.PublicKey),
            BitcoinKey2 = new NodeId(bitcoin2.PublicKey),
        };
        var hash = announcement.SignedHash();
        return (announcement with
        {
            NodeSignature1 = Sign(first, hash),
            NodeSignature2 = Sign(second, hash),
            BitcoinSignature1 = Sign(bitcoin1, hash),
            BitcoinSignature2 = Sign(bitcoin2, hash),
        }).ToArray();
    }

    private static byte[] Update(int number, SecretKey first)
    {
        var update = new ChannelUpdate
        {
            Signature = default,
            ChainHash = default,
            ShortChannelId = new ShortChannelId((uint)(700_000 + number), 1, 0),
            Timestamp = Now,
            MessageFlags = 1,
            ChannelFlags = 0,
            CltvExpiryDelta = 40,
            HtlcMinimum = new MilliSatoshis(1),
            FeeBaseMilliSatoshis = 1000,
            FeeProportionalMillionths = 100,
            HtlcMaximum = new MilliSatoshis(1_000_000),
        };
        return (update with { Signature = Sign(first, update.SignedHash()) }).ToArray();
    }

    private static CompactSignature Sign(SecretKey key, Bytes32 hash)
    {
        var signature = new byte[CompactSignature.Length];
        Ecdsa.Sign(key, hash.Span, signature);
        return new CompactSignature(signature);
    }
}
