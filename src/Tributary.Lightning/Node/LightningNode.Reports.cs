using Tributary.Lightning.Channels;
using Tributary.Lightning.Node.Desks;
using Tributary.Lightning.Node.Reports;
using Tributary.Lightning.OnChain;
using Tributary.Lightning.Payments;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Node;

/// <content>What the node tells of itself.</content>
public sealed partial class LightningNode
{
    public Task<NodeInfo> GetInfoAsync(CancellationToken cancellationToken) => Loop.AskAsync(_ => new NodeInfo(
        _core.Keys.Identity.PublicKey,
        _core.Options.Alias,
        _core.Options.Network.Name,
        ListenAddress is { } address ? [address.ToString()] : [],
        _core.Height,
        _core.IsSynced,
        _hub.Peers.Count,
        _channels.All.Count(static entry => entry.Channel.State.Stage <= ChannelStage.Closing)));

    public Task<IReadOnlyList<ChannelReport>> ListChannelsAsync(CancellationToken cancellationToken) =>
        Loop.AskAsync<IReadOnlyList<ChannelReport>>(_ => [.. _channels.All.Select(ReportOf)]);

    public Task<BalanceReport> GetBalanceAsync(CancellationToken cancellationToken) => Loop.AskAsync(_ =>
    {
        var wallet = _core.Wallet.Wallet.Balance;
        var (open, pending) = (MilliSatoshis.Zero, MilliSatoshis.Zero);
        foreach (var entry in _channels.All)
        {
            var state = entry.Channel.State;
            if (state.Stage is ChannelStage.Opening or ChannelStage.Forgotten or ChannelStage.Stale || state.Funding is null)
                continue;
            var balance = entry.Channel.GetBalance();
            if (state.Stage == ChannelStage.Open)
                open += balance.Ours;
            else if (entry.Monitor is not { CloseKind: not null })
                pending += balance.Ours;
            else
                pending += entry.Monitor.FindPending(_core.ChainNow).Aggregate(Satoshis.Zero, static (sum, output) => sum + output.Amount).ToMilliSatoshis();
        }

        return new BalanceReport(wallet.Confirmed, wallet.TrustedPending + wallet.UntrustedPending, Max(wallet.Spendable, Satoshis.Zero), _core.Wallet.Wallet.Reserve, open, pending);
    });

    public Task<IReadOnlyList<PaymentReport>> ListPaymentsAsync(CancellationToken cancellationToken) => Loop.AskAsync<IReadOnlyList<PaymentReport>>(_ =>
    [
        .. _payments.Outgoing.Payments.Select(ReportOf).Concat(_payments.Incoming.Invoices.Select(ReportOf)).OrderByDescending(static payment => payment.CreatedAt),
    ]);

    public Task<PaymentReport?> FindPaymentAsync(Bytes32 paymentHash, bool isOutgoing, CancellationToken cancellationToken) => Loop.AskAsync(_ =>
        isOutgoing
            ? _payments.Outgoing.Find(paymentHash) is { } payment ? ReportOf(payment) : null
            : _payments.Incoming.Find(paymentHash) is { } invoice ? ReportOf(invoice) : null);

    /// <summary>How large the map of the network is.</summary>
    public Task<(int Nodes, int Channels)> CountGraphAsync(CancellationToken cancellationToken) => Task.Run(_gossip.Count, cancellationToken);

    /// <summary>Saves the map of the network now, where it has a folder.</summary>
    internal Task SaveGraphAsync(CancellationToken cancellationToken) => _gossip.SaveAsync().WaitAsync(cancellationToken);

    public Task<NodeStatus> GetStatusAsync(CancellationToken cancellationToken) => Loop.AskAsync(_ => new StatusText(_core, _channels, _payments, _gossip, _backups.Reports, _hub.Peers.Count).Describe());

    private static Satoshis Max(Satoshis left, Satoshis right) => left > right ? left : right;

    internal static PaymentReport ReportOf(OutgoingPayment payment) => new(
        payment.Order.PaymentHash,
        IsOutgoing: true,
        payment.Status switch
        {
            PaymentStatus.Succeeded => "succeeded",
            PaymentStatus.Failed => "failed",
            _ => "pending",
        },
        payment.Order.Amount,
        payment.Fee,
        payment.Preimage,
        payment.Status == PaymentStatus.Failed ? payment.FailureText : null,
        DateTimeOffset.FromUnixTimeMilliseconds(payment.Order.StartedAt),
        Description: "")
    {
        InvoiceText = payment.Order.InvoiceText is { Length: > 0 } text ? text : null,
        EndedAt = payment.EndedAt == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(payment.EndedAt),
    };

    private PaymentReport ReportOf(ReceivedInvoice invoice) => new(
        invoice.Sheet.PaymentHash,
        IsOutgoing: false,
        invoice.Status switch
        {
            InvoiceStatus.Accepted => "held",
            InvoiceStatus.Settled => "received",
            InvoiceStatus.Cancelled => invoice.HasExpired ? "expired" : "cancelled",
            _ => "open",
        },
        invoice.Status is InvoiceStatus.Settled or InvoiceStatus.Accepted ? invoice.AmountReceived : invoice.Sheet.Amount ?? MilliSatoshis.Zero,
        MilliSatoshis.Zero,
        invoice.Status == InvoiceStatus.Settled ? invoice.Preimage : null,
        invoice.Status == InvoiceStatus.Cancelled ? invoice.CancelReason : null,
        DateTimeOffset.FromUnixTimeMilliseconds(invoice.Sheet.CreatedAt),
        invoice.Sheet.Description)
    {
        EndedAt = invoice.Status is InvoiceStatus.Settled or InvoiceStatus.Cancelled ? DateTimeOffset.FromUnixTimeMilliseconds(invoice.ChangedAt) : null,
        ExpiresAt = invoice.Sheet.IsKeysend ? null : DateTimeOffset.FromUnixTimeMilliseconds(invoice.Sheet.ExpiresAt),
        Hold = _payments.Incoming.EarliestExpiry(invoice.Sheet.PaymentHash) is { } expiry ? _payments.HoldOf(expiry) : null,
    };

    private ChannelReport ReportOf(ChannelEntry entry)
    {
        var state = entry.Channel.State;
        var hasBalance = state.Funding is not null && state.Stage is not (ChannelStage.Opening or ChannelStage.Forgotten) && !state.IsStaticBackup;
        var balance = hasBalance ? entry.Channel.GetBalance() : new ChannelBalance(state.Setup.FundingAmount, default, default, default, default, default, default);
        var confirmations = _core.State.Fundings.TryGetValue(entry.KeyId, out var mined) ? _core.Height - mined.Height + 1 : 0;
        var (name, detail) = Describe(entry, confirmations);
        var isUsable = entry.Channel.IsUsable;
        return new ChannelReport(
            entry.Channel.Id,
            entry.Peer,
            name,
            detail,
            isUsable,
            state.Setup.IsOpener,
            IsPrivate: true,
            state.Funding,
            state.Position,
            confirmations,
            balance.Capacity,
            balance.Ours,
            balance.Theirs,
            isUsable ? balance.Sendable : MilliSatoshis.Zero,
            isUsable ? balance.Receivable : MilliSatoshis.Zero,
            state.Offered.Count + state.Received.Count);
    }

    private (string Name, string Detail) Describe(ChannelEntry entry, int confirmations)
    {
        var state = entry.Channel.State;
        switch (state.Stage)
        {
            case ChannelStage.Opening:
                return ("opening", "Terms are being agreed.");
            case ChannelStage.AwaitingReady:
                return ("confirming", entry.Connection is null
                    ? "The peer is away: the channel opens when it is back and the funding is confirmed."
                    : $"Its funding has {confirmations} of {state.MinimumDepth} confirmations.");
            case ChannelStage.Open:
                return entry.Channel.IsUsable ? ("open", "") : entry.Connection is null ? ("offline", "The peer is away.") : ("offline", "The peer is connected, and the channel is being taken up again.");
            case ChannelStage.Closing:
                return ("closing", entry.Connection is null ? "The peer is away: the channel closes when it is back." : "Payments under way are resolved, then a fee is agreed.");
            case ChannelStage.Stale when entry.Monitor is { CloseKind: not null } closed:
                return ("stale", $"This state is old, and the channel is closed on chain. {ClaimText.Describe(closed.FindPending(_core.ChainNow))}");
            case ChannelStage.Stale:
                return ("stale", "This state is old: our commitment is never published, and the peer is asked to close.");
            default:
                break;
        }

        if (entry.Monitor is not { CloseKind: { } kind } monitor)
            return (state.Stage == ChannelStage.Closed ? "closed" : "on_chain", state.Ending ?? "The closing transaction waits for a block.");
        var pending = monitor.FindPending(_core.ChainNow);
        return kind == CloseKind.Mutual
            ? ("closed", $"Closed together, in block {monitor.CloseHeight}.")
            : ("on_chain", ClaimText.Describe(pending));
    }
}
