using Tributary.Bitcoin.Networks;
using Tributary.Bitcoin.Wallets;
using Tributary.Bitcoin.Wallets.Spending;
using Tributary.Bitcoin.Wallets.Storage;
using Tributary.Crypto;
using Tributary.Lightning.Node.Reports;
using Tributary.Payments.Intents;
using Tributary.Payments.Ledger;
using Tributary.Payments.Reconciliation;
using Tributary.Payments.Refunds;
using Tributary.Payments.Storage;
using Tributary.Payments.Tests.Rails;
using Tributary.Primitives.Amounts;

namespace Tributary.Payments.Tests.Reconciliation;

/// <summary>The books against a real wallet and real channels.</summary>
public sealed class ReconcilerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Deposits_channels_payments_and_refunds_agree_to_the_millisatoshi()
    {
        await using var world = await RailWorld.OpenAsync();
        await BalancedAsync(world);
        world.Pump();
        var lightning = await world.OfferAsync(RailKind.Lightning, 30_000);
        await world.PayAsync(lightning.Attempts[0].Instruction!);
        var chain = await world.OfferAsync(RailKind.OnChain, 40_000);
        await world.SendAsync(chain.Attempts[0].Instruction!, 40_000);
        await world.WaitForAsync(chain, IntentStatus.Processing);
        await BalancedAsync(world);
        await world.MineAsync(1);
        await world.WaitForAsync(chain, IntentStatus.Succeeded);
        await BalancedAsync(world);

        var held = await world.OfferAsync(RailKind.Lightning, 5_000, CaptureMethod.Manual);
        var paying = world.PayAsync(held.Attempts[0].Instruction!);
        await world.WaitForAsync(held, IntentStatus.RequiresCapture);
        Assert.Equal(5_000_000, Line(await BalancedAsync(world), "lightning_held").Actual);
        Assert.True((await world.Service.CancelAsync(held.Intent.Id, CancellationReason.Abandoned, null, Token)).IsOk);
        await paying;

        var invoice = (await world.Shopper.Node.CreateInvoiceAsync(new InvoiceRequest(null), Token)).Value.Text;
        await RefundAsync(world, lightning, 10_000, invoice);
        await RefundAsync(world, chain, 10_000, (await world.Shopper.Node.NewAddressAsync(Token)).Value.ToString());
        var report = await BalancedAsync(world);
        Assert.Equal(20_000_000 + 1_000_000_000, Line(report, "lightning").Actual);
        await world.ReopenAsync();
        await BalancedAsync(world);
        Assert.False(await world.Switch.IsStoppedAsync(Token));
    }

    [Fact]
    public async Task The_operators_own_money_is_the_operators()
    {
        await using var world = await RailWorld.OpenAsync();
        world.Pump();
        await BalancedAsync(world);
        Assert.Equal(1_000_000_000, await world.BalanceAsync(AccountKind.LightningChannels, "operator"));
        var before = await world.BalanceAsync(AccountKind.OperatorFunds, "operator");

        // A withdrawal, a payment without an intent in each direction, and a deposit that a reorganisation takes out of its block.
        var address = (await world.Shopper.Node.NewAddressAsync(Token)).Value;
        Assert.True((await world.Merchant.Node.WithdrawAsync(address, new Satoshis(123_456), null, Token)).IsOk);
        var income = (await world.Merchant.Node.CreateInvoiceAsync(new InvoiceRequest(new MilliSatoshis(2_000_001)), Token)).Value;
        Assert.Equal("succeeded", (await world.PayAsync(income.Text)).State);
        var expense = (await world.Shopper.Node.CreateInvoiceAsync(new InvoiceRequest(new MilliSatoshis(1_000_003)), Token)).Value;
        Assert.Equal("succeeded", (await world.Merchant.Node.PayAsync(new PayRequest(expense.Text), Token)).Value.State);
        await world.SendAsync((await world.Merchant.Node.NewAddressAsync(Token)).Value.ToString(), 50_000);
        await world.MineAsync(1);
        await BalancedAsync(world);
        await world.ReorganiseAsync();
        await BalancedAsync(world);
        Assert.Equal(
            before + 123_456_000 - 2_000_001 + 1_000_003 - 50_000_000,
            await world.BalanceAsync(AccountKind.OperatorFunds, "operator"));
        Assert.True(await world.BalanceAsync(AccountKind.NetworkFees, "operator") > 0);
    }

    [Fact]
    public async Task A_channel_that_closes_comes_back_on_chain_less_its_fees()
    {
        await using var world = await RailWorld.OpenAsync();
        world.Pump();
        var file = await world.OfferAsync(RailKind.Lightning, 30_001);
        await world.PayAsync(file.Attempts[0].Instruction!);
        await world.WaitForAsync(file, IntentStatus.Succeeded);
        await BalancedAsync(world);
        var channel = (await world.Merchant.Node.ListChannelsAsync(Token)).Single();
        Assert.True((await world.Merchant.Node.CloseChannelAsync(channel.Id.ToString(), force: false, Token)).IsOk);
        await RailWorld.WaitAsync(async () => (await world.Merchant.Node.ListChannelsAsync(Token)).Single().State is "closed" or "on_chain");
        await BalancedAsync(world);
        await RailWorld.WaitAsync(async () => (await world.Chain.GetMempoolAsync(Token)).Value.Length > 0);
        await world.MineAsync(6);
        await RailWorld.WaitAsync(async () => (await world.Merchant.Node.GetPositionAsync(Token)).Channels.All(static one => one.IsClaimed));
        var report = await BalancedAsync(world);
        Assert.Equal((0L, 0L), (Line(report, "lightning").Ledger, Line(report, "lightning").Actual));
    }

    [Fact]
    public async Task A_forced_close_is_balanced_at_every_step()
    {
        await using var world = await RailWorld.OpenAsync();
        var channel = (await world.Merchant.Node.ListChannelsAsync(Token)).Single();
        await BalancedAsync(world);
        Assert.True((await world.Merchant.Node.CloseChannelAsync(channel.Id.ToString(), force: true, Token)).IsOk);
        await RailWorld.WaitAsync(async () => (await world.Chain.GetMempoolAsync(Token)).Value.Length > 0);
        await BalancedAsync(world);
        await world.MineAsync(1);
        await BalancedAsync(world);

        // The delay of our own output, and its claim.
        await world.MineAsync(150);
        await RailWorld.WaitAsync(async () =>
        {
            await world.MineAsync(1);
            return (await world.Merchant.Node.GetPositionAsync(Token)).Channels.All(static one => one.IsClaimed);
        });
        var report = await BalancedAsync(world);
        Assert.Equal(0, Line(report, "lightning").Actual);
    }

    [Fact]
    public async Task While_payments_go_on_nothing_is_called_a_difference()
    {
        await using var world = await RailWorld.OpenAsync();
        world.Pump();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var shopping = Task.Run(
            async () =>
            {
                for (var i = 0; i < 25; i++)
                {
                    var file = await world.OfferAsync(RailKind.Lightning, 1_000 + i);
                    await world.PayAsync(file.Attempts[0].Instruction!);
                }
            },
            Token);
        var looks = 0;
        while (!shopping.IsCompleted)
        {
            Assert.NotEqual(ReconciliationOutcome.Mismatch, (await world.Reconciler.RunAsync(Token)).Outcome);
            looks++;
        }

        await shopping;
        Assert.True(looks > 0);
        await BalancedAsync(world);
    }

    [Theory]
    [InlineData(AccountKind.LightningChannels, 1)]
    [InlineData(AccountKind.OnChain, -1)]
    [InlineData(AccountKind.LightningHeld, 1_000)]
    public async Task A_millisatoshi_too_many_or_too_few_stops_outgoing_money(AccountKind account, long amount)
    {
        await using var world = await RailWorld.OpenAsync();
        await BalancedAsync(world);
        var wrong = LedgerTransaction.Create("wrong", "nobody", new LedgerPosting(account, Asset.Bitcoin, amount), new LedgerPosting(AccountKind.MerchantAvailable, Asset.Bitcoin, -amount));
        await world.Database.WriteAsync(
            async (transaction, token) =>
            {
                await LedgerStore.PostAsync(transaction, RailWorld.Store, isLive: false, wrong, DateTimeOffset.UtcNow, token);
                return true;
            },
            Token);
        var report = await world.Reconciler.RunAsync(Token);
        Assert.Equal(ReconciliationOutcome.Mismatch, report.Outcome);
        Assert.Single(report.Problems);
        Assert.True(await world.Switch.IsStoppedAsync(Token));

        // It stays off until a person says otherwise.
        await world.ReopenAsync();
        Assert.Contains(report.Problems[0], (await world.Switch.ReadAsync(Token))!.Reason, StringComparison.Ordinal);
        await world.Switch.ResumeAsync(Token);
        Assert.False(await world.Switch.IsStoppedAsync(Token));
    }

    [Fact]
    public async Task Coins_that_somebody_else_spends_with_the_same_words_stop_outgoing_money()
    {
        await using var world = await RailWorld.OpenAsync();
        await BalancedAsync(world);
        var folder = Directory.CreateTempSubdirectory("tributary-thief-").FullName;
        using var seed = world.Merchant.Wallet.RevealSeed(WalletPassphrase.None).Value;
        var creation = new WalletCreation(BitcoinNetwork.Regtest) { Seed = seed, Passphrase = WalletPassphrase.None };
        await using (var thief = (await Wallet.CreateAsync(
            WalletLogStore.Open(folder, SystemEntropy.Instance).Value, creation, world.Chain, SystemEntropy.Instance, TimeProvider.System, cancellationToken: Token)).Value)
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
            var following = thief.RunAsync(stop.Token);
            await RailWorld.WaitAsync(() => Task.FromResult(thief.Status.IsSynced));
            var to = (await world.Shopper.Node.NewAddressAsync(Token)).Value;
            Assert.True((await thief.SendAsync(SendRequest.To(to, new Satoshis(1_000_000)) with { Feerate = new FeeratePerKvB(5_000) }, Token)).IsOk);
            await stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => following);
        }

        await RailWorld.WaitAsync(() => Task.FromResult(world.Merchant.Wallet.Transactions.Any(static one => one.Sent > Satoshis.Zero)));
        var report = await world.Reconciler.RunAsync(Token);
        Assert.Equal(ReconciliationOutcome.Mismatch, report.Outcome);
        Assert.Contains("nothing here made it", report.Problems[0], StringComparison.Ordinal);
        Assert.True(await world.Switch.IsStoppedAsync(Token));
        Directory.Delete(folder, recursive: true);
    }

    private static async Task<ReconciliationReport> BalancedAsync(RailWorld world)
    {
        ReconciliationReport report;
        var tries = 0;
        do
        {
            report = await world.Reconciler.RunAsync(Token);
        }
        while (report.Outcome == ReconciliationOutcome.Busy && ++tries < 10);
        Assert.True(report.Outcome == ReconciliationOutcome.Balanced, string.Join(" ", report.Problems));
        return report;
    }

    private static BookLine Line(ReconciliationReport report, string name) => report.Lines.Single(line => string.Equals(line.Name, name, StringComparison.Ordinal));

    private static async Task RefundAsync(RailWorld world, PaymentFile file, long satoshis, string destination)
    {
        var opened = await world.Refunds.CreateAsync(
            new RefundRequest { StoreId = RailWorld.Store, IsLive = false, IntentId = file.Intent.Id, Amount = satoshis, Destination = destination, Actor = "test" }, null, Token);
        var view = await world.Refunds.SendAsync(opened.Value, Token);
        Assert.Equal(RefundStatus.Succeeded, view.Refund.Status);
    }
}
