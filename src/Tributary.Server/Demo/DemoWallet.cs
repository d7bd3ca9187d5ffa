using System.Net;
using Tributary.Bitcoin.Addresses;
using Tributary.Bitcoin.Chain;
using Tributary.Bitcoin.Wallets;
using Tributary.Crypto;
using Tributary.Lightning.Node;
using Tributary.Lightning.Node.Backups;
using Tributary.Lightning.Node.Hosting;
using Tributary.Lightning.Node.Reports;
using Tributary.Lightning.Peers;
using Tributary.Lightning.Wire;
using Tributary.Payments.Rails;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;
using Tributary.Server.Chain;
using Tributary.Server.Nodes;

namespace Tributary.Server.Demo;

/// <summary>
/// The shopper's node within the server. It is opened when it is first needed, and after that with every start. Its channel with the merchant
/// has room in both directions; where a payment needs more, another one is opened. Blocks are mined as they are needed.
/// </summary>
internal sealed partial class DemoWallet(ServerOptions options, IChainSource chain, IMiner miner, MerchantNode merchant, TimeProvider clock, ILogger<DemoWallet> logger)
    : BackgroundService, IDemoWallet, ILiquiditySource
{
    /// <summary>Blocks until a coinbase output can be spent, and one more.</summary>
    private const int MaturityBlocks = 101;

    private static readonly Satoshis s_channelSize = new(16_000_000);
    private static readonly Satoshis s_push = new(4_000_000);
    private static readonly Satoshis s_coinsMin = new(100_000_000);
    private static readonly Satoshis s_merchantCoinsMin = new(1_000_000);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(20);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly Opening<HostedNode> _open = new();
    private readonly RunWitness? _witness = RunWitness.OfMachine();
    private readonly TaskCompletionSource _wanted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private string Folder => Path.Combine(options.DataFolder, "demo-wallet");

    public async Task<Result<DemoPayment, Refusal>> PayInvoiceAsync(string invoice, MilliSatoshis? amount, TimeSpan patience, CancellationToken cancellationToken)
    {
        if (!Lightning.Invoices.Invoice.Parse(invoice).TryGet(out var parsed, out var refusal))
            return refusal;
        if ((parsed.Terms.Amount ?? amount) is not { } due)
            return new Refusal("amount", "has to be said for an invoice without one");
        if (await PrepareAsync(due, cancellationToken) is { } unprepared)
            return unprepared;
        var node = _open.Current!.Node;
        var request = new PayRequest(parsed.Text) { Amount = parsed.Terms.Amount is null ? amount : null, Timeout = patience };
        if (!(await node.PayAsync(request, cancellationToken)).TryGet(out var report, out refusal))
            return refusal;
        return string.Equals(report.State, "failed", StringComparison.Ordinal)
            ? new Refusal("payment", report.Reason ?? "failed")
            : new DemoPayment(report.PaymentHash.ToString(), report.Amount, report.Fee, string.Equals(report.State, "succeeded", StringComparison.Ordinal));
    }

    public async Task<Result<DemoPayment, Refusal>> PayAddressAsync(Address address, Satoshis amount, CancellationToken cancellationToken)
    {
        var hosted = await OpenAsync(cancellationToken);
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (await FundAsync(hosted, s_coinsMin > amount ? s_coinsMin : amount, cancellationToken) is { } unfunded)
                return unfunded;
            return (await hosted.Node.WithdrawAsync(address, amount, feerate: null, cancellationToken)).TryGet(out var transaction, out var refusal)
                ? new DemoPayment(transaction.TxId.ToString(), amount.ToMilliSatoshis(), MilliSatoshis.Zero, IsDone: false)
                : refusal;
        }
        finally
        {
            _gate.Release();
        }
    }

    public async Task<Result<InvoiceReport, Refusal>> RequestAsync(MilliSatoshis? amount, string description, CancellationToken cancellationToken)
    {
        if (await PrepareAsync(new MilliSatoshis(1), cancellationToken) is { } unprepared)
            return unprepared;
        return await _open.Current!.Node.CreateInvoiceAsync(new InvoiceRequest(amount) { Description = description }, cancellationToken);
    }

    public async Task<PaymentReport?> FindAsync(string paymentHash, bool isOutgoing, CancellationToken cancellationToken) =>
        Bytes32.TryParse(paymentHash, out var hash) && _open.Current is { } hosted ? await hosted.Node.FindPaymentAsync(hash, isOutgoing, cancellationToken) : null;

    public async Task<Result<Address, Refusal>> NewAddressAsync(CancellationToken cancellationToken) =>
        await (await OpenAsync(cancellationToken)).Node.NewAddressAsync(cancellationToken);

    public Task<Refusal?> MineAsync(int blocks, CancellationToken cancellationToken) => miner.MineAsync(blocks, ChainSources.Nobody, cancellationToken);

    // A merchant that can receive is a shopper who can send.
    public async Task ProvideAsync(MilliSatoshis receivable, CancellationToken cancellationToken)
    {
        if (await PrepareAsync(receivable, cancellationToken) is { } refusal)
            LogUnprepared(refusal.ToString());
    }

    public async Task<Refusal?> PrepareAsync(MilliSatoshis amount, CancellationToken cancellationToken)
    {
        var hosted = await OpenAsync(cancellationToken);
        if (merchant.Opening.Current is { } open && await CanCarryAsync(hosted, open, amount, cancellationToken))
            return null;
        await _gate.WaitAsync(cancellationToken);
        try
        {
            var shop = await merchant.Opening.WaitAsync(cancellationToken);
            if (await ConnectAsync(hosted, shop, cancellationToken) is { } unconnected)
                return unconnected;

            // Channels of an earlier run are taken up again by themselves.
            if (await WaitAsync(async () => await IsTakenUpAsync(hosted.Node, shop.NodeId, cancellationToken) && await IsTakenUpAsync(shop.Node, hosted.NodeId, cancellationToken), cancellationToken)
                && await CanCarryAsync(hosted, shop, amount, cancellationToken))
                return null;
            if (amount > (s_channelSize - s_push).ToMilliSatoshis())
                return new Refusal("amount", $"is more than a channel of the demo wallet carries: {(s_channelSize - s_push).Value} sat");
            return await OpenChannelAsync(hosted, shop, amount, cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        try
        {
            if (!HostedNode.IsIn(Folder))
                await _wanted.Task.WaitAsync(stoppingToken);
            var shop = await merchant.Opening.WaitAsync(stoppingToken);
            await using var hosted = await OpenFolderAsync(stoppingToken);
            var running = hosted.RunAsync(stoppingToken);
            _open.Complete(hosted);
            await ReconnectAsync(hosted, shop, stoppingToken);
            await running;
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops.
        }
        catch (Exception exception) when (exception is IOException or ChainSourceLostException)
        {
            LogStopped(exception.Message);
        }
    }

    public override void Dispose()
    {
        _gate.Dispose();
        _witness?.Dispose();
        base.Dispose();
    }

    private async Task<HostedNode> OpenFolderAsync(CancellationToken cancellationToken)
    {
        var node = new NodeOptions(options.Network) { Alias = "demo wallet", Witness = _witness };
        while (true)
        {
            var opened = await HostedNode.OpenAsync(Folder, node, WalletPassphrase.None, chain, SystemEntropy.Instance, clock, cancellationToken);
            if (opened.TryGet(out var hosted, out var refusal))
                return hosted;
            _open.Delay(refusal.ToString());
            LogStopped(refusal.ToString());
            await Task.Delay(TimeSpan.FromSeconds(2), clock, cancellationToken);
        }
    }

    private async Task<HostedNode> OpenAsync(CancellationToken cancellationToken)
    {
        _wanted.TrySetResult();
        var hosted = await _open.WaitAsync(cancellationToken);
        await hosted.Node.Ready.WaitAsync(cancellationToken);
        return hosted;
    }

    // The merchant's port is another one with each start.
    private static async Task ReconnectAsync(HostedNode hosted, HostedNode shop, CancellationToken cancellationToken)
    {
        await hosted.Node.Ready.WaitAsync(cancellationToken);
        if ((await hosted.Node.ListChannelsAsync(cancellationToken)).Count > 0)
            _ = await ConnectAsync(hosted, shop, cancellationToken);
    }

    private static async Task<Refusal?> ConnectAsync(HostedNode hosted, HostedNode shop, CancellationToken cancellationToken)
    {
        await shop.Node.Ready.WaitAsync(cancellationToken);
        if ((await hosted.Node.ListPeersAsync(cancellationToken)).Any(peer => peer.NodeId == shop.NodeId))
            return null;
        if (shop.Node.ListenAddress is not { } listen)
            return new Refusal("merchant", "takes no connections");
        var host = listen.Address.Equals(IPAddress.Any) || listen.Address.Equals(IPAddress.IPv6Any) ? IPAddress.Loopback : listen.Address;
        var connected = await hosted.Node.ConnectAsync(new PeerAddress(shop.NodeId, host.ToString(), (ushort)listen.Port), cancellationToken);
        return connected.TryGet(out _, out var refusal) ? null : refusal;
    }

    private async Task<Refusal?> OpenChannelAsync(HostedNode hosted, HostedNode shop, MilliSatoshis amount, CancellationToken cancellationToken)
    {
        if (await FundAsync(hosted, s_coinsMin, cancellationToken) is { } unfunded)
            return unfunded;

        // Who takes a channel keeps coins to claim it with.
        if (await FundAsync(shop, s_merchantCoinsMin, cancellationToken) is { } poor)
            return poor;
        var opened = await hosted.Node.OpenChannelAsync(new OpenChannelRequest(shop.NodeId, s_channelSize) { Push = s_push }, cancellationToken);
        if (!opened.TryGet(out _, out var refusal))
            return refusal;
        if (await MineAsync(6, cancellationToken) is { } unmined)
            return unmined;
        var isUsable = await WaitAsync(async () => await CanCarryAsync(hosted, shop, amount, cancellationToken), cancellationToken);
        return isUsable ? null : new Refusal("channel", "of the demo wallet did not become usable in time");
    }

    // A subsidy for the wallet, and the blocks until it can be spent.
    private async Task<Refusal?> FundAsync(HostedNode hosted, Satoshis needed, CancellationToken cancellationToken)
    {
        if (hosted.Wallet.Balance.Spendable >= needed)
            return null;
        if (!(await hosted.Node.NewAddressAsync(cancellationToken)).TryGet(out var address, out var refusal))
            return refusal;
        if ((await miner.MineAsync(1, address.ScriptPubKey, cancellationToken) ?? await MineAsync(MaturityBlocks, cancellationToken)) is { } unmined)
            return unmined;
        return await WaitAsync(() => Task.FromResult(hosted.Wallet.Balance.Spendable >= needed && hosted.Wallet.Status.IsSynced), cancellationToken)
            ? null
            : new Refusal("coins", "of the demo wallet did not arrive in time");
    }

    // One side takes a channel up a moment before the other.
    private static async Task<bool> IsTakenUpAsync(LightningNode node, PublicKey peer, CancellationToken cancellationToken) =>
        (await node.ListChannelsAsync(cancellationToken)).Where(channel => channel.Peer == new NodeId(peer)).All(static channel => channel.State is not "offline" and not "opening");

    private static async Task<bool> CanCarryAsync(HostedNode hosted, HostedNode shop, MilliSatoshis amount, CancellationToken cancellationToken) =>
        await SendableAsync(hosted.Node, cancellationToken) >= amount && (await shop.Node.GetStatusAsync(cancellationToken)).Receivable >= amount;

    private static async Task<MilliSatoshis> SendableAsync(LightningNode node, CancellationToken cancellationToken) =>
        (await node.ListChannelsAsync(cancellationToken)).Where(static channel => channel.IsUsable).Select(static channel => channel.Sendable).DefaultIfEmpty(MilliSatoshis.Zero).Max();

    private async Task<bool> WaitAsync(Func<Task<bool>> isThere, CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        while (!await isThere())
        {
            if (clock.GetElapsedTime(began) > s_patience)
                return false;
            await Task.Delay(s_pause, clock, cancellationToken);
        }

        return true;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The demo wallet has stopped: {Reason}")]
    private partial void LogStopped(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The demo wallet could not make room: {Reason}")]
    private partial void LogUnprepared(string reason);
}
