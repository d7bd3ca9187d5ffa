using System.Security.Cryptography;
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

namespace Tributary.Lightning.Tests.Channels;

/// <summary>One end of a channel, with the log that a driver would keep. Effects leave only after their records are in the log.</summary>
internal sealed class TestNode : IDisposable
{
    private readonly Queue<byte[]> _outgoing = new();

    internal TestNode(byte seed, ChannelPolicy policy)
    {
        Span<byte> bytes = stackalloc byte[32];
        bytes.Fill(seed);
        Keys = NodeKeys.FromSeed(bytes);
        KeyId = new Bytes32(SHA256.HashData(bytes));
        Policy = policy;
        ShutdownScript = StandardScripts.P2wpkh(bytes[..20]);
    }

    internal static FeatureVector AllFeatures { get; } = FeatureVector.Empty.Offering(
        Feature.StaticRemoteKey, Feature.AnchorsZeroFeeHtlc, Feature.ChannelType, Feature.ScidAlias, Feature.ZeroConf, Feature.ShutdownAnySegwit,
        Feature.UpfrontShutdownScript);

    internal static ChannelPolicy DefaultPolicy { get; } = new() { ChainHash = BitcoinNetwork.Regtest.GenesisHash.Value };

    internal NodeKeys Keys { get; }

    internal Bytes32 KeyId { get; }

    internal ChannelPolicy Policy { get; set; }

    internal Script ShutdownScript { get; }

    internal FeatureVector Features { get; set; } = AllFeatures;

    internal Channel Channel { get; set; } = null!;

    internal bool HasChannel => Channel is not null;

    internal ChannelState State => Channel.State;

    /// <summary>Encoded records, oldest first.</summary>
    internal List<byte[]> Log { get; } = [];

    /// <summary>Everything but messages, in order.</summary>
    internal List<ChannelEffect> Effects { get; } = [];

    /// <summary>Messages on their way to the other node.</summary>
    internal Queue<byte[]> Outgoing => _outgoing;

    /// <summary>Messages of the peer's kind error and warning that this node sent.</summary>
    internal List<LightningMessage> Complaints { get; } = [];

    /// <summary>Incoming HTLCs that nobody has decided about.</summary>
    internal SortedDictionary<ulong, IncomingHtlc> Undecided { get; } = [];

    /// <summary>What was heard of offered HTLCs.</summary>
    internal SortedDictionary<ulong, HtlcOutcome> Outcomes { get; } = [];

    /// <summary>Preimages that were heard of.</summary>
    internal Dictionary<ulong, Bytes32> Preimages { get; } = [];

    internal bool IsConnected { get; set; }

    /// <summary>A rule was broken: the driver has to end the connection.</summary>
    internal bool WantsDisconnect { get; set; }

    /// <summary>The most secrets of our commitments that have left.</summary>
    internal ulong Revealed { get; private set; }

    internal IEnumerable<T> Seen<T>()
        where T : ChannelEffect => Effects.OfType<T>();

    /// <summary>Persists, then acts.</summary>
    internal void Run(ChannelStep step)
    {
        Persist(step);
        Act(step);
    }

    internal void Persist(ChannelStep step)
    {
        foreach (var record in step.Records)
        {
            var bytes = ChannelRecordCodec.Encode(record);
            Assert.Equal(bytes, ChannelRecordCodec.Encode(ChannelRecordCodec.Read(bytes).Value));
            Log.Add(bytes);
        }
    }

    internal void Act(ChannelStep step)
    {
        foreach (var effect in step.Effects)
            Act(effect);
    }

    private void Act(ChannelEffect effect)
    {
        switch (effect)
        {
            case ChannelEffect.Send send:
                if (send.Message is RevokeAndAck)
                    Revealed = Math.Max(Revealed, State.LocalNumber);
                Post(send.Message);
                return;
            case ChannelEffect.FailPeer fail:
                Complaints.Add(fail.Message);
                WantsDisconnect |= fail.Disconnect;
                Post(fail.Message);
                break;
            case ChannelEffect.HtlcCommitted committed:
                Undecided[committed.Htlc.Id] = committed.Htlc;
                break;
            case ChannelEffect.HtlcFulfilled fulfilled:
                Preimages[fulfilled.Id] = fulfilled.Preimage;
                break;
            case ChannelEffect.HtlcResolved resolved:
                Outcomes[resolved.Id] = resolved.Outcome;
                break;
            default:
                break;
        }

        Effects.Add(effect);
    }

    private void Post(LightningMessage message)
    {
        if (IsConnected)
            _outgoing.Enqueue(message.ToArray());
    }

    /// <summary>Ends the program and starts it again from the log: what was not in it never happened.</summary>
    internal void Restart()
    {
        Channel.Dispose();
        Channel = new Channel(Replay(Log), Keys.ChannelKeys(KeyId), Policy);
        _outgoing.Clear();
        IsConnected = false;
        Undecided.Clear();
        Run(Channel.Resume());
    }

    internal static ChannelState Replay(IReadOnlyList<byte[]> log)
    {
        var state = new ChannelState((ChannelRecord.Started)ChannelRecordCodec.Read(log[0]).Value);
        foreach (var bytes in log.Skip(1))
            state.Apply(ChannelRecordCodec.Read(bytes).Value);
        return state;
    }

    internal ChannelProposal Proposal(TestNode peer, long funding, long push = 0, ChannelType? type = null, long feerate = 1000) => new()
    {
        Peer = peer.Keys.Id,
        TemporaryId = new ChannelId(KeyId),
        FundingAmount = new Satoshis(funding),
        PushAmount = new MilliSatoshis(push),
        Feerate = new FeeratePerKw(feerate),
        FundingFeerate = new FeeratePerKw(feerate),
        Type = type ?? ChannelType.Anchors,
        Alias = new ShortChannelId(16_000_000, 1, 0),
        ShutdownScript = ShutdownScript,
        LocalFeatures = Features,
        PeerFeatures = peer.Features,
    };

    internal ChannelAcceptance Acceptance(TestNode peer, bool isTrusted = false, int unfunded = 0, int inAll = 0) => new()
    {
        Peer = peer.Keys.Id,
        IsTrusted = isTrusted,
        UnfundedOfPeer = unfunded,
        UnfundedInAll = inAll,
        Alias = new ShortChannelId(16_000_000, 2, 0),
        ShutdownScript = ShutdownScript,
        LocalFeatures = Features,
        PeerFeatures = peer.Features,
    };

    /// <summary>A transaction that pays the script, as a wallet would make it.</summary>
    internal static Transaction Fund(Script script, Satoshis amount) => Transaction.Create(
        2,
        [new TxIn(new OutPoint(new TxId(new Bytes32(SHA256.HashData(script.Span))), 1))],
        [new TxOut(new Satoshis(12_345), StandardScripts.P2wpkh(new byte[20])), new TxOut(amount, script)]);

    public void Dispose()
    {
        Channel?.Dispose();
        Keys.Dispose();
    }
}
