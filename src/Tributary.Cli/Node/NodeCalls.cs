using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Tributary.Bitcoin.Addresses;
using Tributary.Bitcoin.Networks;
using Tributary.Cli.Node.Control;
using Tributary.Cli.Node.Views;
using Tributary.Lightning.Invoices;
using Tributary.Lightning.Node;
using Tributary.Lightning.Node.Reports;
using Tributary.Lightning.Peers;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;

namespace Tributary.Cli.Node;

/// <summary>Turns requests of the command line into calls of the node, and its reports into views.</summary>
internal sealed class NodeCalls(ILightningNode node, BitcoinNetwork network, INodeHost host, TimeProvider clock)
{
    private const int EventsMax = 1_000;
    private static readonly TimeSpan s_eventsTimeout = TimeSpan.FromMinutes(1);

    private static readonly string s_version =
        typeof(NodeCalls).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";

    internal Task<Result<JsonElement, Refusal>> HandleAsync(ControlRequest request, CancellationToken cancellationToken)
    {
        var arguments = new NodeArguments(request.Arguments);
        return request.Method switch
        {
            "info" => InfoAsync(cancellationToken),
            "status" => StatusAsync(cancellationToken),
            "address" => AddressAsync(cancellationToken),
            "withdraw" => WithdrawAsync(arguments, cancellationToken),
            "connect" => ConnectAsync(arguments, cancellationToken),
            "peers" => PeersAsync(cancellationToken),
            "open" => OpenAsync(arguments, cancellationToken),
            "channels" => ChannelsAsync(cancellationToken),
            "balance" => BalanceAsync(cancellationToken),
            "invoice" => InvoiceAsync(arguments, cancellationToken),
            "pay" => PayAsync(arguments, cancellationToken),
            "keysend" => KeysendAsync(arguments, cancellationToken),
            "payments" => PaymentsAsync(cancellationToken),
            "settle" => SettleAsync(arguments, cancellationToken),
            "cancel" => CancelAsync(arguments, cancellationToken),
            "close" => CloseAsync(arguments, cancellationToken),
            "events" => EventsAsync(arguments, cancellationToken),
            "backup" => BackupAsync(arguments, cancellationToken),
            "mine" => MineAsync(arguments, cancellationToken),
            "stop" => Task.FromResult(Stop()),
            _ => Refuse("command", $"'{request.Method}' is not known to the running node: was it started by an older version?"),
        };
    }

    private static Task<Result<JsonElement, Refusal>> Refuse(string field, string reason) => Refuse(new Refusal(field, reason));

    private static Task<Result<JsonElement, Refusal>> Refuse(Refusal refusal) => Task.FromResult<Result<JsonElement, Refusal>>(refusal);

    private static JsonElement Json<T>(T view, JsonTypeInfo<T> type) => JsonSerializer.SerializeToElement(view, type);

    private static string Time(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private async Task<Result<JsonElement, Refusal>> InfoAsync(CancellationToken cancellationToken)
    {
        var info = await node.GetInfoAsync(cancellationToken);
        return Json(
            new InfoView(info.NodeId.ToString(), info.Alias, info.Network, info.Addresses, info.Height, info.IsSynced, info.PeerCount, info.ChannelCount, s_version),
            ControlJson.Default.InfoView);
    }

    private async Task<Result<JsonElement, Refusal>> StatusAsync(CancellationToken cancellationToken)
    {
        var status = await node.GetStatusAsync(cancellationToken);
        return Json(
            new StatusView(
                status.IsSynced, status.Sendable.Value, status.Receivable.Value, status.Reserve.Value, status.ConfirmedFree.Value, status.Lines, status.Advice, status.Risks,
                [.. status.Backups.Select(ViewOf)]),
            ControlJson.Default.StatusView);
    }

    private BackupFileView ViewOf(BackupReport backup) => backup.WrittenAt is { } at
        ? new BackupFileView(backup.File, backup.ChannelCount, Time(at), (long)(clock.GetUtcNow() - at).TotalSeconds, backup.Problem)
        : new BackupFileView(backup.File, null, null, null, backup.Problem);

    private async Task<Result<JsonElement, Refusal>> AddressAsync(CancellationToken cancellationToken) =>
        (await node.NewAddressAsync(cancellationToken)).Then<JsonElement>(address => Json(new AddressView(address.ToString()), ControlJson.Default.AddressView));

    private async Task<Result<JsonElement, Refusal>> WithdrawAsync(NodeArguments arguments, CancellationToken cancellationToken)
    {
        var to = arguments.Parse("address", text => Address.Parse(text, network));
        var amount = string.Equals(arguments.OptionalText("amount"), "all", StringComparison.OrdinalIgnoreCase) ? null : arguments.WholeSatoshis("amount");
        var feerate = arguments.Number("feerate", 1, 100_000);
        if (arguments.Refusal is { } refusal)
            return refusal;
        var sent = await node.WithdrawAsync(to!, amount, feerate is { } rate ? new FeeratePerKvB(rate * 1000) : null, cancellationToken);
        return sent.Then<JsonElement>(transaction => Json(new WithdrawalView(transaction.TxId.ToString(), amount?.Value), ControlJson.Default.WithdrawalView));
    }

    private async Task<Result<JsonElement, Refusal>> ConnectAsync(NodeArguments arguments, CancellationToken cancellationToken)
    {
        var address = arguments.Parse("peer", PeerAddress.Parse);
        if (arguments.Refusal is { } refusal)
            return refusal;
        return (await node.ConnectAsync(address!, cancellationToken)).Then<JsonElement>(static peer => Json(View(peer), ControlJson.Default.PeerView));
    }

    private async Task<Result<JsonElement, Refusal>> PeersAsync(CancellationToken cancellationToken) =>
        Json(new PeersView([.. (await node.ListPeersAsync(cancellationToken)).Select(View)]), ControlJson.Default.PeersView);

    private async Task<Result<JsonElement, Refusal>> OpenAsync(NodeArguments arguments, CancellationToken cancellationToken)
    {
        var text = arguments.Text("peer");

        // ID@HOST:PORT connects first.
        if (arguments.Refusal is null && text.Contains('@', StringComparison.Ordinal))
        {
            var address = arguments.Parse("peer", PeerAddress.Parse);
            if (address is not null && !(await node.ConnectAsync(address, cancellationToken)).TryGet(out _, out var unreachable))
                return unreachable;
            text = text[..text.IndexOf('@', StringComparison.Ordinal)];
        }

        var amount = arguments.WholeSatoshis("amount");
        var push = arguments.WholeSatoshis("push", 0);
        var feerate = arguments.Number("feerate", 1, 100_000);
        var isPrivate = arguments.Has("private");
        if (arguments.Refusal is { } refusal)
            return refusal;
        if (!PeerAddress.ParseNodeId(text).TryGet(out var peer, out refusal))
            return refusal;
        var request = new OpenChannelRequest(peer, amount ?? Satoshis.Zero)
        {
            Push = push ?? Satoshis.Zero,
            IsPrivate = isPrivate,
            Feerate = feerate is { } rate ? new FeeratePerKvB(rate * 1000).ToPerKw() : null,
        };
        return (await node.OpenChannelAsync(request, cancellationToken)).Then<JsonElement>(
            static opening => Json(new OpeningView(opening.Channel.ToString(), opening.Funding.TxId.ToString(), opening.Funding.Index), ControlJson.Default.OpeningView));
    }

    private async Task<Result<JsonElement, Refusal>> ChannelsAsync(CancellationToken cancellationToken) =>
        Json(new ChannelsView([.. (await node.ListChannelsAsync(cancellationToken)).Select(View)]), ControlJson.Default.ChannelsView);

    private async Task<Result<JsonElement, Refusal>> BalanceAsync(CancellationToken cancellationToken)
    {
        var balance = await node.GetBalanceAsync(cancellationToken);
        return Json(
            new BalanceView(
                balance.Confirmed.Value, balance.Unconfirmed.Value, balance.Spendable.Value, balance.Reserve.Value, balance.InChannels.Value, balance.Pending.Value),
            ControlJson.Default.BalanceView);
    }

    private async Task<Result<JsonElement, Refusal>> InvoiceAsync(NodeArguments arguments, CancellationToken cancellationToken)
    {
        // "any" lets the payer decide.
        var amount = string.Equals(arguments.OptionalText("amount"), "any", StringComparison.OrdinalIgnoreCase) ? null : arguments.MilliSatoshis("amount");
        var expiry = arguments.Number("expiry", 1, 365L * 24 * 3600) ?? 3600;
        var hash = arguments.OptionalText("hash") is { Length: > 0 } ? arguments.Hash("hash") : (Bytes32?)null;
        if (arguments.Refusal is { } refusal)
            return refusal;
        var request = new InvoiceRequest(amount)
        {
            Description = arguments.OptionalText("description") ?? "",
            Expiry = TimeSpan.FromSeconds(expiry),
            IsHold = arguments.Has("hold"),
            PaymentHash = hash,
        };
        return (await node.CreateInvoiceAsync(request, cancellationToken)).Then<JsonElement>(static invoice => Json(
            new InvoiceView(
                invoice.Text, invoice.PaymentHash.ToString(), invoice.Amount?.Value, Time(invoice.ExpiresAt), invoice.Preimage?.ToString(), invoice.Warning),
            ControlJson.Default.InvoiceView));
    }

    private async Task<Result<JsonElement, Refusal>> PayAsync(NodeArguments arguments, CancellationToken cancellationToken)
    {
        var request = new PayRequest(arguments.Text("invoice"))
        {
            Amount = arguments.MilliSatoshis("amount"),
            FeeMax = arguments.Number("max_fee", 0, Satoshis.MaxMoney.Value * 1000) is { } fee ? new MilliSatoshis(fee) : null,
            Timeout = TimeSpan.FromSeconds(arguments.Number("timeout", 1, 24 * 3600) ?? 60),
        };
        return arguments.Refusal is { } refusal ? refusal : Payment(await node.PayAsync(request, cancellationToken));
    }

    private async Task<Result<JsonElement, Refusal>> KeysendAsync(NodeArguments arguments, CancellationToken cancellationToken)
    {
        var amount = arguments.MilliSatoshis("amount");
        var fee = arguments.Number("max_fee", 0, Satoshis.MaxMoney.Value * 1000) is { } value ? new MilliSatoshis(value) : (MilliSatoshis?)null;
        var text = arguments.Text("node");
        if (arguments.Refusal is { } refusal)
            return refusal;
        return PeerAddress.ParseNodeId(text).TryGet(out var payee, out refusal)
            ? Payment(await node.KeysendAsync(payee, amount ?? MilliSatoshis.Zero, fee, cancellationToken))
            : refusal;
    }

    private async Task<Result<JsonElement, Refusal>> PaymentsAsync(CancellationToken cancellationToken) =>
        Json(new PaymentsView([.. (await node.ListPaymentsAsync(cancellationToken)).Select(View)]), ControlJson.Default.PaymentsView);

    private async Task<Result<JsonElement, Refusal>> SettleAsync(NodeArguments arguments, CancellationToken cancellationToken)
    {
        var preimage = arguments.Hash("preimage");
        return arguments.Refusal is { } refusal ? refusal : Payment(await node.SettleAsync(preimage, cancellationToken));
    }

    private async Task<Result<JsonElement, Refusal>> CancelAsync(NodeArguments arguments, CancellationToken cancellationToken)
    {
        var hash = arguments.Hash("hash");
        return arguments.Refusal is { } refusal ? refusal : Payment(await node.CancelAsync(hash, cancellationToken));
    }

    private async Task<Result<JsonElement, Refusal>> CloseAsync(NodeArguments arguments, CancellationToken cancellationToken)
    {
        var channel = arguments.Text("channel");
        if (arguments.Refusal is { } refusal)
            return refusal;
        return (await node.CloseChannelAsync(channel, arguments.Has("force"), cancellationToken)).Then<JsonElement>(
            static close => Json(new CloseView(close.Channel.ToString(), close.IsForced, close.Text), ControlJson.Default.CloseView));
    }

    private async Task<Result<JsonElement, Refusal>> EventsAsync(NodeArguments arguments, CancellationToken cancellationToken)
    {
        var after = (ulong)(arguments.Number("after", 0, long.MaxValue) ?? 0);
        var patience = arguments.Number("wait", 0, 3600) ?? 0;
        if (arguments.Refusal is { } refusal)
            return refusal;

        var events = new List<EventView>();
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var last = await node.LastEventAsync(cancellationToken);
        if (last <= after && patience == 0)
            return Json(new EventsView(events), ControlJson.Default.EventsView);
        timeout.CancelAfter(last > after ? s_eventsTimeout : TimeSpan.FromSeconds(patience));
        try
        {
            // All that is there, however busy the machine is; where nothing is, the first is waited for.
            await foreach (var one in node.FollowEventsAsync(after, timeout.Token))
            {
                events.Add(new EventView(one.Sequence, Time(one.Time), Snake(one.Kind.ToString()), one.Subject.ToString(), one.Amount.Value, one.Preimage?.ToString(), one.Text));
                if (events.Count == EventsMax)
                    break;
                if (one.Sequence >= last)
                    break;
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Time is up.
        }

        return Json(new EventsView(events), ControlJson.Default.EventsView);
    }

    private async Task<Result<JsonElement, Refusal>> BackupAsync(NodeArguments arguments, CancellationToken cancellationToken)
    {
        var file = arguments.Text("file");
        if (arguments.Refusal is { } refusal)
            return refusal;
        return (await host.BackupAsync(file, arguments.Has("words"), cancellationToken)).Then<JsonElement>(static view => Json(view, ControlJson.Default.BackupView));
    }

    private async Task<Result<JsonElement, Refusal>> MineAsync(NodeArguments arguments, CancellationToken cancellationToken)
    {
        var count = arguments.Number("blocks", 1, 10_000) ?? 1;
        var to = arguments.Has("address") ? arguments.Parse("address", text => Address.Parse(text, network)) : null;
        if (arguments.Refusal is { } refusal)
            return refusal;
        return (await host.MineAsync((int)count, to, cancellationToken)).Then<JsonElement>(static view => Json(view, ControlJson.Default.MinedView));
    }

    private Result<JsonElement, Refusal> Stop()
    {
        host.Stop();
        return Json(new StoppedView(true), ControlJson.Default.StoppedView);
    }

    private static Result<JsonElement, Refusal> Payment(Result<PaymentReport, Refusal> payment) =>
        payment.Then<JsonElement>(static report => Json(View(report), ControlJson.Default.PaymentView));

    private static PeerView View(PeerReport peer) => new(peer.NodeId.ToString(), peer.Address, peer.IsInbound);

    private static PaymentView View(PaymentReport payment) => new(
        payment.PaymentHash.ToString(),
        payment.IsOutgoing ? "out" : "in",
        payment.State,
        payment.Amount.Value,
        payment.Fee.Value,
        payment.Preimage?.ToString(),
        payment.Reason,
        Time(payment.CreatedAt),
        DescriptionOf(payment),
        payment.InvoiceText);

    // What the payee wrote: read here, beside the node's loop.
    private static string? DescriptionOf(PaymentReport payment)
    {
        if (payment.InvoiceText is not { } text)
            return payment.Description.Length == 0 ? null : payment.Description;
        return Invoice.Parse(text).TryGet(out var invoice, out _) && invoice.Terms.Description is { Length: > 0 } description ? description : null;
    }

    private static ChannelView View(ChannelReport channel) => new(
        channel.Id.ToString(),
        channel.Peer.ToString(),
        channel.State,
        channel.Detail,
        channel.IsUsable,
        channel.IsOpener,
        channel.IsPrivate,
        channel.Funding?.ToString(),
        channel.ShortId?.ToString(),
        channel.Confirmations,
        channel.Capacity.Value,
        channel.Ours.Value,
        channel.Theirs.Value,
        channel.Sendable.Value,
        channel.Receivable.Value,
        channel.HtlcCount);

    private static string Snake(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
}
