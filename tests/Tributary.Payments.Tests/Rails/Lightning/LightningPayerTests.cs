using Tributary.Lightning.Node.Reports;
using Tributary.Payments.Rails;
using Tributary.Primitives.Amounts;

namespace Tributary.Payments.Tests.Rails.Lightning;

/// <summary>Money out over Lightning, on real nodes.</summary>
public sealed class LightningPayerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_transfer_pays_its_invoice_once_however_often_it_is_asked_for()
    {
        await using var world = await RailWorld.OpenAsync();
        var invoice = await InvoiceAsync(world, 50_000_000);
        var transfer = new OutgoingTransfer("re_1", invoice.Text, 50_000_000, 1_000_000, null);
        var sent = Assert.IsType<OutgoingReport.Sent>(await world.LightningPayer.SendAsync(transfer, Token));
        Assert.Equal((invoice.PaymentHash.ToString(), 0L), (sent.Reference, sent.Fee));
        Assert.NotNull(sent.Proof);

        await world.ReopenAsync();
        Assert.Equal(sent, await world.LightningPayer.SendAsync(transfer, Token));
        Assert.Equal(50_000_000, (await world.Shopper.Node.FindPaymentAsync(invoice.PaymentHash, isOutgoing: false, Token))!.Amount.Value);
        var other = Assert.IsType<OutgoingReport.Failed>(await world.LightningPayer.SendAsync(transfer with { Id = "re_2" }, Token));
        Assert.Equal("destination_used", other.Code);
    }

    [Fact]
    public async Task What_nobody_knows_yet_stays_pending_and_ends_with_the_same_payment()
    {
        await using var world = await RailWorld.OpenAsync();
        world.LightningOptions = world.LightningOptions with { PayTimeout = TimeSpan.FromSeconds(3) };
        await world.ReopenAsync();
        var invoice = await InvoiceAsync(world, 30_000_000, isHold: true);
        var transfer = new OutgoingTransfer("re_1", invoice.Text, 30_000_000, 1_000_000, null);
        Assert.Equal(new OutgoingReport.Pending(invoice.PaymentHash.ToString()), await world.LightningPayer.SendAsync(transfer, Token));
        await world.ReopenAsync();
        Assert.IsType<OutgoingReport.Pending>(await world.LightningPayer.SendAsync(transfer, Token));

        await RailWorld.WaitAsync(async () => (await world.Shopper.Node.SettleAsync(invoice.Preimage!.Value, Token)).IsOk);
        await RailWorld.WaitAsync(async () => await world.LightningPayer.SendAsync(transfer, Token) is OutgoingReport.Sent);
        Assert.Single(await world.Merchant.Node.ListPaymentsAsync(Token), static payment => payment.IsOutgoing);
    }

    [Fact]
    public async Task What_failed_for_good_says_so_for_ever_and_another_transfer_may_try_again()
    {
        await using var world = await RailWorld.OpenAsync();
        var invoice = await InvoiceAsync(world, 30_000_000);
        Assert.True((await world.Shopper.Node.CancelAsync(invoice.PaymentHash, Token)).IsOk);
        var transfer = new OutgoingTransfer("re_1", invoice.Text, 30_000_000, 1_000_000, null);
        var failed = Assert.IsType<OutgoingReport.Failed>(await world.LightningPayer.SendAsync(transfer, Token));
        Assert.Equal("payment_failed", failed.Code);
        Assert.Equal(failed, await world.LightningPayer.SendAsync(transfer, Token));
        Assert.IsType<OutgoingReport.Failed>(await world.LightningPayer.SendAsync(transfer with { Id = "re_2" }, Token));
        Assert.Equal(2, (await world.Database.ReadAsync(
            static (transaction, token) => transaction.QueryAsync("SELECT id FROM rail_transfers WHERE code = 'payment_failed'", [], static row => row.Text(0), token), Token)).Count);
    }

    [Fact]
    public async Task A_transfer_that_finds_no_channel_taken_up_yet_after_a_restart_waits_and_is_sent()
    {
        await using var world = await RailWorld.OpenAsync();
        var invoice = await InvoiceAsync(world, 30_000_000);
        var transfer = new OutgoingTransfer("re_1", invoice.Text, 30_000_000, 1_000_000, null);

        // Nobody dials the merchant: its node is at work, and its channel is not.
        await world.ReopenAsync(isConnected: false);
        Assert.Equal(new OutgoingReport.Pending(invoice.PaymentHash.ToString()), await world.LightningPayer.SendAsync(transfer, Token));
        Assert.Null(await world.Merchant.Node.FindPaymentAsync(invoice.PaymentHash, isOutgoing: true, Token));
        await world.ConnectAsync();
        await RailWorld.WaitAsync(async () => await world.LightningPayer.SendAsync(transfer, Token) is OutgoingReport.Sent);
    }

    [Fact]
    public async Task A_node_without_any_channel_sends_nothing_and_says_so_at_once()
    {
        await using var world = await RailWorld.OpenAsync(hasChannel: false);
        var invoice = await InvoiceAsync(world, 30_000_000);
        var failed = Assert.IsType<OutgoingReport.Failed>(await world.LightningPayer.SendAsync(new OutgoingTransfer("re_1", invoice.Text, 30_000_000, 1_000_000, null), Token));
        Assert.Equal("lightning_unavailable", failed.Code);
    }

    [Fact]
    public async Task While_the_switch_is_off_nothing_new_leaves()
    {
        await using var world = await RailWorld.OpenAsync();
        await world.Switch.StopAsync("a test", Token);
        var invoice = await InvoiceAsync(world, 30_000_000);
        var transfer = new OutgoingTransfer("re_1", invoice.Text, 30_000_000, 1_000_000, null);
        Assert.Equal(new OutgoingReport.Pending(null), await world.LightningPayer.SendAsync(transfer, Token));
        Assert.Null(await world.Merchant.Node.FindPaymentAsync(invoice.PaymentHash, isOutgoing: true, Token));
        await world.Switch.ResumeAsync(Token);
        Assert.IsType<OutgoingReport.Sent>(await world.LightningPayer.SendAsync(transfer, Token));
    }

    [Fact]
    public async Task A_destination_is_read_and_refused_with_the_reason()
    {
        await using var world = await RailWorld.OpenAsync();
        var invoice = await InvoiceAsync(world, 30_000_000);
        var read = world.LightningPayer.Read("LIGHTNING:" + invoice.Text, 30_000_000).Value;
        Assert.Equal((invoice.Text, invoice.PaymentHash.ToString(), 150_000L), (read.Destination, read.Reference, read.FeeMax));
        Assert.Equal("amount_mismatch", world.LightningPayer.Read(invoice.Text, 30_000_001).Error.Code);
        Assert.Equal("destination_invalid", world.LightningPayer.Read("lnbc1", 1).Error.Code);
        Assert.Equal("destination_invalid", world.LightningPayer.Read(null, 1).Error.Code);
        var open = (await world.Shopper.Node.CreateInvoiceAsync(new InvoiceRequest(null) { Expiry = TimeSpan.FromSeconds(1) }, Token)).Value;
        Assert.True(world.LightningPayer.Read(open.Text, 5).IsOk || DateTimeOffset.UtcNow >= open.ExpiresAt);
        await RailWorld.WaitAsync(() => Task.FromResult(DateTimeOffset.UtcNow > open.ExpiresAt));
        Assert.Equal("destination_expired", world.LightningPayer.Read(open.Text, 5).Error.Code);
    }

    private static async Task<InvoiceReport> InvoiceAsync(RailWorld world, long millisatoshis, bool isHold = false) =>
        (await world.Shopper.Node.CreateInvoiceAsync(new InvoiceRequest(new MilliSatoshis(millisatoshis)) { IsHold = isHold }, Token)).Value;
}
