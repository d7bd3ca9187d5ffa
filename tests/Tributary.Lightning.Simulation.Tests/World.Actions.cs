using Tributary.Bitcoin.Blocks;
using Tributary.Bitcoin.Transactions;
using Tributary.Lightning.Channels;
using Tributary.Lightning.Invoices;
using Tributary.Lightning.Node.Desks;
using Tributary.Lightning.Node.Reports;
using Tributary.Lightning.Payments;
using Tributary.Lightning.Peers;
using Tributary.Lightning.Simulation.Tests.Machines;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Simulation.Tests;

/// <content>What may happen.</content>
internal sealed partial class World
{
    /// <summary>Blocks that a node which is not there to see them may miss: far fewer than any delay.</summary>
    private const int LagMax = 4;

    private const int ReorganisedMax = 3;

    private readonly List<SimulatedPayment> _payments = [];

    // The height of a close that a reorganisation is to take out again, and when.
    private (int From, int At)? _orphanage;

    private IEnumerable<SimulatedNode> Ready => Nodes.Where(static node => node.IsReady);

    private void Riot()
    {
        (int Weight, Action Act)[] actions =
        [
            (30, Deliver), (10, () => Wait(TimeSpan.FromMilliseconds(100 + Choose(3_000)))), (14, HearSome), (5, MineOne), (14, Pay), (4, Decide), (3, Cut), (5, Dial),
            (2, Die), (6, Revive), (1, Reorganise), (1, ChangeFees), (1, Evict), (1, LoseSource), (1, OpenAnother), (4, LookBack), (1, Betray),
        ];
        (int Weight, Action Act)[] rare = IsHarsh ? [(1, CloseTogether), (1, CloseByForce), (1, FillMempool), (1, PassNight)] : [(1, CloseTogether), (1, CloseByForce)];
        var sum = actions.Sum(static action => action.Weight);
        for (var left = 120 + Choose(240); left > 0; left--)
        {
            var drawn = Choose(sum);
            var chosen = actions.First(action => (drawn -= action.Weight) < 0);
            if (Choose(100) == 0)
                chosen = rare[Choose(rare.Length)];
            chosen.Act();
            Settle();
        }
    }

    private void Deliver()
    {
        for (var count = 1 + Choose(_deliveriesMax); count > 0; count--)
        {
            var ready = Nodes.SelectMany(static node => node.Hub?.Connections ?? []).Where(static connection => connection.InboundCount > 0 || connection.IsBroken).ToArray();
            if (ready.Length == 0)
                return;
            ready[Choose(ready.Length)].Deliver();
            if (Chance(50))
                Settle();
        }

        if (_cheaters.Exists(HoldsPreimage) && Chance(15))
            LookBack();
    }

    private void HearSome()
    {
        var behind = Nodes.Where(static node => !node.View.IsAtTip).ToArray();
        if (behind.Length == 0)
            return;
        var node = behind[Choose(behind.Length)];
        for (var count = 1 + Choose(3); count > 0; count--)
            node.View.Step();
    }

    private void MineOne()
    {
        // Nobody is safe who does not look at the chain for longer than the delays.
        if (Nodes.FirstOrDefault(node => Chain.Height - node.Height >= LagMax) is { } late)
        {
            Awake(late);
            while (!late.View.IsAtTip)
                late.View.Step();
            return;
        }

        // Nor who can't tell it anything for so long: what is seen and not answered in time is lost as what is not seen.
        foreach (var node in Nodes.Where(node => Chain.Height - node.View.AwaySince >= LagMax))
        {
            node.View.Away(false);
            Explain($"the chain source of {node} is back");
        }

        switch (Choose(6))
        {
            case 0:
                Chain.MineSome(() => Chance(50));
                break;
            case 1:
                Chain.MineSome(static () => false);
                break;
            default:
                Chain.Mine();
                break;
        }

        Trace("a block is mined");
        ExplainBlock();
        Count("blocks");

        // A close is taken out of the chain again, with whatever claims and penalties followed it.
        if (_orphanage is null && FindClose(Chain.Active[^1]) is not null && Chance(15))
            _orphanage = (Chain.Height, Chain.Height + Choose(ReorganisedMax));
        if (_orphanage is not { } orphanage || Chain.Height < orphanage.At)
            return;
        _orphanage = null;
        Settle();
        if (Chain.Active.Count > orphanage.From && FindClose(Chain.Active[orphanage.From]) is { } close && Reorganise(Math.Min(ReorganisedMax, Chain.Height - orphanage.From + 1)))
            Count(_breaches.ContainsKey(close.TxId) ? "reorganised breaches" : "reorganised closes");
    }

    private Transaction? FindClose(Block block) =>
        block.Transactions.FirstOrDefault(transaction => transaction.Inputs.Any(input => _fundings.ContainsKey(input.PreviousOutput)));

    private void Reorganise() => Reorganise(1 + Choose(ReorganisedMax));

    private bool Reorganise(int depth)
    {
        if (Nodes.Any(node => Chain.Height - node.Height >= LagMax - 1) || Chain.Height - depth <= Birthday.Height + 1)
            return false;
        Trace($"the last {depth} blocks are replaced");
        Chain.Reorganise(depth);
        Count("reorganisations");
        return true;
    }

    private void Awake(SimulatedNode node)
    {
        if (!node.IsAlive)
            node.Start();
    }

    private void Pay()
    {
        var pairs = Edges.Concat(Edges.Select(static edge => (edge.Right, edge.Left))).Where(static pair => pair.Item1.IsReady && pair.Item2.IsReady).ToArray();
        var able = pairs.Where(static pair => pair.Item1.Node!.Channels.OfPeer(pair.Item2.Keys.Id).Any(static entry => entry.Channel.IsUsable)).ToArray();
        if (able.Length > 0 && Chance(90))
            pairs = able;
        if (pairs.Length == 0)
            return;
        var (payer, payee) = pairs[Choose(pairs.Length)];
        var amount = new MilliSatoshis(Choose(4) switch
        {
            0 => 1 + Choose(600_000),
            1 or 2 => 1_000_000 + Choose(20_000_000),
            _ => 1_000 + (Choose(100_000) * 1_000L),
        });
        if (_cheaters.Count == 0 && _forgetful is null && Chance(10))
        {
            Span<byte> preimage = stackalloc byte[Bytes32.Length];
            _random.Fill(preimage);
            Begin(payer, payee, PaymentOrder.ForKeysend(new NodeId(payee.Id), amount, new Bytes32(preimage), null, (Clock.Now + payer.Skew).ToUnixTimeMilliseconds()), null);
            return;
        }

        var isHold = Chance(30);
        var asked = payee.Process!.Run(() => payee.Node!.CreateInvoiceAsync(new InvoiceRequest(amount) { IsHold = isHold }, CancellationToken.None));
        var process = payee.Process;
        _chores.Add(() =>
        {
            if (process.IsDead)
                return true;
            if (!asked.IsCompleted)
                return false;
            if (payer.IsReady && asked.Result.TryGet(out var report, out _))
            {
                var order = PaymentOrder.ForInvoice(Invoice.Parse(report.Text).Value, null, null, (Clock.Now + payer.Skew).ToUnixTimeMilliseconds());
                if (order.IsOk)
                    Begin(payer, payee, order.Value, report.Preimage);
            }

            return true;
        });
    }

    /// <summary>Pays.</summary>
    internal void Begin(SimulatedNode payer, SimulatedNode payee, PaymentOrder order, Bytes32? preimage)
    {
        Trace($"{payer} pays {payee} {order.Amount.Value} msat for {order.PaymentHash}");
        _payments.Add(new SimulatedPayment(payer, payee, order) { Preimage = preimage });
        payer.Process!.Run(() =>
        {
            _ = payer.Node!.BeginAsync(order);
        });
    }

    private void Decide()
    {
        // Money that is held is taken or given back; at times what was paid is paid again, which must not cost anything.
        if (_payments.Count == 0)
            return;
        var payment = _payments[Choose(_payments.Count)];
        if (Chance(20) && payment.Payer is { IsReady: true, IsCheating: false, IsRestored: false })
        {
            payment.Payer.Process!.Run(() =>
            {
                _ = payment.Payer.Node!.BeginAsync(payment.Order);
            });
        }

        Decide(payment, Chance(60));
    }

    private static void Decide(SimulatedPayment payment, bool takes)
    {
        if (payment is { Preimage: { } preimage, Payee: { IsReady: true } payee } && payee.Node!.Payments.Incoming.Find(payment.Hash) is { Status: InvoiceStatus.Accepted })
        {
            payee.Process!.Run(() =>
            {
                _ = takes ? payee.Node.SettleAsync(preimage, CancellationToken.None) : payee.Node.CancelAsync(payment.Hash, CancellationToken.None);
            });
        }
    }

    private void Cut()
    {
        var open = Nodes.SelectMany(static node => node.Hub?.Connections ?? []).Where(static connection => !connection.IsBroken).ToArray();
        if (open.Length == 0)
            return;
        Trace("a connection breaks");
        Count("lost connections");
        open[Choose(open.Length)].Cut(Choose);
    }

    private void Dial()
    {
        var (left, right) = Edges[Choose(Edges.Count)];
        if (Chance(50))
            (left, right) = (right, left);
        Connect(left, right);
    }

    private static void Connect(SimulatedNode left, SimulatedNode right)
    {
        if (!left.IsReady || left.IsOffline)
            return;
        left.Process!.Run(() =>
        {
            _ = left.Node!.ConnectAsync(new PeerAddress(right.Id, "127.0.0.1", 9735), CancellationToken.None);
        });
    }

    private void Die()
    {
        var alive = Nodes.Where(static node => node.IsAlive).ToArray();
        if (alive.Length == 0)
            return;
        var node = alive[Choose(alive.Length)];
        switch (Choose(5))
        {
            case 0:
                node.Kill(losesUnsynced: true);
                break;
            case 1:
                node.Kill(losesUnsynced: false);
                break;
            case 2:
                node.StepsLeft = Choose(30);
                break;
            case 3:
                node.WalletCommitsLeft = Choose(4);
                break;
            default:
                node.Disk.FailPowerAfter(Choose(12));
                break;
        }
    }

    private void Revive()
    {
        foreach (var node in Nodes.Where(static node => !node.IsAlive).ToArray())
        {
            if (Chance(60))
                node.Start();
        }
    }

    private void ChangeFees()
    {
        var feerate = 253 + Choose(4_000);
        foreach (var node in Nodes)
            node.View.Feerate = new FeeratePerKw(feerate + Choose(feerate / 4));
    }

    // Until further notice nothing cheap is taken: only with a child that pays for it does a commitment get in.
    private void FillMempool()
    {
        var minimum = new FeeratePerKvB(Chance(40) ? 1_000 : 1_000 + Choose(14_000));
        Trace($"the mempool takes {minimum.Value} sat/kvB and more");
        Chain.Ask(minimum);
        Count("full mempools");
    }

    // So many blocks that HTLCs run out.
    private void PassNight()
    {
        Trace("a night passes");
        Count("nights");
        for (var left = 20 + Choose(40); left > 0; left--)
        {
            MineOne();
            HearSome();
            Deliver();
            Wait(TimeSpan.FromSeconds(5));
        }
    }

    private void Evict()
    {
        if (Chain.Waiting.Count > 0)
            Chain.Evict(Chain.Waiting.ElementAt(Choose(Chain.Waiting.Count)));
    }

    private void LoseSource()
    {
        var node = Nodes[Choose(Nodes.Count)];
        node.View.Away(!node.View.IsAway);
        Explain($"the chain source of {node} {(node.View.IsAway ? "goes away" : "is back")}");
    }

    private void OpenAnother()
    {
        var (left, right) = Edges[Choose(Edges.Count)];
        if (Chance(50))
            (left, right) = (right, left);
        Open(left, right);
    }

    /// <summary>Opens a channel.</summary>
    internal void Open(SimulatedNode left, SimulatedNode right)
    {
        if (!left.IsReady || left.IsRestored || right.IsRestored || left.IsCheating || left.Hub!.Find(right.Id) is not { } connection || left.Node!.Channels.All.Count(static entry => entry.Monitor is not null) >= 6)
            return;
        var amount = 100_000 + (Choose(10) * 60_000L);
        var push = Chance(60) ? Choose((int)amount / 2) : 0;
        Trace($"{left} opens a channel of {amount} sat with {right}");
        var process = left.Process!;
        var begun = process.Run(() => left.Node!.BeginOpeningAsync(new OpenChannelRequest(right.Id, new Satoshis(amount)) { Push = new Satoshis(push) }, connection, CancellationToken.None));
        _chores.Add(() => process.IsDead || begun.IsCompleted);
    }

    private void CloseTogether() => Close(isForced: false);

    private void CloseByForce() => Close(isForced: true);

    private void Close(bool isForced)
    {
        var all = Ready.SelectMany(static node => node.Node!.Channels.All.Select(entry => (Node: node, Entry: entry))).Where(static one => one.Entry.Channel.State.Stage is ChannelStage.Open or ChannelStage.Closing or ChannelStage.AwaitingReady).ToArray();
        if (all.Length == 0)
            return;
        var (node, entry) = all[Choose(all.Length)];
        Close(node, entry, isForced);
    }

    /// <summary>Closes.</summary>
    internal void Close(SimulatedNode node, ChannelEntry entry, bool isForced)
    {
        Trace($"{node} closes {entry.Channel.Id}{(isForced ? " by force" : "")}");
        node.Process!.Run(() =>
        {
            _ = node.Node!.CloseChannelAsync(entry.Channel.Id.ToString(), isForced, CancellationToken.None);
        });
    }
}
