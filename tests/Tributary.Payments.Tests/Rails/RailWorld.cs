using System.Net;
using Tributary.Bitcoin.Addresses;
using Tributary.Bitcoin.Chain.Embedded;
using Tributary.Bitcoin.Networks;
using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Wallets;
using Tributary.Crypto;
using Tributary.Lightning.Node;
using Tributary.Lightning.Node.Hosting;
using Tributary.Lightning.Node.Reports;
using Tributary.Lightning.Peers;
using Tributary.Payments.Identifiers;
using Tributary.Payments.Intents;
using Tributary.Payments.Ledger;
using Tributary.Payments.Money;
using Tributary.Payments.Outgoing;
using Tributary.Payments.Quotes;
using Tributary.Payments.Rails;
using Tributary.Payments.Rails.Bitcoin;
using Tributary.Payments.Rails.Lightning;
using Tributary.Payments.Rails.Transfers;
using Tributary.Payments.Reconciliation;
using Tributary.Payments.Refunds;
using Tributary.Payments.Risk;
using Tributary.Payments.Storage;
using Tributary.Primitives.Amounts;
using Tributary.Storage.Relational;
using Tributary.Storage.Sqlite;

namespace Tributary.Payments.Tests.Rails;

/// <summary>
/// A merchant's server without its web: real nodes and wallets of a merchant and a shopper on an embedded chain, a real database, the payment core
/// with its bitcoin rails. Reports and commands are worked off only when a test says so, so that it can stop between any two steps.
/// </summary>
internal sealed class RailWorld : IAsyncDisposable
{
    internal const string Store = "store_1";
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(4);

    private readonly string _folder = Directory.CreateTempSubdirectory("tributary-rails-").FullName;
    private CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;
    private Task _pumping = Task.CompletedTask;

    private RailWorld()
    {
    }

    internal EmbeddedChain Chain { get; private set; } = null!;

    internal HostedNode Merchant { get; private set; } = null!;

    internal HostedNode Shopper { get; private set; } = null!;

    internal IDatabase Database { get; private set; } = null!;

    internal PaymentService Service { get; private set; } = null!;

    internal LightningRail Lightning { get; private set; } = null!;

    internal OnChainRail OnChain { get; private set; } = null!;

    internal LightningPayer LightningPayer { get; private set; } = null!;

    internal OnChainPayer OnChainPayer { get; private set; } = null!;

    internal RefundService Refunds { get; private set; } = null!;

    internal OutgoingSwitch Switch { get; private set; } = null!;

    internal Reconciler Reconciler { get; private set; } = null!;

    internal LightningRailOptions LightningOptions { get; set; } = new() { PayTimeout = TimeSpan.FromMinutes(1) };

    private IRiskGate? Gate { get; init; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static Script Nobody { get; } = StandardScripts.P2wshOf(new ScriptBuilder().Add(Opcode.Op1).Build());

    /// <summary>Opens a world in which the shopper has coins and, unless told otherwise, a channel with room both ways.</summary>
    internal static async Task<RailWorld> OpenAsync(bool hasChannel = true, IRiskGate? gate = null)
    {
        var world = new RailWorld { Gate = gate };
        await world.StartAsync();
        await world.FundAsync(world.Shopper);
        if (hasChannel)
        {
            await world.FundAsync(world.Merchant);
            await world.OpenChannelAsync();
        }

        return world;
    }

    /// <summary>Ends everything as a killed process would be seen by the next, and opens the same folders again.</summary>
    internal async Task ReopenAsync(bool isConnected = true)
    {
        await StopAsync();
        await StartAsync();
        if (isConnected && (await Merchant.Node.ListChannelsAsync(Token)).Count > 0)
        {
            await ConnectAsync();
            try
            {
                await WaitAsync(async () => (await Merchant.Node.ListChannelsAsync(Token)).Any(static channel => channel.IsUsable) && (await Shopper.Node.ListChannelsAsync(Token)).Any(static channel => channel.IsUsable));
            }
            catch (OperationCanceledException)
            {
                // What a stall leaves behind says where to look.
                var channels = (await Merchant.Node.ListChannelsAsync(CancellationToken.None)).Concat(await Shopper.Node.ListChannelsAsync(CancellationToken.None));
                Assert.Fail($"The channel does not open: {string.Join(" | ", channels)}; the chain is at {(await Chain.GetTipAsync(CancellationToken.None)).Value}.");
            }
        }
    }

    /// <summary>Applies reports and carries out commands from now on, until the world is reopened.</summary>
    internal void Pump()
    {
        var token = _stop.Token;
        _pumping = Task.WhenAll(FollowAsync(Lightning, token), FollowAsync(OnChain, token), RepeatAsync(token));
    }

    /// <summary>Applies reports of a rail until one makes the condition true.</summary>
    internal async Task ApplyUntilAsync(IPaymentRail rail, Func<Task<bool>> isThere)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
        patience.CancelAfter(s_patience);
        var after = await Database.ReadAsync((transaction, token) => RailCursors.ReadAsync(transaction, rail.Kind, token), Token);
        if (await isThere())
            return;
        await foreach (var reported in rail.FollowAsync(after, patience.Token))
        {
            await Service.ApplyAsync(rail.Kind, reported, Token);
            if (await isThere())
                return;
        }
    }

    /// <summary>An intent in satoshis with an open attempt.</summary>
    internal async Task<PaymentFile> OfferAsync(RailKind rail, long satoshis, CaptureMethod capture = CaptureMethod.Automatic, TimeSpan? lifetime = null)
    {
        var created = await Service.CreateAsync(
            new PaymentRequest { StoreId = Store, IsLive = false, Amount = new CurrencyAmount(satoshis, Currency.Bitcoin), CaptureMethod = capture, Lifetime = lifetime ?? TimeSpan.FromHours(1) }, null, Token);
        var confirmed = await Service.ConfirmAsync(created.Value.Intent.Id, new ConfirmRequest(rail), null, Token);
        return confirmed.TryGet(out var file, out var error) ? file : throw new InvalidOperationException(error.ToString());
    }

    internal async Task<PaymentFile> FindAsync(PaymentFile file) => (await Service.FindAsync(file.Intent.Id, Token))!;

    internal Task<PaymentFile> WaitForAsync(PaymentFile file, IntentStatus status) => WaitForAsync(file, now => now.Intent.Status == status);

    internal async Task<PaymentFile> WaitForAsync(PaymentFile file, Func<PaymentFile, bool> isIt)
    {
        var now = await FindAsync(file);
        await WaitAsync(async () => isIt(now = await FindAsync(file)));
        return now;
    }

    /// <summary>The shopper pays an invoice; it ends when the merchant takes the payment or gives it back.</summary>
    internal async Task<PaymentReport> PayAsync(string invoice) => (await Shopper.Node.PayAsync(new PayRequest(invoice) { Timeout = s_patience }, Token)).Value;

    /// <summary>The shopper sends coins; nothing is mined.</summary>
    internal async Task<Tributary.Bitcoin.Transactions.Transaction> SendAsync(string address, long satoshis) =>
        (await Shopper.Node.WithdrawAsync(Address.Parse(address, BitcoinNetwork.Regtest).Value, new Satoshis(satoshis), null, Token)).Value;

    internal async Task MineAsync(int blocks)
    {
        Assert.True((await Chain.MineAsync(blocks, Nobody, Token)).IsOk);
        await WaitAsync(() => Task.FromResult(Merchant.Wallet.Status.IsSynced && Shopper.Wallet.Status.IsSynced));
    }

    /// <summary>The last block is replaced by two empty ones: its transactions go back to the mempool.</summary>
    internal async Task ReorganiseAsync() => Assert.True((await Chain.ReorganiseAsync(1, Nobody, Token)).IsOk);

    internal async Task<long> BalanceAsync(AccountKind account, string store = Store) =>
        await Database.ReadAsync((transaction, token) => PaymentStore.BalanceAsync(transaction, store, isLive: false, account, Asset.Bitcoin, token), Token);

    internal static async Task WaitAsync(Func<Task<bool>> isThere)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
        patience.CancelAfter(s_patience);
        while (!await isThere())
            await Task.Delay(5, patience.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_folder, recursive: true);
    }

    internal async Task FundAsync(HostedNode node)
    {
        var address = (await node.Node.NewAddressAsync(Token)).Value;
        Assert.True((await Chain.MineAsync(1, address.ScriptPubKey, Token)).IsOk);
        await MineAsync(101);
        await WaitAsync(() => Task.FromResult(node.Wallet.Balance.Spendable > Satoshis.Zero));
    }

    private async Task OpenChannelAsync()
    {
        await ConnectAsync();
        Assert.True((await Shopper.Node.OpenChannelAsync(new OpenChannelRequest(Merchant.NodeId, new Satoshis(5_000_000)) { Push = new Satoshis(1_000_000) }, Token)).IsOk);
        await MineAsync(6);
        try
        {
            await WaitAsync(async () => (await Merchant.Node.ListChannelsAsync(Token)).Any(static channel => channel.IsUsable) && (await Shopper.Node.ListChannelsAsync(Token)).Any(static channel => channel.IsUsable));
        }
        catch (OperationCanceledException)
        {
            // What a stall leaves behind says where to look.
            var channels = (await Merchant.Node.ListChannelsAsync(CancellationToken.None)).Concat(await Shopper.Node.ListChannelsAsync(CancellationToken.None));
            Assert.Fail($"The channel does not open: {string.Join(" | ", channels)}; the chain is at {(await Chain.GetTipAsync(CancellationToken.None)).Value}.");
        }
    }

    internal async Task ConnectAsync() =>
        Assert.True((await Shopper.Node.ConnectAsync(new PeerAddress(Merchant.NodeId, "127.0.0.1", (ushort)Merchant.Node.ListenAddress!.Port), Token)).IsOk);

    private async Task StartAsync()
    {
        _stop = new CancellationTokenSource();
        Chain = EmbeddedChain.Open(new EmbeddedChainOptions { Path = Path.Combine(_folder, "chain") }, TimeProvider.System).Value;
        Merchant = await OpenNodeAsync("merchant", new NodeOptions(BitcoinNetwork.Regtest) { Listen = new IPEndPoint(IPAddress.Loopback, 0) });
        Shopper = await OpenNodeAsync("shopper", new NodeOptions(BitcoinNetwork.Regtest));
        _running = Task.WhenAll(Merchant.RunAsync(_stop.Token), Shopper.RunAsync(_stop.Token));
        await Merchant.Node.Ready.WaitAsync(s_patience, Token);
        await Shopper.Node.Ready.WaitAsync(s_patience, Token);
        Database = await SqliteDatabase.OpenAsync(Path.Combine(_folder, "payments.db"), 4, Token);
        await MigrationRunner.MigrateAsync(Database, PaymentTables.Module, PaymentTables.Migrations, Token);
        await MigrationRunner.MigrateAsync(Database, OutgoingTables.Module, OutgoingTables.Migrations, Token);
        await MigrationRunner.MigrateAsync(Database, RailTables.Module, RailTables.Migrations, Token);
        await MigrationRunner.MigrateAsync(Database, RiskTables.Module, RiskTables.Migrations, Token);
        await MigrationRunner.MigrateAsync(Database, ReconciliationTables.Module, ReconciliationTables.Migrations, Token);
        Compose();
    }

    private void Compose()
    {
        var time = TimeProvider.System;
        var ids = new ObjectIds(SystemEntropy.Instance);
        var backend = new Opening<LightningBackend>(new LightningBackend(Merchant.Node, Merchant.PaymentSecret));
        var wallet = new Opening<Wallet>(Merchant.Wallet);
        var receiving = new ReceivingWallet(wallet, IsWatchOnly: false);
        var onChain = new OnChainRailOptions();
        Lightning = new LightningRail(backend, Database, LightningOptions, time);
        OnChain = new OnChainRail(receiving, Database, onChain, time);
        LightningPayer = new LightningPayer(backend, Database, BitcoinNetwork.Regtest, LightningOptions, time);
        OnChainPayer = new OnChainPayer(wallet, Database, BitcoinNetwork.Regtest, onChain, time);
        var prices = new FixedPriceSource(DemoPrices.All, time);
        var quoter = new Quoter(prices, time);
        var options = new PaymentOptions { IsBitcoinLive = false };
        var store = new PaymentStore(ids, time);
        Service = new PaymentService(Database, store, ids, quoter, [Lightning, OnChain], options, time, gate: Gate);
        Switch = new OutgoingSwitch(Database, time);
        Reconciler = new Reconciler(backend, wallet, receiving, Database, Switch, options, time);
        var refunds = new RefundStore(store, time);
        IReadOnlyList<IOutgoingRail> outgoing = [LightningPayer, OnChainPayer];
        var outgoingOptions = new OutgoingOptions();
        Refunds = new RefundService(
            Database, refunds, new OutgoingRouter(outgoing, outgoingOptions, time), new OutgoingEngine(Database, outgoing, [new RefundSubject(refunds, outgoingOptions, time)], new SwitchGate(), time), ids, quoter, prices, outgoingOptions, time);
    }

    private async Task<HostedNode> OpenNodeAsync(string name, NodeOptions options) =>
        (await HostedNode.OpenAsync(Path.Combine(_folder, name), options, WalletPassphrase.None, Chain, SystemEntropy.Instance, TimeProvider.System, Token)).Value;

    private async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _pumping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Reconciler.Dispose();
        await Database.DisposeAsync();
        await Shopper.DisposeAsync();
        await Merchant.DisposeAsync();
        await Chain.DisposeAsync();
        _stop.Dispose();
    }

    private async Task FollowAsync(IPaymentRail rail, CancellationToken cancellationToken)
    {
        var after = await Database.ReadAsync((transaction, token) => RailCursors.ReadAsync(transaction, rail.Kind, token), cancellationToken);
        await foreach (var reported in rail.FollowAsync(after, cancellationToken))
            await Service.ApplyAsync(rail.Kind, reported, cancellationToken);
    }

    private async Task RepeatAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await Service.RunCommandsAsync(100, cancellationToken);
            await Task.Delay(5, cancellationToken);
        }
    }
}
