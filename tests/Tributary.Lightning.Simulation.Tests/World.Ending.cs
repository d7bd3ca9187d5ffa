using Tributary.Bitcoin.Transactions;
using Tributary.Lightning.Channels;
using Tributary.Lightning.Node.Desks;
using Tributary.Lightning.Payments;
using Tributary.Lightning.Simulation.Tests.Machines;
using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.Simulation.Tests;

/// <content>How a world comes to rest.</content>
internal sealed partial class World
{
    private const int CalmRounds = 150;
    private const int LastBlocks = 400;

    private readonly HashSet<TxId> _mined = [];
    private int _lookedThrough;

    private static bool IsTelling(SimulatedNode node) => node is { IsCheating: false, IsRestored: false };

    /// <summary>No more faults: everybody is there, and what is under way ends.</summary>
    private void Calm()
    {
        Trace("calm");
        Chain.Ask(new FeeratePerKvB(1_000));
        foreach (var node in Nodes)
        {
            (node.StepsLeft, node.WalletCommitsLeft) = (-1, -1);
            node.Disk.FailPowerAfter(long.MaxValue);
            node.View.Away(false);
            node.View.Feerate = new FeeratePerKw(1_000);
            Awake(node);
        }

        HearAll();

        // Long enough that wallets offer again what mempools have forgotten.
        Wait(TimeSpan.FromSeconds(70));
        for (var round = 0; round < CalmRounds; round++)
        {
            ConnectAll();
            DeliverAll();
            foreach (var payment in _payments)
                Decide(payment, payment.Order.Amount.Value % 2 == 0);
            DeliverAll();
            Wait(TimeSpan.FromSeconds(1));
            if (round % 8 == 0)
            {
                Chain.Mine();
                ExplainBlock();
                HearAll();
            }

            if (round > 10 && IsQuiet())
                break;
        }
    }

    private void ConnectAll()
    {
        foreach (var (left, right) in Edges)
        {
            if (left.Hub?.Find(right.Id) is null)
                Connect(left, right);
        }

        Settle();
    }

    private bool IsQuiet() =>
        _payments.All(static payment => !IsTelling(payment.Payer) || payment.Payer.Node!.Payments.Outgoing.Find(payment.Hash) is not { Status: PaymentStatus.Pending })
        && Nodes.Where(static node => !node.IsCheating).SelectMany(static node => node.Node!.Channels.All)
            .All(static entry => entry.Channel.State is { Offered.Count: 0, Received.Count: 0 } || entry.Channel.State.Stage >= ChannelStage.Closed);

    /// <summary>All channels are closed, and blocks come until nobody waits for anything.</summary>
    private void CloseEverything()
    {
        foreach (var node in Nodes.Where(static node => !node.IsCheating))
        {
            foreach (var entry in node.Node!.Channels.All.Where(IsOpen).ToArray())
                Close(node, entry, isForced: entry.Connection is null || Chance(20));
            Settle();
        }

        for (var block = 0; block < LastBlocks; block++)
        {
            ConnectAll();
            DeliverAll();
            Chain.Mine();
            ExplainBlock();
            HearAll();
            DeliverAll();
            Wait(TimeSpan.FromSeconds(4));
            var left = Nodes.Where(static node => !node.IsCheating).SelectMany(static node => node.Node!.Channels.All.Select(entry => (Node: node, Entry: entry))).Where(one => IsReal(one.Entry)).ToArray();
            if (left.Length == 0)
            {
                Trace("over");
                return;
            }

            // A peer that does not agree on a fee is not waited for.
            if (block % 20 == 19)
            {
                foreach (var (node, entry) in left.Where(static one => IsOpen(one.Entry)))
                    Close(node, entry, isForced: true);
            }
        }

        var stuck = Nodes.Where(static node => !node.IsCheating).SelectMany(static node => node.Node!.Channels.All.Select(entry =>
            $"{node}: {entry.Channel.Id} of {entry.Funding}, {entry.Channel.State.Stage}, {entry.Channel.State.Ending}, closed by {entry.Monitor?.CloseKind} at {entry.Monitor?.CloseHeight}, {string.Join(", ", entry.Monitor?.FindPending(node.Node.Core.ChainNow) ?? [])}"));
        var news = Nodes.SelectMany(static node => node.Node!.Core.State.Events.TakeLast(4).Select(one => $"{node}: {one.Text}"));
        throw new InvalidOperationException($"Channels that never end:\n{string.Join('\n', stuck)}\nWhat was told last:\n{string.Join('\n', news)}\nLeases: {string.Join(", ", Nodes.SelectMany(static node => node.Wallet!.Leases))}; coins {string.Join("; ", Nodes.Select(static node => $"{node.Wallet!.Balance} {node.Wallet.Status}"))}");
    }

    private static bool IsOpen(ChannelEntry entry) => entry.Channel.State.Stage is ChannelStage.Open or ChannelStage.Closing or ChannelStage.AwaitingReady;

    // A funding that nobody has broadcast, and nobody can, holds no money.
    private bool IsReal(ChannelEntry entry)
    {
        // No block is replaced any more: each is looked through once.
        for (; _lookedThrough < Chain.Active.Count; _lookedThrough++)
            _mined.UnionWith(Chain.Active[_lookedThrough].Transactions.Select(static transaction => transaction.TxId));
        return entry.Funding is { } funding && _mined.Contains(funding.TxId);
    }
}
