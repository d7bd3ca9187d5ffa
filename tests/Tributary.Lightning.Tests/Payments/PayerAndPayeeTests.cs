using Tributary.Bitcoin.Networks;
using Tributary.Lightning.Invoices;
using Tributary.Lightning.Onions;
using Tributary.Lightning.Payments;
using Tributary.Lightning.Tests.Gossip;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Amounts;
using static Tributary.Lightning.Tests.Payments.PaymentWorld;

namespace Tributary.Lightning.Tests.Payments;

/// <summary>Both machines, with the nodes between them played by the test.</summary>
public sealed class PayerAndPayeeTests
{
    // The node key of ReceiverWorld.
    private const int Payee = 0x77;

    private readonly PaymentWorld _payer = new PaymentWorld { Now = 1_700_000_000_000 }.Peer(1, 1).Join(1, 1, 2);
    private readonly ReceiverWorld _payee = new();

    [Fact]
    public void An_invoice_is_paid_over_public_channels()
    {
        _payer.Join(2, 2, Payee);
        var payment = Pay(Invoice(100_000, []), amount: null);
        Assert.Equal(PaymentStatus.Succeeded, payment.Status);
        Assert.Equal(_payee.Machine.Find(payment.Order.PaymentHash)!.Preimage, payment.Preimage);
        Assert.Equal(3, payment.Route!.Hops.Count);
    }

    [Fact]
    public void An_invoice_is_paid_over_a_private_channel_that_it_names()
    {
        var channel = new HintChannel(Key(2).PublicKey, new ShortChannelId(77), SampleGraphs.Policy(500, 10, 20), new MilliSatoshis(5_000_000), IsPublic: false);
        var payment = Pay(Invoice(100_000, [channel]), amount: null);
        Assert.Equal((PaymentStatus.Succeeded, new ShortChannelId(77)), (payment.Status, payment.Route!.Hops[^1].Channel));
        Assert.Equal(501 + 1010, payment.Fee.Value);
    }

    [Fact]
    public void The_payer_chooses_the_amount_where_the_invoice_does_not_and_up_to_twice_where_it_does()
    {
        _payer.Join(2, 2, Payee);
        Assert.Equal(PaymentStatus.Succeeded, Pay(Invoice(null, []), 12_345).Status);
        Assert.Equal(PaymentStatus.Succeeded, Pay(Invoice(100_000, []), 200_000).Status);
        var invoice = Invoice(100_000, []);
        Assert.Equal("amount", PaymentOrder.ForInvoice(invoice, new MilliSatoshis(200_001), null, _payer.Now).Error.Field);
        Assert.Equal("amount", PaymentOrder.ForInvoice(invoice, new MilliSatoshis(99_999), null, _payer.Now).Error.Field);
        Assert.Equal("amount", PaymentOrder.ForInvoice(Invoice(null, []), null, null, _payer.Now).Error.Field);
        Assert.Equal("invoice", PaymentOrder.ForInvoice(invoice, null, null, _payer.Now + 3_600_000).Error.Field);
    }

    [Fact]
    public void Keysend_arrives_with_its_preimage()
    {
        _payer.Join(2, 2, Payee);
        var order = PaymentOrder.ForKeysend(Id(Payee), new MilliSatoshis(70_000), Preimage(4), null, _payer.Now);
        Deliver(_payer.Machine.Pay(order, _payer.Context).Value);
        Assert.Equal(PaymentStatus.Succeeded, _payer.Machine.Find(order.PaymentHash)!.Status);
        Assert.Equal(70_000, _payee.Machine.Find(order.PaymentHash)!.AmountReceived.Value);
    }

    [Fact]
    public void A_second_payment_of_the_same_invoice_is_refused_by_the_payee_and_final_for_the_payer()
    {
        _payer.Join(2, 2, Payee);
        var invoice = Invoice(100_000, []);
        Pay(invoice, amount: null);
        var other = new PaymentWorld(9) { Now = _payer.Now }.Peer(1, 1).Join(1, 1, 2).Join(2, 2, Payee);
        var order = PaymentOrder.ForInvoice(invoice, null, null, other.Now).Value;
        Deliver(other.Machine.Pay(order, other.Context).Value, other);
        var payment = other.Machine.Find(order.PaymentHash)!;
        Assert.Equal((PaymentFailure.PayeeRefused, FailureCode.IncorrectOrUnknownPaymentDetails), (payment.Failure, payment.Attempts[^1].Failure!.Code));
    }

    [Fact]
    public void A_held_payment_is_pending_for_the_payer_until_it_is_settled_or_cancelled()
    {
        _payer.Join(2, 2, Payee);
        var invoice = Invoice(100_000, [], isHold: true);
        var payment = Pay(invoice, amount: null);
        Assert.Equal(PaymentStatus.Pending, payment.Status);
        var failed = _payee.Run(_payee.Machine.Cancel(invoice.Terms.PaymentHash, _payee.Now, _payee.Height).Value).OfType<InvoiceEffect.FailHtlc>().Single();
        Return(failed, _payer);
        Assert.Equal(PaymentFailure.PayeeRefused, payment.Failure);
    }

    private Invoice Invoice(long? amount, HintChannel[] channels, bool isHold = false)
    {
        var order = new InvoiceOrder { Network = BitcoinNetwork.Regtest, Amount = amount is { } some ? new MilliSatoshis(some) : null, IsHold = isHold };
        var created = _payee.Machine.Create(order, channels, ReceiverWorld.NodeKey, _payee.Now).Value;
        _payee.Run(created.Step);
        return Lightning.Invoices.Invoice.Parse(created.Invoice.Text).Value;
    }

    private OutgoingPayment Pay(Invoice invoice, long? amount)
    {
        var order = PaymentOrder.ForInvoice(invoice, amount is { } some ? new MilliSatoshis(some) : null, null, _payer.Now).Value;
        Deliver(_payer.Machine.Pay(order, _payer.Context).Value);
        return _payer.Machine.Find(order.PaymentHash)!;
    }

    // Each node between takes its layer off, and the payee's answer goes back.
    private void Deliver(PaymentStep step, PaymentWorld? payer = null)
    {
        var world = payer ?? _payer;
        var offer = world.Run(step)!;
        var route = world.LastAttempt.Route;
        var packet = offer.Onion;
        for (var hop = 0; hop < route.Hops.Count - 1; hop++)
        {
            var key = Enumerable.Range(1, 2).Select(Key).Single(key => new NodeId(key.PublicKey) == route.Hops[hop].Node);
            Assert.Equal(OnionError.None, OnionPeeler.TryPeel(packet.Span, key, offer.PaymentHash.Span, out var peeled, out _));
            var payload = HopPayload.Read(peeled!.Payload.Span).Value;
            Assert.Equal((route.Hops[hop + 1].Amount, Height + route.Hops[hop + 1].CltvDelta), (payload.AmountToForward!.Value, payload.OutgoingCltv!.Value));
            packet = peeled.Next!.Value;
        }

        var last = route.Hops[^1];
        var htlc = new ReceivedHtlc(new HtlcKey(ChannelIdOf(9), _payee.NextHtlc++), last.Amount, offer.PaymentHash, Height + last.CltvDelta, packet);
        var effects = _payee.Commit(htlc);
        switch (effects.Count == 0 ? null : effects[0])
        {
            case InvoiceEffect.FulfillHtlc fulfil:
                world.Run(world.Machine.HtlcFulfilled(world.LastHeld, fulfil.Preimage, world.Context));
                break;
            case InvoiceEffect.FailHtlc failed:
                Return(failed, world);
                break;
        }
    }

    private static void Return(InvoiceEffect.FailHtlc failed, PaymentWorld world)
    {
        var secrets = AttemptOnion.SharedSecrets(world.LastAttempt.Route, world.LastAttempt.PaymentHash, world.LastAttempt.SessionKey);
        var packet = failed.Reason.ToArray();
        for (var hop = secrets.Count - 2; hop >= 0; hop--)
            packet = ErrorOnion.Wrap(secrets[hop], packet);
        world.Run(world.Machine.HtlcResolved(world.LastHeld, new AttemptOutcome.Failed(packet), world.Context));
    }
}
