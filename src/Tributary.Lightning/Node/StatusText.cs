using Tributary.Lightning.Channels;
using Tributary.Lightning.Node.Desks;
using Tributary.Lightning.Node.Reports;
using Tributary.Lightning.OnChain;
using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.Node;

/// <summary>Says in plain words how a node stands. Runs in the loop.</summary>
internal sealed class StatusText(NodeCore core, ChannelDesk channels, PaymentDesk payments, GossipDesk gossip, IReadOnlyList<BackupReport> backups, int peerCount)
{
    private const int HeldShown = 5;

    private readonly List<string> _lines = [];
    private readonly List<string> _advice = [];
    private readonly List<string> _risks = [];

    internal NodeStatus Describe()
    {
        var balances = channels.All.Where(static entry => entry.Channel.IsUsable).Select(static entry => entry.Channel.GetBalance()).ToArray();
        var sendable = core.IsSynced ? balances.Select(static balance => balance.Sendable).DefaultIfEmpty().Max() : MilliSatoshis.Zero;
        var receivable = core.IsSynced ? balances.Select(static balance => balance.Receivable).DefaultIfEmpty().Max() : MilliSatoshis.Zero;
        var reserve = core.Wallet.Wallet.Reserve;
        DescribeChain();
        DescribeMoney(balances.Length, sendable, receivable);
        DescribeChannels(reserve);
        DescribePayments();
        DescribeBackups();
        return new NodeStatus(core.IsSynced, sendable, receivable, reserve, core.Wallet.ConfirmedFree, _lines, _advice, _risks) { Backups = backups };
    }

    private static string Sat(MilliSatoshis amount) => $"{amount.FloorToSatoshis().Value} sat";

    private void DescribeChain()
    {
        var status = core.Chain.Status;
        if (core.IsSynced)
        {
            _lines.Add($"In sync with the chain at height {core.Height}; {Count(peerCount, "peer is", "peers are")} connected.");
            return;
        }

        _lines.Add($"Not in sync with the chain: at height {core.Height}{(status.Tip is { } tip ? $" of {tip.Height}" : "")}. Nothing is paid or taken until it is.");
        if (status.Problem is { } problem)
            _advice.Add(problem);
        if (channels.All.Count > 0)
            _risks.Add("Without the chain nobody sees whether a peer publishes an old state: bring the chain source back.");
    }

    private void DescribeMoney(int usable, MilliSatoshis sendable, MilliSatoshis receivable)
    {
        _lines.Add($"Can send up to {Sat(sendable)} and receive up to {Sat(receivable)} in one payment now.");
        var open = channels.All.Count(static entry => entry.Channel.State.Stage <= ChannelStage.Closing);
        if (gossip.ChannelCount is > 0 and var known)
            _lines.Add($"Knows {known} public channels to pay through.");
        if (usable > 0)
        {
            if (receivable <= MilliSatoshis.Zero)
                _advice.Add("To receive, others need money on their side of a channel: spend some first, or have somebody open a channel to this node.");
            if (sendable <= MilliSatoshis.Zero)
                _advice.Add("To send, this node needs money on its side of a channel: receive some, or open a channel with 'open ID@HOST:PORT SATS'.");
            return;
        }

        if (open > 0)
        {
            _advice.Add("No channel can be used yet: 'channels' says what each one waits for.");
            return;
        }

        var balance = core.Wallet.Wallet.Balance;
        if (balance.Confirmed > Satoshis.Zero)
            _advice.Add($"{balance.Confirmed.Value} sat are confirmed on chain: open a channel with 'open ID@HOST:PORT SATS'.");
        else if (balance.Total > Satoshis.Zero)
            _advice.Add($"{balance.Total.Value} sat are on their way: open a channel when they are confirmed.");
        else
            _advice.Add($"There is no money yet: send bitcoin to an address of 'address', then open a channel. To take a channel that somebody opens to this node, {AnchorReserve.PerChannel.Value} sat have to be on chain.");
    }

    private void DescribeChannels(Satoshis reserve)
    {
        foreach (var entry in channels.All)
        {
            var state = entry.Channel.State;
            if (state.Stage == ChannelStage.Open && entry.Connection is null)
                _lines.Add($"The peer {entry.Peer} is away: its channel waits.");
            if (entry.Channel.IsUnconfirmed && core.Dialled is not null)
                _risks.Add($"The peer {entry.Peer} has not been heard of since the start. {UnconfirmedText.Why} Until then its channel is not closed by force{(entry.Channel.Withheld is { } reason ? $" (it should be: {reason})" : "")}; by 'close --force' it can be{UnconfirmedText.From(core)}.");
            if (state.Stage == ChannelStage.Stale && entry.Monitor is { CloseKind: null })
                DescribeStale(entry);
            if (entry.Monitor is { CloseKind: not null and not CloseKind.Mutual } monitor && monitor.FindPending(core.ChainNow) is { Count: > 0 } pending)
            {
                var sum = pending.Aggregate(Satoshis.Zero, static (total, output) => total + output.Amount);
                var deadline = pending.Select(static output => output.DeadlineHeight).OfType<int>().DefaultIfEmpty(int.MaxValue).Min();
                _risks.Add($"{sum.Value} sat of a channel with {entry.Peer} are being claimed on chain{(deadline == int.MaxValue ? "" : $"; after block {deadline} others can take some of it")}.");
            }
        }

        var delays = channels.All.Where(static entry => entry.Channel.State is { Stage: <= ChannelStage.Closing, Funding: not null }).Select(static entry => (int)entry.Channel.State.Setup.Local.ToSelfDelay).ToArray();
        if (delays.Length > 0)
            _risks.Add($"Downtime beyond {delays.Min()} blocks (about {Math.Max(1, delays.Min() / 6)} hours) is not covered: a peer could publish an old state unseen.");
        if (delays.Length > 0 && core.Options.Replica is null)
            _risks.Add("The state of channels is kept in one place: with 'start --replica DIR' it is kept in a second one too. Without, keep at least a copy of the static backup on another disk: it saves the balances.");
        if (channels.AnchorChannelCount == 0)
            return;
        var free = core.Wallet.ConfirmedFree;
        if (free >= reserve)
            _lines.Add($"{reserve.Value} sat on chain are kept back so that channels can be claimed.");
        else
        {
            _risks.Add($"{free.Value} sat are confirmed on chain where {reserve.Value} sat are needed to claim channels: a forced close could fail to confirm in time.");
            _advice.Add($"Send at least {(reserve - free).Value} sat to an address of 'address'.");
        }
    }

    // A channel of a node that came back from a copy.
    private void DescribeStale(ChannelEntry entry)
    {
        _risks.Add($"The channel {entry.Channel.Id} with {entry.Peer} came back from a copy and may have gone on since: this node cannot close it, only the peer can. Payments that were under way in it may be lost.");
        if (entry.Connection is not null)
            _lines.Add($"The peer {entry.Peer} has been asked to close a channel; what is ours comes on chain then.");
        else if (core.State.Peers.ContainsKey(entry.Peer))
            _lines.Add($"The peer {entry.Peer} is away: it is asked to close a channel when it is back.");
        else
            _advice.Add($"Where {entry.Peer} listens is not known: 'connect' it, so that it closes the channel, or ask its operator to force a close.");
    }

    private void DescribeBackups()
    {
        foreach (var backup in backups)
        {
            if (backup.Problem is { } problem)
                _risks.Add($"The static backup {backup.File} can't be written: {problem}. Mend this before a channel is opened.");
            else if (backup.WrittenAt is { } at)
                _lines.Add($"The static backup {backup.File} holds {Count(backup.ChannelCount ?? 0, "channel", "channels")} and was written {Age(core.Time.GetUtcNow() - at)} ago; it is written anew whenever a channel opens or closes.");
        }
    }

    private static string Age(TimeSpan age) => age switch
    {
        { TotalMinutes: < 2 } => $"{(int)age.TotalSeconds} seconds",
        { TotalHours: < 2 } => $"{(int)age.TotalMinutes} minutes",
        { TotalDays: < 2 } => $"{(int)age.TotalHours} hours",
        _ => $"{(int)age.TotalDays} days",
    };

    private void DescribePayments()
    {
        if (payments.Outgoing.PendingCount > 0)
            _lines.Add($"{Count(payments.Outgoing.PendingCount, "payment is", "payments are")} under way.");
        foreach (var held in payments.Incoming.Invoices.Where(static invoice => invoice.Status == Payments.InvoiceStatus.Accepted).Take(HeldShown))
        {
            var until = payments.Incoming.EarliestExpiry(held.Sheet.PaymentHash) is { } expiry ? $" before block {payments.HoldOf(expiry).ReturnHeight}" : "";
            _advice.Add($"A payment of {Sat(held.AmountReceived)} is held ({held.Sheet.PaymentHash}): 'settle' or 'cancel' it{until}.");
        }

        var more = payments.Incoming.Invoices.Count(static invoice => invoice.Status == Payments.InvoiceStatus.Accepted) - HeldShown;
        if (more > 0)
            _advice.Add($"{Count(more, "more payment is", "more payments are")} held: 'payments' lists them.");
    }

    private static string Count(int number, string one, string many) => number == 1 ? $"1 {one}" : $"{number} {many}";
}
