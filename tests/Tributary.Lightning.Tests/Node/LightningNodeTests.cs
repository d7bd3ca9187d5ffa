using Tributary.Lightning.Node;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Tests.Node;

/// <summary>Two nodes over sockets: what their users see.</summary>
public sealed class LightningNodeTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pays_an_invoice_and_both_sides_say_so_after_a_restart_too()
    {
        await using var network = await NodeNetwork.StartAsync(Cancellation);
        var (payer, payee) = (await network.AddAsync(Cancellation), await network.AddAsync(Cancellation));
        await network.OpenAsync(payer, payee, 1_000_000, Cancellation);
        var invoice = await payee.InvoiceAsync(10_000_000, Cancellation);

        var paid = (await payer.PayAsync(invoice.Text, Cancellation)).Value;

        Assert.Equal("succeeded", paid.State);
        Assert.Equal(MilliSatoshis.Zero, paid.Fee);
        await payer.RestartAsync(Cancellation);
        Assert.Equal(paid.Preimage, (await payer.Lightning.FindPaymentAsync(invoice.PaymentHash, isOutgoing: true, Cancellation))!.Preimage);
        var sent = await payer.EventAsync(NodeEventKind.PaymentSent, invoice.PaymentHash, Cancellation);
        var received = await payee.EventAsync(NodeEventKind.PaymentReceived, invoice.PaymentHash, Cancellation);
        Assert.Equal(sent.Preimage, received.Preimage);
        Assert.Equal("received", (await payee.Lightning.FindPaymentAsync(invoice.PaymentHash, isOutgoing: false, Cancellation))!.State);
        Assert.Null(await payee.Lightning.FindPaymentAsync(invoice.PaymentHash, isOutgoing: true, Cancellation));
    }

    [Fact]
    public async Task A_held_payment_says_until_which_block_it_can_be_settled()
    {
        await using var network = await NodeNetwork.StartAsync(Cancellation);
        var (payer, payee) = (await network.AddAsync(Cancellation), await network.AddAsync(Cancellation));
        await network.OpenAsync(payer, payee, 1_000_000, Cancellation);
        var invoice = await payee.InvoiceAsync(10_000_000, Cancellation, isHold: true);

        var paying = payer.PayAsync(invoice.Text, Cancellation);
        var held = await payee.EventAsync(NodeEventKind.PaymentHeld, invoice.PaymentHash, Cancellation);

        Assert.Equal(network.Height, held.Hold!.Height);
        Assert.InRange(held.Hold.ExpiryHeight, network.Height + 144, network.Height + 150);
        Assert.Equal(held.Hold.ExpiryHeight - 36, held.Hold.ReturnHeight);
        Assert.True(held.Hold.SettleBefore(held.Time) > held.Time);
        Assert.Equal(held.Hold, (await payee.Lightning.FindPaymentAsync(invoice.PaymentHash, isOutgoing: false, Cancellation))!.Hold);
        Assert.Equal("received", (await payee.Lightning.SettleAsync(invoice.Preimage!.Value, Cancellation)).Value.State);
        Assert.Equal(invoice.Preimage, (await paying).Value.Preimage);
        await payee.EventAsync(NodeEventKind.PaymentReceived, invoice.PaymentHash, Cancellation, held.Sequence);
    }

    [Fact]
    public async Task A_held_payment_goes_back_at_the_block_that_was_said_and_not_before()
    {
        await using var network = await NodeNetwork.StartAsync(Cancellation);
        var (payer, payee) = (await network.AddAsync(Cancellation), await network.AddAsync(Cancellation));
        await network.OpenAsync(payer, payee, 1_000_000, Cancellation);
        var invoice = await payee.InvoiceAsync(10_000_000, Cancellation, isHold: true);
        var paying = payer.PayAsync(invoice.Text, Cancellation);
        var held = await payee.EventAsync(NodeEventKind.PaymentHeld, invoice.PaymentHash, Cancellation);

        await network.MineAsync(held.Hold!.ReturnHeight - network.Height - 1, Cancellation);
        Assert.Equal("held", (await payee.Lightning.FindPaymentAsync(invoice.PaymentHash, isOutgoing: false, Cancellation))!.State);
        await network.MineAsync(1, Cancellation);

        var cancelled = await payee.EventAsync(NodeEventKind.InvoiceCancelled, invoice.PaymentHash, Cancellation);
        Assert.Contains("expiry", cancelled.Text, StringComparison.Ordinal);
        Assert.Equal("failed", (await paying).Value.State);
    }

    [Fact]
    public async Task An_invoice_that_nobody_pays_ends_as_expired_and_one_that_is_called_off_as_cancelled()
    {
        await using var network = await NodeNetwork.StartAsync(Cancellation);
        var node = await network.AddAsync(Cancellation, coins: 0);
        var request = new Tributary.Lightning.Node.Reports.InvoiceRequest(new MilliSatoshis(1000));
        var expiring = (await node.Lightning.CreateInvoiceAsync(request with { Expiry = TimeSpan.FromSeconds(1) }, Cancellation)).Value;
        var cancelling = (await node.Lightning.CreateInvoiceAsync(request, Cancellation)).Value;

        Assert.Equal("cancelled", (await node.Lightning.CancelAsync(cancelling.PaymentHash, Cancellation)).Value.State);

        var cancelled = await node.EventAsync(NodeEventKind.InvoiceCancelled, cancelling.PaymentHash, Cancellation);
        var expired = await node.EventAsync(NodeEventKind.InvoiceExpired, expiring.PaymentHash, Cancellation);
        Assert.NotEqual(cancelled.Sequence, expired.Sequence);
        Assert.Equal("expired", (await node.Lightning.FindPaymentAsync(expiring.PaymentHash, isOutgoing: false, Cancellation))!.State);
        Assert.Null(await node.Lightning.FindPaymentAsync(new Bytes32(new byte[32]), isOutgoing: false, Cancellation));
    }

    [Fact]
    public async Task A_payment_settled_after_a_force_close_is_claimed_on_chain_and_told_of_once()
    {
        await using var network = await NodeNetwork.StartAsync(Cancellation);
        var (payer, payee) = (await network.AddAsync(Cancellation), await network.AddAsync(Cancellation));
        await network.OpenAsync(payer, payee, 1_000_000, Cancellation);
        var invoice = await payee.InvoiceAsync(10_000_000, Cancellation, isHold: true);
        var paying = payer.PayAsync(invoice.Text, Cancellation);
        await payee.EventAsync(NodeEventKind.PaymentHeld, invoice.PaymentHash, Cancellation);

        var channel = (await payee.Lightning.ListChannelsAsync(Cancellation))[0].Id.ToString();
        _ = (await payee.Lightning.CloseChannelAsync(channel, force: true, Cancellation)).Value;
        await NodeNetwork.UntilAsync(async () => (await network.Chain.GetMempoolAsync(Cancellation)).Value.Length > 0, "a commitment in the mempool", Cancellation);
        await network.MineAsync(1, Cancellation);
        Assert.Equal("received", (await payee.Lightning.SettleAsync(invoice.Preimage!.Value, Cancellation)).Value.State);
        var received = await payee.EventAsync(NodeEventKind.PaymentReceived, invoice.PaymentHash, Cancellation);

        for (var block = 0; block < 12; block++)
        {
            await Task.Delay(100, Cancellation);
            await network.MineAsync(1, Cancellation);
        }

        var claimed = await payee.EventAsync(NodeEventKind.ClaimedOnChain, invoice.PaymentHash, Cancellation, received.Sequence);
        Assert.Equal(new MilliSatoshis(10_000_000), claimed.Amount);
        Assert.Equal(invoice.Preimage, (await paying).Value.Preimage);
        await payee.RestartAsync(Cancellation);
        await network.MineAsync(1, Cancellation);
        await payee.InvoiceAsync(1000, Cancellation);
        var events = await payee.EventsAsync(Cancellation);
        Assert.Single(events, one => one.Kind == NodeEventKind.ClaimedOnChain);
        Assert.Single(events, one => one.Kind == NodeEventKind.PaymentReceived);
    }
}
