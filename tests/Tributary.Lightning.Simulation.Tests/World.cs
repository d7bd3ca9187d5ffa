using System.Diagnostics.CodeAnalysis;
using Tributary.Bitcoin.Chain;
using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Crypto;
using Tributary.Lightning.Channels;
using Tributary.Lightning.Features;
using Tributary.Lightning.Messages;
using Tributary.Lightning.Peers;
using Tributary.Lightning.Simulation.Tests.Chain;
using Tributary.Lightning.Simulation.Tests.Machines;
using Tributary.Lightning.Simulation.Tests.Network;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Randomness;

namespace Tributary.Lightning.Simulation.Tests;

/// <summary>
/// Nodes, their disks, the network between them and the chain, in one thread and out of one seed: what happens next is drawn, and happens
/// again when the same seed is played.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "Nothing that the world holds outlives the test.")]
internal sealed partial class World
{
    private const int StepsMax = 400_000;
    private const int CoinsEach = 8;
    private const long CoinValue = 1_000_000;

    private readonly Xoshiro256 _random;
    private readonly HashSet<Bytes32> _revealed = [];
    private readonly Dictionary<ChannelId, MilliSatoshis> _pushes = [];
    private readonly Dictionary<OutPoint, SimulatedFunding> _fundings = [];
    private readonly Dictionary<TxId, (SimulatedNode Cheater, SimulatedNode Victim)> _breaches = [];
    private readonly Dictionary<TxId, SimulatedNode> _publishers = [];
    private readonly List<string>? _trace;
    private readonly HashSet<TxId> _toldOf = [];
    private readonly List<Func<bool>> _chores = [];

    // Where the network is quick payments are made in the midst of it all; where it is slow everything happens in the midst of payments.
    private readonly int _deliveriesMax;
    private ulong _digest = 14695981039346656037;
    private int _steps;

    internal World(ulong seed, bool traces = false, bool isHarsh = false)
    {
        (Seed, IsHarsh) = (seed, isHarsh);
        _random = new Xoshiro256(seed);
        _trace = traces ? [] : null;
        Clock = new SimulatedClock();
        Chain = new SimulatedChain(Clock);
        Birthday = new ChainTip(Chain.Height, Chain.Active[^1].Hash);
        ToSelfDelay = (ushort)(12 + Choose(8));
        CheckpointAtBytes = Choose(3) == 0 ? 16_384 << Choose(4) : 64L << 20;
        HasReplicas = Choose(3) == 0;
        HasWire = seed % 4 == 3;
        _deliveriesMax = seed % 3 == 1 ? 40 : 6;

        // Without anchors a commitment carries its fee, and its second stages theirs.
        if (Choose(4) == 0)
            Features = FeatureVector.OfBits([.. Enumerable.Range(0, 80).Where(static bit => PeerProfile.DefaultFeatures.IsSet(bit) && bit / 2 != (int)Feature.AnchorsZeroFeeHtlc / 2)]);
        var count = Choose(4) switch
        {
            0 or 1 => 2,
            2 => 3,
            _ => 4 + Choose(5),
        };
        Nodes = [.. Enumerable.Range(0, count).Select(index => new SimulatedNode(this, index))];
        switch (Choose(4))
        {
            case 0:
                _cheaters.Add(Nodes[Choose(Nodes.Count)]);
                if (count > 3 && Chance(40) && Nodes[Choose(count)] is var second && !_cheaters.Contains(second))
                    _cheaters.Add(second);
                break;
            case 1:
                _forgetful = Nodes[Choose(Nodes.Count)];
                break;
            default:
                // Whoever takes a payment before its channel's funding confirms trusts the one who funds it.
                HasTrust = Choose(4) == 0;
                break;
        }

        for (var i = 1; i < count; i++)
            Edges.Add((Nodes[Choose(i)], Nodes[i]));
    }

    internal ulong Seed { get; }

    /// <summary>Mempools fill up, and nights pass in which HTLCs run out.</summary>
    internal bool IsHarsh { get; }

    internal SimulatedClock Clock { get; }

    internal SimulatedChain Chain { get; }

    internal IReadOnlyList<SimulatedNode> Nodes { get; }

    /// <summary>Who has channels with whom.</summary>
    internal List<(SimulatedNode Left, SimulatedNode Right)> Edges { get; } = [];

    internal ChainTip Birthday { get; }

    internal ushort ToSelfDelay { get; }

    internal int DoneDepth => 10;

    /// <summary>From then on the operators insist on closing.</summary>
    internal TimeSpan UnconfirmedGrace { get; init; } = TimeSpan.FromMinutes(10);

    internal long CheckpointAtBytes { get; }

    /// <summary>Logs have replicas.</summary>
    internal bool HasReplicas { get; }

    /// <summary>Connections carry bytes as BOLT 8 has them, and may end between any two.</summary>
    internal bool HasWire { get; }

    /// <summary>Channels are used before their fundings confirm.</summary>
    internal bool HasTrust { get; }

    internal FeatureVector Features { get; } = PeerProfile.DefaultFeatures;

    /// <summary>Differs when anything that anybody did differs.</summary>
    internal ulong Digest => _digest;

    /// <summary>How often what happened.</summary>
    internal SortedDictionary<string, int> Tally { get; } = new(StringComparer.Ordinal);

    internal string Story => _trace is null ? "" : string.Join('\n', _trace);

    /// <summary>Plays the whole life of this world, and proves it right.</summary>
    internal void Play()
    {
        Begin();
        Riot();
        Finish();
    }

    /// <summary>Ends it, and proves it right.</summary>
    internal void Finish()
    {
        Calm();
        CloseEverything();
        Account();
    }

    internal ulong Draw() => _random.NextUInt64();

    /// <summary>0 … count − 1.</summary>
    internal int Choose(int count) => (int)(_random.NextUInt64() % (ulong)count);

    internal bool Chance(int percent) => Choose(100) < percent;

    internal void Trace(string what)
    {
        foreach (var one in what)
            _digest = (_digest ^ one) * 1099511628211;
        _trace?.Add($"{Clock.Elapsed} h{Chain.Height} {what}");
    }

    /// <summary>Somebody reads the story.</summary>
    internal bool IsTold => _trace is not null;

    /// <summary>What explains a story, and is no part of it.</summary>
    internal void Explain(string what) => _trace?.Add($"{Clock.Elapsed} h{Chain.Height}    ({what})");

    private void ExplainBlock()
    {
        if (IsTold)
            Explain($"a block with {string.Join(", ", Chain.Active[^1].Transactions.Skip(1).Select(static transaction => transaction.TxId))}");
    }

    internal void Count(string what) => Tally[what] = Tally.GetValueOrDefault(what) + 1;

    internal bool IsRevealed(Bytes32 secret) => _revealed.Contains(secret);

    internal SimulatedHub? FindListening(PublicKey peer) => Nodes.FirstOrDefault(node => node.Id == peer && node is { IsReady: true, IsOffline: false })?.Hub;

    /// <summary>A message leaves a node.</summary>
    internal void Sends(SimulatedNode node, PublicKey peer, LightningMessage message)
    {
        Trace($"{node} sends {message.Type}");
        switch (message)
        {
            case RevokeAndAck revocation:
                _revealed.Add(revocation.PerCommitmentSecret);
                break;
            case Warning warning:
                throw new InvalidOperationException($"{node} warns {Nodes.First(one => one.Id == peer)}, which broke no rule: {ChannelErrors.Show(warning.Data)}");
            case Error:
                Count("errors sent");
                break;
            case OpenChannel open:
                _pushes[open.TemporaryChannelId] = open.PushAmount;
                break;
            case FundingCreated created:
                _fundings[new OutPoint(created.FundingTxId, created.FundingOutputIndex)] = new SimulatedFunding(node, Nodes.First(one => one.Id == peer), _pushes[created.TemporaryChannelId]);
                break;
            default:
                break;
        }
    }

    /// <summary>A node hands a transaction to the network.</summary>
    internal void Broadcasts(SimulatedNode node, Transaction transaction)
    {
        Trace($"{node} broadcasts {transaction.TxId}");
        if (IsTold && _toldOf.Add(transaction.TxId))
            Explain($"{transaction.TxId} spends {string.Join(", ", transaction.Inputs.Select(static input => input.PreviousOutput))} for {string.Join(", ", transaction.Outputs.Select(static output => output.Value.Value))}, lock time {transaction.LockTime}");
        for (var i = 0; i < transaction.InputCount; i++)
        {
            var spent = transaction.PreviousOutput(i);
            if (!_fundings.ContainsKey(spent))
                continue;
            // A close that fell out of the chain is offered again by both sides: it is whose it was.
            if (!_publishers.TryAdd(transaction.TxId, node) && _publishers[transaction.TxId] != node)
                continue;
            var isRevoked = node.IsRevoked(transaction, spent);
            if (node.IsCheating)
            {
                // A revocation that was lost on its way does not count: the other side can't punish what it has no secret of.
                var victim = _fundings[spent].PeerOf(node);
                if (isRevoked && victim.HasRevocation(transaction, spent))
                    _breaches[transaction.TxId] = (node, victim);
                continue;
            }

            // A close that both agreed on before the state was lost is no commitment: the wallet knows it again from the chain.
            if (node.IsRestored && IsCommitment(transaction))
                throw new InvalidOperationException($"{node}, which was restored, broadcasts {transaction.TxId}, a commitment of its own.");
            if (isRevoked)
                throw new InvalidOperationException($"{node} broadcasts {transaction.TxId}, a commitment that it has revoked.");
        }
    }

    // BOLT 3: the number that a commitment hides is marked so.
    private static bool IsCommitment(Transaction transaction) => transaction.Sequence(0) >> 24 == 0x80 && transaction.LockTime >> 24 == 0x20;

    /// <summary>Lets everybody do what there is to do, in any order.</summary>
    internal void Settle()
    {
        while (true)
        {
            var busy = Nodes.Where(static node => node.Process is { IsDead: false, HasSteps: true }).ToArray();
            if (busy.Length == 0)
            {
                if (_chores.RemoveAll(static chore => chore()) == 0)
                    break;
                continue;
            }

            var node = busy[Choose(busy.Length)];
            for (var burst = 1 + Choose(8); burst > 0 && node.Process is { IsDead: false, HasSteps: true }; burst--)
            {
                node.Process.Step();
                node.Check();
                if (++_steps > StepsMax)
                    throw new InvalidOperationException("The world does not come to rest.");
            }
        }

        foreach (var node in Nodes)
            node.Check();
    }

    /// <summary>Lets time go by.</summary>
    internal void Wait(TimeSpan time)
    {
        foreach (var node in Nodes.Where(static node => node is { IsReady: true, IsOffline: false }))
        {
            foreach (var peer in node.Hub!.Kept.ToArray())
            {
                if (Choose(3) == 0)
                    node.Hub.Dial(peer);
            }
        }

        Clock.Advance(time, Settle);
        foreach (var node in Nodes)
        {
            node.View.Pulse();
            if (node.IsReady)
                node.Hub!.Tick();
        }

        Settle();
    }

    /// <summary>Everybody is there, has coins, and opens channels.</summary>
    internal void Begin()
    {
        foreach (var node in Nodes)
        {
            node.Skew = TimeSpan.FromSeconds(Choose(3) == 0 ? Choose(241) - 120 : 0);
            node.Start();
        }

        Settle();
        var outputs = new List<TxOut>();
        foreach (var node in Nodes)
        {
            for (var i = 0; i < CoinsEach; i++)
                outputs.Add(new TxOut(new Satoshis(CoinValue), NewScript(node)));
            node.Endowment = new Satoshis(CoinValue * CoinsEach);
        }

        Chain.Endow(outputs);
        HearAll();
        foreach (var (left, right) in Edges)
        {
            Connect(left, right);
            Settle();
            Open(left, right);
        }

        // Most worlds begin with channels that work; in the others everything happens while they are being opened.
        for (var i = 0; i < 8 && Seed % 5 != 0; i++)
        {
            DeliverAll();
            if (i > 0)
                Chain.Mine();
            HearAll();
            Wait(TimeSpan.FromSeconds(1));
        }
    }

    private Script NewScript(SimulatedNode node)
    {
        var asked = node.Process!.Run(() => node.Wallet!.NewAddressAsync());
        Settle();
        return asked.Result.Value.Address.ScriptPubKey;
    }

    /// <summary>Every node hears of every block.</summary>
    internal void HearAll()
    {
        foreach (var node in Nodes)
        {
            while (!node.View.IsAtTip)
            {
                node.View.Step();
                Settle();
            }
        }

        Settle();
    }

    /// <summary>Until nothing is on its way any more.</summary>
    internal void DeliverAll()
    {
        Settle();
        for (var isMoving = true; isMoving;)
        {
            isMoving = false;
            foreach (var connection in Nodes.SelectMany(static node => node.Hub?.Connections ?? []).ToArray())
                isMoving |= connection.Deliver();
            Settle();
        }
    }
}
