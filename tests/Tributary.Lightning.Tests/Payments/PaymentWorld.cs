using Tributary.Crypto;
using Tributary.Lightning.Gossip;
using Tributary.Lightning.Messages;
using Tributary.Lightning.Onions;
using Tributary.Lightning.Payments;
using Tributary.Lightning.Routing;
using Tributary.Lightning.Tests.Gossip;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Tests.Payments;

/// <summary>A network of nodes with keys around us, our channels, and what a driver keeps: a log, and the HTLCs that channels hold.</summary>
internal sealed class PaymentWorld
{
    internal const uint Height = 1000;

    internal static readonly Bytes32 ChainHash = new(Enumerable.Repeat((byte)6, 32).ToArray());

    private readonly ulong _seed;
    private int _restarts;

    internal PaymentWorld(ulong seed = 1)
    {
        _seed = seed;
        Machine = Open();
    }

    internal NetworkGraph Graph { get; } = new();

    internal List<byte[]> Log { get; } = [];

    internal LiquidityMemory Memory { get; } = new();

    internal OutgoingPayments Machine { get; private set; }

    internal long Now { get; set; } = 1_000_000;

    internal List<FirstHop> FirstHops { get; } = [];

    /// <summary>HTLCs that our channels hold, with how they end once that is decided.</summary>
    internal SortedDictionary<ulong, (HtlcKey Key, PaymentRecord.AttemptStarted Attempt, AttemptOutcome? Outcome)> Held { get; } = [];

    internal List<PaymentEffect.Finished> Finished { get; } = [];

    internal ulong NextHtlc { get; set; }

    internal PaymentContext Context => new(Now, Height, FirstHops);

    internal static SecretKey Key(int node) => TestKeys.Secret((byte)node);

    internal static NodeId Id(int node) => new(Key(node).PublicKey);

    internal static ChannelId ChannelIdOf(int channel) => new(Hashes.Sha256([(byte)channel]));

    internal static ShortChannelId Scid(int channel) => SampleGraphs.Channel(channel);

    internal PaymentWorld Join(int channel, int node1, int node2, ForwardingPolicy? policy = null)
    {
        var (first, second) = Id(node1) < Id(node2) ? (Id(node1), Id(node2)) : (Id(node2), Id(node1));
        Graph.AddChannel(Scid(channel), first, second, new Satoshis(10_000_000));
        Graph.SetPolicy(Scid(channel), 0, policy ?? SampleGraphs.Policy());
        Graph.SetPolicy(Scid(channel), 1, policy ?? SampleGraphs.Policy());
        return this;
    }

    internal PaymentWorld Peer(int channel, int node, long spendable = 1_000_000_000)
    {
        FirstHops.Add(new FirstHop(ChannelIdOf(channel), Id(node), new MilliSatoshis(spendable), new MilliSatoshis(1)));
        return this;
    }

    internal PaymentOrder Order(int payee, int number = 1, long amount = 100_000, long feeMax = 20_000) => new()
    {
        PaymentHash = Hashes.Sha256(Preimage(number).Span),
        Payee = Id(payee),
        Amount = new MilliSatoshis(amount),
        FeeMax = new MilliSatoshis(feeMax),
        StartedAt = Now,
        Deadline = Now + 60_000,
        FinalCltvDelta = 18,
        PaymentSecret = Hashes.Sha256([1]),
        AttemptsMax = 12,
    };

    internal static Bytes32 Preimage(int number) => Hashes.Sha256([9, (byte)number]);

    /// <summary>A new process: the log, and nothing else.</summary>
    internal void Restart()
    {
        _restarts++;
        Machine = Replay();
    }

    /// <summary>A machine made of the log alone.</summary>
    internal OutgoingPayments Replay()
    {
        var machine = Open();
        foreach (var bytes in Log)
            machine.Apply(PaymentRecordCodec.Read(bytes).Value);
        return machine;
    }

    internal static byte[] StateOf(OutgoingPayments machine) => [.. machine.Checkpoint().SelectMany(PaymentRecordCodec.Write)];

    /// <summary>Makes records durable and gives the effects.</summary>
    internal IReadOnlyList<PaymentEffect> Commit(PaymentStep step)
    {
        Log.AddRange(step.Records.Select(PaymentRecordCodec.Write));
        Finished.AddRange(step.Effects.OfType<PaymentEffect.Finished>());
        return step.Effects;
    }

    /// <summary>Makes records durable and has the channels take what is offered.</summary>
    internal PaymentEffect.OfferHtlc? Run(PaymentStep step)
    {
        PaymentEffect.OfferHtlc? last = null;
        foreach (var offer in Commit(step).OfType<PaymentEffect.OfferHtlc>())
        {
            last = offer;
            Commit(Machine.HtlcOffered(offer.PaymentHash, offer.Attempt, Hold(offer)));
        }

        return last;
    }

    internal HtlcKey Hold(PaymentEffect.OfferHtlc offer)
    {
        var key = new HtlcKey(offer.Channel, NextHtlc);
        Held.Add(NextHtlc++, (key, Machine.Find(offer.PaymentHash)!.Attempts[^1].Started, null));
        return key;
    }

    internal HtlcKey LastHeld => Held.Values.Last().Key;

    internal PaymentRecord.AttemptStarted LastAttempt => Held.Values.Last().Attempt;

    /// <summary>What comes back when a hop fails an attempt.</summary>
    internal static AttemptOutcome FailureAt(PaymentRecord.AttemptStarted attempt, int hop, FailureMessage failure)
    {
        var secrets = AttemptOnion.SharedSecrets(attempt.Route, attempt.PaymentHash, attempt.SessionKey);
        var packet = ErrorOnion.Create(secrets[hop], failure);
        for (var back = hop - 1; back >= 0; back--)
            packet = ErrorOnion.Wrap(secrets[back], packet);
        return new AttemptOutcome.Failed(packet);
    }

    /// <summary>An update that a node signs.</summary>
    internal static ChannelUpdate Update(int signer, DirectedChannel channel, ForwardingPolicy policy)
    {
        var update = new ChannelUpdate
        {
            Signature = default,
            ChainHash = ChainHash,
            ShortChannelId = channel.Id,
            Timestamp = policy.Timestamp,
            MessageFlags = 1,
            ChannelFlags = (byte)(channel.Direction | (policy.IsDisabled ? 2 : 0)),
            CltvExpiryDelta = policy.CltvExpiryDelta,
            HtlcMinimum = policy.HtlcMinimum,
            FeeBaseMilliSatoshis = policy.FeeBaseMilliSatoshis,
            FeeProportionalMillionths = policy.FeeProportionalMillionths,
            HtlcMaximum = policy.HtlcMaximum,
        };
        var signature = new byte[64];
        Ecdsa.Sign(Key(signer), update.SignedHash().Span, signature);
        return update with { Signature = new CompactSignature(signature) };
    }

    private OutgoingPayments Open() => new(Id(200), ChainHash, new PathFinder(Graph), Memory, new SeededEntropy(_seed + (ulong)_restarts));
}
