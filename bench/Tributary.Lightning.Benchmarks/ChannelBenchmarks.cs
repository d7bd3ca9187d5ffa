using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using Tributary.Bitcoin.Networks;
using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Lightning.Channels;
using Tributary.Lightning.Features;
using Tributary.Lightning.Keys;
using Tributary.Lightning.Messages;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Benchmarks;

/// <summary>
/// Payments through two channels back to back: offer, sign, revoke, fulfil, sign, revoke, through the message and record codecs, without a disk
/// or a network. Both ends run on one thread but for signatures, which fan out.
/// </summary>
[MemoryDiagnoser]
public class ChannelBenchmarks
{
    private const int Payments = 1000;

    private static readonly ChannelContext s_context =
        new(100, new FeerateBounds(new FeeratePerKw(253), new FeeratePerKw(50_000), new FeeratePerKw(1000)));

    private static readonly FeatureVector s_features =
        FeatureVector.Empty.Offering(Feature.StaticRemoteKey, Feature.AnchorsZeroFeeHtlc, Feature.ChannelType);

    private readonly ByteWriter _records = new();
    private readonly Queue<byte[]>[] _wires = [new(), new()];
    private readonly List<(ulong Id, Bytes32 Preimage)> _received = [];
    private readonly Dictionary<Bytes32, Bytes32> _preimages = [];
    private readonly byte[] _onion = new byte[UpdateAddHtlc.OnionLength];
    private Channel[] _channels = [];
    private Transaction? _funding;
    private int _number;
    private int _fulfilled;

    /// <summary>How many are under way at a time: each batch shares its signature rounds.</summary>
    [Params(1, 50, 100)]
    public int InFlight { get; set; }

    /// <summary>10,000-sat payments, each with an output in both commitments.</summary>
    [Benchmark(OperationsPerInvoke = Payments)]
    public int Pay()
    {
        _fulfilled = 0;
        for (var paid = 0; paid < Payments; paid += InFlight)
        {
            var payer = (paid / InFlight) % 2;
            for (var i = 0; i < InFlight; i++)
            {
                var preimage = new Bytes32(SHA256.HashData(BitConverter.GetBytes(_number++)));
                var hash = new Bytes32(SHA256.HashData(preimage.Span));
                _preimages[hash] = preimage;
                Run(payer, _channels[payer].OfferHtlc(new HtlcOffer(new MilliSatoshis(10_000_000), hash, 500, _onion), s_context, out _).Value);
            }

            Settle();
            foreach (var (id, preimage) in _received)
                Run(1 - payer, _channels[1 - payer].FulfillHtlc(id, preimage).Value);
            _received.Clear();
            Settle();
        }

        return _fulfilled >= Payments ? _fulfilled : throw new InvalidOperationException("Payments were lost.");
    }

    [GlobalSetup]
    public void Setup()
    {
        var nodes = new[] { NodeKeys.FromSeed(SHA256.HashData([1])), NodeKeys.FromSeed(SHA256.HashData([2])) };
        var policy = new ChannelPolicy { ChainHash = BitcoinNetwork.Regtest.GenesisHash.Value };
        var script = StandardScripts.P2wpkh(new byte[20]);
        var opened = Channel.Open(
            new ChannelProposal
            {
                Peer = nodes[1].Id,
                TemporaryId = new ChannelId(new Bytes32(SHA256.HashData([3]))),
                FundingAmount = new Satoshis(10_000_000),
                PushAmount = new MilliSatoshis(5_000_000_000),
                Feerate = new FeeratePerKw(1000),
                FundingFeerate = new FeeratePerKw(1000),
                Alias = new ShortChannelId(1),
                ShutdownScript = script,
                LocalFeatures = s_features,
                PeerFeatures = s_features,
            },
            nodes[0].ChannelKeys(new Bytes32(SHA256.HashData([4]))),
            policy,
            s_context).Value;
        var open = (OpenChannel)((ChannelEffect.Send)opened.Step.Effects[0]).Message;
        var accepted = Channel.Accept(
            open,
            new ChannelAcceptance
            {
                Peer = nodes[0].Id,
                UnfundedOfPeer = 0,
                UnfundedInAll = 0,
                Alias = new ShortChannelId(2),
                ShutdownScript = script,
                LocalFeatures = s_features,
                PeerFeatures = s_features,
            },
            nodes[1].ChannelKeys(new Bytes32(SHA256.HashData([5]))),
            policy,
            s_context).Value;
        _channels = [opened.Channel, accepted.Channel];
        Run(1, accepted.Step);
        Settle();
        foreach (var side in new[] { 0, 1 })
            Run(side, _channels[side].FundingSeen(_funding!, 0, new ShortChannelId(101, 1, 0), 6));
        Settle();
    }

    private void Settle()
    {
        for (var moved = true; moved;)
        {
            moved = false;
            for (var side = 0; side < 2; side++)
            {
                while (_wires[side].TryDequeue(out var bytes))
                {
                    Run(1 - side, _channels[1 - side].Handle(LightningMessage.Read(bytes).Value, s_context));
                    moved = true;
                }
            }

            for (var side = 0; side < 2; side++)
            {
                var step = _channels[side].Flush(s_context);
                moved |= !step.IsEmpty;
                Run(side, step);
            }
        }
    }

    private void Run(int side, ChannelStep step)
    {
        _records.Clear();
        foreach (var record in step.Records)
            ChannelRecordCodec.Write(_records, record);
        foreach (var effect in step.Effects)
        {
            switch (effect)
            {
                case ChannelEffect.Send send:
                    _wires[side].Enqueue(send.Message.ToArray());
                    break;
                case ChannelEffect.HtlcCommitted committed:
                    _received.Add((committed.Htlc.Id, _preimages[committed.Htlc.PaymentHash]));
                    break;
                case ChannelEffect.HtlcResolved resolved:
                    _fulfilled++;
                    Run(side, _channels[side].Acknowledge(resolved.Id));
                    break;
                case ChannelEffect.NeedsFunding needs:
                    _funding = Transaction.Create(2, [new TxIn(new OutPoint(default, 0))], [new TxOut(needs.Amount, needs.Script)]);
                    Run(side, _channels[side].FundingBuilt(_funding).Value);
                    break;
                default:
                    break;
            }
        }
    }
}
