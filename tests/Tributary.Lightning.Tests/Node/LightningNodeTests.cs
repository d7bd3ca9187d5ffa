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
    public async Task A_settled_htlc_leaves_with_the_next_payment_or_after_the_delay_and_hinders_nothing()
    {
        await using var network = await NodeNetwork.StartAsync(Cancellation);
        var payer = await network.AddAsync(Cancellation, static options => options with { SettlementDelay = TimeSpan.FromDays(1) });
        var payee = await network.AddAsync(Cancellation);
        await network.OpenAsync(payer, payee, 1_000_000, Cancellation);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal("succeeded", (await payer.PayAsync((await payee.InvoiceAsync(10_000_000, Cancellation)).Text, Cancellation)).Value.State);
            await NodeNetwork.UntilAsync(async () => (await payee.Lightning.ListChannelsAsync(Cancellation)).Single().HtlcCount == 1, "one settled HTLC in the payee's commitment", Cancellation);
        }

        // Money that came can be spent on, a restart forgets nothing, and a close waits for nobody.
        await payer.RestartAsync(Cancellation);
        await NodeNetwork.UntilAsync(async () => (await payer.Lightning.ListChannelsAsync(Cancellation)).Single().IsUsable, "the channel", Cancellation);
        _ = (await payer.Lightning.CloseChannelAsync((await payer.Lightning.ListChannelsAsync(Cancellation)).Single().Id.ToString(), force: false, Cancellation)).Value;
        await NodeNetwork.UntilAsync(async () => (await network.Chain.GetMempoolAsync(Cancellation)).Value.Length > 0, "the close", Cancellation);

        var soon = await network.AddAsync(Cancellation);
        await network.OpenAsync(soon, payee, 1_000_000, Cancellation);
        Assert.Equal("succeeded", (await soon.PayAsync((await payee.InvoiceAsync(10_000_000, Cancellation)).Text, Cancellation)).Value.State);
        await NodeNetwork.UntilAsync(async () => (await payee.Lightning.ListChannelsAsync(Cancellation)).Single(static channel => channel.IsUsable).HtlcCount == 0, "the HTLC to leave", Cancellation);
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

        // Twelve blocks are enough for the claim and its depth, unless they come faster than a busy machine makes the claim.
        for (var block = 0; block < 12 || (block < 60 && !(await payee.EventsAsync(Cancellation)).Any(static one => one.Kind == NodeEventKind.ClaimedOnChain)); block++)
        {
            await Task.Delay(block < 12 ? 100 : 1_000, Cancellation);
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

    [Fact]
    public async Task A_restart_reads_a_checkpoint_and_what_came_after_it()
    {
        await using var network = await NodeNetwork.StartAsync(Cancellation);
        var payer = await network.AddAsync(Cancellation, static options => options with { CheckpointAtBytes = 1 });
        var payee = await network.AddAsync(Cancellation, static options => options with { CheckpointAtBytes = 1 });
        await network.OpenAsync(payer, payee, 1_000_000, Cancellation);
        var began = payer.Disk.List();
        var paid = new List<Bytes32>();
        while (paid.Count < 200 && (paid.Count < 20 || !HasCheckpoint(payer) || !HasCheckpoint(payee)))
            paid.Add((await payer.PayAsync((await payee.InvoiceAsync(1_000_000, Cancellation)).Text, Cancellation)).Value.PaymentHash);
        Assert.True(HasCheckpoint(payer) && HasCheckpoint(payee), string.Join(' ', began.Concat(payer.Disk.List())));
        var held = await payee.InvoiceAsync(5_000_000, Cancellation, isHold: true);
        var paying = payer.PayAsync(held.Text, Cancellation);
        var before = await payee.EventAsync(NodeEventKind.PaymentHeld, held.PaymentHash, Cancellation);
        var balance = (await payer.Lightning.ListChannelsAsync(Cancellation))[0].Ours;
        var payments = await payer.Lightning.ListPaymentsAsync(Cancellation);
        var events = await payee.EventsAsync(Cancellation);

        await payer.RestartAsync(Cancellation);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => paying);
        await payee.RestartAsync(Cancellation);

        Assert.Equal(payments.Select(static one => (one.PaymentHash, one.State, one.EndedAt)), (await payer.Lightning.ListPaymentsAsync(Cancellation)).Select(static one => (one.PaymentHash, one.State, one.EndedAt)));
        Assert.Equal(events, (await payee.EventsAsync(Cancellation)).Take(events.Count));
        Assert.Equal(balance, (await payer.Lightning.ListChannelsAsync(Cancellation))[0].Ours);
        await NodeNetwork.UntilAsync(async () => (await payee.Lightning.FindPaymentAsync(held.PaymentHash, isOutgoing: false, Cancellation))!.Hold is not null, "the held payment", Cancellation);
        Assert.Equal(before.Hold!.ExpiryHeight, (await payee.Lightning.FindPaymentAsync(held.PaymentHash, isOutgoing: false, Cancellation))!.Hold!.ExpiryHeight);
        Assert.Equal("received", (await payee.Lightning.SettleAsync(held.Preimage!.Value, Cancellation)).Value.State);
        Assert.Equal(held.Preimage, (await payer.EventAsync(NodeEventKind.PaymentSent, held.PaymentHash, Cancellation)).Preimage);
        Assert.Equal("succeeded", (await payer.PayAsync((await payee.InvoiceAsync(1_000_000, Cancellation)).Text, Cancellation)).Value.State);

        static bool HasCheckpoint(WholeNode node) => node.Disk.List().Any(static name => name.Contains("checkpoint", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Payments_that_are_long_over_are_let_go_and_still_never_paid_twice()
    {
        await using var network = await NodeNetwork.StartAsync(Cancellation);
        var payer = await network.AddAsync(Cancellation, static options => options with { PaymentsKept = 3 });
        var payee = await network.AddAsync(Cancellation, static options => options with { PaymentsKept = 3 });
        await network.OpenAsync(payer, payee, 1_000_000, Cancellation);
        var first = await payee.InvoiceAsync(1_000_000, Cancellation);
        _ = (await payer.PayAsync(first.Text, Cancellation)).Value;
        for (var i = 0; i < 6; i++)
            _ = (await payer.PayAsync((await payee.InvoiceAsync(1_000_000, Cancellation)).Text, Cancellation)).Value;

        await NodeNetwork.UntilAsync(async () => (await payee.Lightning.ListPaymentsAsync(Cancellation)).Count <= 4, "a short list", Cancellation);
        Assert.Equal(3, (await payer.Lightning.ListPaymentsAsync(Cancellation)).Count);
        for (var restart = 0; restart < 2; restart++)
        {
            Assert.Null(await payer.Lightning.FindPaymentAsync(first.PaymentHash, isOutgoing: true, Cancellation));
            Assert.True((await payer.PayAsync(first.Text, Cancellation)).TryGet(out _, out var refusal) is false && refusal.Reason.Contains("paid already", StringComparison.Ordinal));
            var request = new Tributary.Lightning.Node.Reports.InvoiceRequest(new MilliSatoshis(1000)) { IsHold = true, PaymentHash = first.PaymentHash };
            Assert.False((await payee.Lightning.CreateInvoiceAsync(request, Cancellation)).IsOk);
            await payer.RestartAsync(Cancellation);
            await payee.RestartAsync(Cancellation);
            await NodeNetwork.UntilAsync(async () => (await payer.Lightning.ListChannelsAsync(Cancellation))[0].IsUsable, "a usable channel", Cancellation);
        }
    }

    [Fact]
    public async Task A_private_channel_goes_by_an_alias_and_no_channel_is_said_to_be_public()
    {
        await using var network = await NodeNetwork.StartAsync(Cancellation);
        var (payer, payee) = (await network.AddAsync(Cancellation), await network.AddAsync(Cancellation));
        await network.OpenAsync(payer, payee, 500_000, Cancellation);
        await network.OpenAsync(payer, payee, 600_000, Cancellation, isPrivate: true);

        Assert.All(await payer.Lightning.ListChannelsAsync(Cancellation), static channel => Assert.True(channel.IsPrivate));
        Assert.All(await payee.Lightning.ListChannelsAsync(Cancellation), static channel => Assert.True(channel.IsPrivate));
        Assert.Equal("succeeded", (await payer.PayAsync((await payee.InvoiceAsync(550_000_000, Cancellation)).Text, Cancellation)).Value.State);
    }
}
