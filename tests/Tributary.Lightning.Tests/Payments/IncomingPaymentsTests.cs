using FsCheck;
using FsCheck.Fluent;
using Tributary.Bitcoin.Networks;
using Tributary.Crypto;
using Tributary.Lightning.Onions;
using Tributary.Lightning.Payments;
using Tributary.Lightning.Tests.Gossip;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.Tests.Payments;

public sealed class IncomingPaymentsTests
{
    [Fact]
    public void An_invoice_says_what_was_ordered_and_its_record_keeps_what_is_needed()
    {
        var world = new ReceiverWorld();
        var created = world.Machine.Create(
            new InvoiceOrder { Network = BitcoinNetwork.Regtest, Amount = new MilliSatoshis(5000), Description = "tea", ExpirySeconds = 60 }, [], ReceiverWorld.NodeKey, world.Now).Value;
        Assert.Equal(("tea", 60L, 40u, 5000L), (created.Invoice.Terms.Description, created.Invoice.Terms.ExpirySeconds, created.Invoice.Terms.MinFinalCltvExpiryDelta, created.Invoice.Terms.Amount!.Value.Value));
        Assert.Equal(ReceiverWorld.NodeKey.PublicKey, created.Invoice.Payee);
        var sheet = Assert.IsType<InvoiceRecord.Created>(Assert.Single(created.Step.Records)).Sheet;
        Assert.Equal(created.Invoice.Terms.PaymentHash, Hashes.Sha256(sheet.Preimage!.Value.Span));
        Assert.Equal(created.Invoice.Terms.PaymentSecret, sheet.PaymentSecret);
        Assert.Equal(created.Invoice.Text, sheet.Text);
    }

    [Fact]
    public void One_part_pays_and_the_record_of_it_goes_before_the_preimage()
    {
        var world = new ReceiverWorld();
        var sheet = world.Invoice();
        var htlc = world.Part(sheet, 100_000, 100_000);
        var step = world.Machine.HtlcCommitted(htlc, ReceiverWorld.NodeKey, world.Now, world.Height);
        var settled = Assert.IsType<InvoiceRecord.Settled>(Assert.Single(step.Records));
        Assert.Equal([htlc.Key], settled.Parts);
        Assert.Equal(new InvoiceEffect.FulfillHtlc(htlc.Key, sheet.Preimage!.Value), step.Effects[0]);
        Assert.IsType<InvoiceEffect.Settled>(step.Effects[1]);
    }

    [Fact]
    public void Parts_are_taken_together_when_the_last_is_here()
    {
        var world = new ReceiverWorld();
        var sheet = world.Invoice();
        Assert.Empty(world.Commit(world.Part(sheet, 30_000, 100_000)));
        Assert.Empty(world.Commit(world.Part(sheet, 30_000, 100_000, channel: 2)));
        Assert.Equal(3, world.Commit(world.Part(sheet, 40_000, 100_000)).OfType<InvoiceEffect.FulfillHtlc>().Count());
        Assert.Equal(100_000, world.Machine.Find(sheet.PaymentHash)!.AmountReceived.Value);
    }

    [Fact]
    public void Parts_whose_others_stay_away_for_a_minute_go_back()
    {
        var world = new ReceiverWorld();
        var sheet = world.Invoice();
        var htlc = world.Part(sheet, 30_000, 100_000);
        world.Commit(htlc);
        world.Now += 59_999;
        Assert.Empty(world.Tick());
        world.Now += 1;
        Assert.Equal(FailureCode.MultiPartTimeout, ReceiverWorld.FailureOf(htlc, Assert.Single(world.Tick())).Code);
        Assert.Equal(InvoiceStatus.Open, world.Machine.Find(sheet.PaymentHash)!.Status);
        Assert.Single(world.Commit(world.Part(sheet, 100_000, 100_000)).OfType<InvoiceEffect.FulfillHtlc>());
    }

    [Fact]
    public void Parts_that_do_not_agree_on_the_whole_all_go_back()
    {
        var world = new ReceiverWorld();
        var sheet = world.Invoice();
        world.Commit(world.Part(sheet, 30_000, 100_000));
        Assert.Equal(2, world.Commit(world.Part(sheet, 90_000, 120_000)).OfType<InvoiceEffect.FailHtlc>().Count());
    }

    [Fact]
    public void Whatever_is_wrong_with_hash_secret_amount_or_time_looks_the_same_to_the_payer()
    {
        var world = new ReceiverWorld();
        var sheet = world.Invoice();
        Refused(world.Part(sheet with { PaymentHash = Hashes.Sha256([5]) }, 100_000, 100_000));
        Refused(world.Part(sheet, 100_000, 100_000, change: static payload => payload with { PaymentSecret = Hashes.Sha256([1]) }));
        Refused(world.Part(sheet, 100_000, 100_000, change: static payload => payload with { PaymentSecret = null }));
        Refused(world.Part(sheet, 100_000, 100_000, change: static payload => payload with { PaymentSecret = null, TotalAmount = null }));
        Refused(world.Part(sheet, 99_999, 99_999));
        Refused(world.Part(sheet, 100_000, 200_001));
        Refused(world.Part(sheet, 200_001, 200_000));
        Refused(world.Part(sheet, 100_000, 100_000, world.Height + sheet.MinFinalCltvDelta - 1));
        var late = world.Part(sheet, 100_000, 100_000);
        world.Now = sheet.ExpiresAt;
        Refused(late);
        Assert.Equal(InvoiceStatus.Open, world.Machine.Find(sheet.PaymentHash)!.Status);

        void Refused(ReceivedHtlc htlc)
        {
            var failure = ReceiverWorld.FailureOf(htlc, Assert.Single(world.Commit(htlc)));
            Assert.Equal(FailureMessage.OfPaymentDetails(htlc.Amount, world.Height), failure);
        }
    }

    [Fact]
    public void Twice_the_amount_is_taken_and_an_invoice_without_one_takes_any()
    {
        var world = new ReceiverWorld();
        Assert.IsType<InvoiceEffect.FulfillHtlc>(world.Commit(world.Part(world.Invoice(), 200_000, 200_000))[0]);
        Assert.IsType<InvoiceEffect.FulfillHtlc>(world.Commit(world.Part(world.Invoice(null), 1, 1))[0]);
    }

    [Fact]
    public void A_hash_that_was_paid_is_not_paid_again_yet_the_same_HTLC_is_answered_again()
    {
        var world = new ReceiverWorld();
        var sheet = world.Invoice();
        var htlc = world.Part(sheet, 100_000, 100_000);
        world.Commit(htlc);
        Assert.IsType<InvoiceEffect.FailHtlc>(Assert.Single(world.Commit(world.Part(sheet, 100_000, 100_000))));
        world.Restart();
        Assert.IsType<InvoiceEffect.FulfillHtlc>(Assert.Single(world.Commit(htlc)));
        Assert.IsType<InvoiceEffect.FailHtlc>(Assert.Single(world.Commit(world.Part(sheet, 100_000, 100_000))));
        world.Run(world.Machine.Archive(sheet.PaymentHash));
        world.Restart();
        Assert.IsType<InvoiceEffect.FailHtlc>(Assert.Single(world.Commit(world.Part(sheet, 100_000, 100_000))));
        Assert.Equal("payment_hash", world.Machine.Create(
            new InvoiceOrder { Network = BitcoinNetwork.Regtest, IsHold = true, PaymentHash = sheet.PaymentHash }, [], ReceiverWorld.NodeKey, world.Now).Error.Field);
    }

    [Fact]
    public void What_the_node_before_us_changed_is_told_as_that()
    {
        var world = new ReceiverWorld();
        var sheet = world.Invoice();
        var less = world.Part(sheet, 100_000, 100_000) with { Amount = new MilliSatoshis(99_999) };
        Assert.Equal(FailureMessage.OfFinalAmount(less.Amount), ReceiverWorld.FailureOf(less, Assert.Single(world.Commit(less))));
        var sooner = world.Part(sheet, 100_000, 100_000, world.Height + 100) with { CltvExpiry = world.Height + 99 };
        Assert.Equal(FailureMessage.OfFinalExpiry(sooner.CltvExpiry), ReceiverWorld.FailureOf(sooner, Assert.Single(world.Commit(sooner))));
        var dust = world.Part(sheet, 100_000, 100_000) with { ExceedsDustExposure = true };
        Assert.Equal(FailureCode.TemporaryNodeFailure, ReceiverWorld.FailureOf(dust, Assert.Single(world.Commit(dust))).Code);
    }

    [Fact]
    public void Onions_that_cannot_be_read_are_given_back_as_BOLT_4_says()
    {
        var world = new ReceiverWorld();
        var sheet = world.Invoice();
        var htlc = world.Part(sheet, 100_000, 100_000);
        Code(FailureCode.InvalidOnionVersion, 0, 1);
        Code(FailureCode.InvalidOnionKey, 1, 5);
        Code(FailureCode.InvalidOnionHmac, 100, 1);
        var blinded = htlc with { PathKey = ReceiverWorld.NodeKey.PublicKey };
        Assert.Equal(FailureCode.InvalidOnionBlinding, Assert.IsType<InvoiceEffect.FailMalformedHtlc>(Assert.Single(world.Commit(blinded))).Code);

        Payload(2, static payload => payload with { AmountToForward = null });
        Payload(4, static payload => payload with { OutgoingCltv = null });
        Payload(10, static payload => payload with { EncryptedRecipientData = new byte[1] });
        Payload(70000, static payload => payload with { UnknownTlvs = TlvStream.Of(new TlvRecord(70000, default)) });

        void Code(FailureCode code, int at, byte flip)
        {
            var onion = htlc.Onion.ToArray();
            onion[at] ^= flip;
            var effect = Assert.IsType<InvoiceEffect.FailMalformedHtlc>(Assert.Single(world.Commit(htlc with { Onion = onion })));
            Assert.Equal((code, Hashes.Sha256(onion)), (effect.Code, effect.Sha256OfOnion));
        }

        void Payload(ulong type, Func<HopPayload, HopPayload> change)
        {
            var wrong = world.Part(sheet, 100_000, 100_000, change: change);
            Assert.True(ReceiverWorld.FailureOf(wrong, Assert.Single(world.Commit(wrong))).TryGetPayloadFault(out var found, out _));
            Assert.Equal(type, found);
        }
    }

    [Fact]
    public void A_payment_for_somebody_else_is_not_passed_on()
    {
        var world = new ReceiverWorld();
        var payload = HopPayload.Forwarding(new MilliSatoshis(1), 1100, new ShortChannelId(1)).ToArray();
        var onion = OnionBuilder.Build(TestKeys.Secret(0x41), [new OnionHop(ReceiverWorld.NodeKey.PublicKey, payload), new OnionHop(TestKeys.Secret(0x42).PublicKey, payload)], Hashes.Sha256([1]).Span).Value;
        var htlc = new ReceivedHtlc(new HtlcKey(default, 1), new MilliSatoshis(1), Hashes.Sha256([1]), 1200, onion.Packet);
        Assert.Equal(FailureCode.UnknownNextPeer, ReceiverWorld.FailureOf(htlc, Assert.Single(world.Commit(htlc))).Code);
    }

    [Fact]
    public void Keysend_is_taken_once_unless_the_operator_does_not_want_it()
    {
        var world = new ReceiverWorld();
        var preimage = Hashes.Sha256([4]);
        Assert.Equal(new InvoiceEffect.FulfillHtlc(new HtlcKey(PaymentWorld.ChannelIdOf(1), 0), preimage), world.Commit(world.Keysend(preimage, 7000, world.Height + 22))[0]);
        Assert.True(world.Machine.Find(Hashes.Sha256(preimage.Span))!.Sheet.IsKeysend);
        Assert.IsType<InvoiceEffect.FailHtlc>(Assert.Single(world.Commit(world.Keysend(preimage, 7000, world.Height + 22))));
        Assert.IsType<InvoiceEffect.FailHtlc>(Assert.Single(world.Commit(world.Keysend(Hashes.Sha256([5]), 7000, world.Height + 17))));
        var other = world.Keysend(preimage, 7000, world.Height + 22) with { PaymentHash = Hashes.Sha256([8]) };
        Assert.IsType<InvoiceEffect.FailMalformedHtlc>(Assert.Single(world.Commit(other)));
        var wrong = world.Htlc(Hashes.Sha256([8]), 5, 1030, HopPayload.Keysend(new MilliSatoshis(5), 1030, preimage), change: null, channel: 1);
        Assert.IsType<InvoiceEffect.FailHtlc>(Assert.Single(world.Commit(wrong)));

        var closed = new ReceiverWorld(new ReceiverOptions(AcceptsKeysend: false));
        Assert.IsType<InvoiceEffect.FailHtlc>(Assert.Single(closed.Commit(closed.Keysend(preimage, 7000, closed.Height + 22))));
    }

    [Fact]
    public void A_held_payment_waits_for_its_preimage()
    {
        var world = new ReceiverWorld();
        var preimage = Hashes.Sha256([6]);
        var sheet = world.Invoice(hold: true, hash: Hashes.Sha256(preimage.Span));
        Assert.Equal("belongs to an invoice that is not paid yet", world.Machine.Settle(preimage, world.Now, world.Height).Error.Reason);
        Assert.Empty(world.Commit(world.Part(sheet, 50_000, 100_000)));
        var accepted = Assert.IsType<InvoiceEffect.Accepted>(Assert.Single(world.Commit(world.Part(sheet, 50_000, 100_000))));
        Assert.Equal(world.Height + 144, accepted.EarliestExpiry);
        world.Now += 600_000;
        Assert.Empty(world.Tick());
        var effects = world.Run(world.Machine.Settle(preimage, world.Now, world.Height).Value);
        Assert.Equal(2, effects.OfType<InvoiceEffect.FulfillHtlc>().Count());
        Assert.Equal("belongs to an invoice that is settled already", world.Machine.Settle(preimage, world.Now, world.Height).Error.Reason);
        Assert.False(world.Machine.Cancel(sheet.PaymentHash, world.Now, world.Height).IsOk);
        Assert.False(world.Machine.Settle(Hashes.Sha256([66]), world.Now, world.Height).IsOk);
    }

    [Fact]
    public void A_held_payment_goes_back_by_command_or_when_its_expiry_comes_near()
    {
        var world = new ReceiverWorld();
        var sheet = world.Invoice(hold: true);
        var htlc = world.Part(sheet, 100_000, 100_000);
        world.Commit(htlc);
        var effects = world.Run(world.Machine.Cancel(sheet.PaymentHash, world.Now, world.Height).Value);
        Assert.Equal(FailureMessage.OfPaymentDetails(htlc.Amount, world.Height), ReceiverWorld.FailureOf(htlc, effects[0]));
        Assert.IsType<InvoiceEffect.Cancelled>(effects[1]);
        Assert.IsType<InvoiceEffect.FailHtlc>(Assert.Single(world.Commit(world.Part(sheet, 100_000, 100_000))));

        var second = world.Invoice(hold: true);
        world.Commit(world.Part(second, 100_000, 100_000));
        world.Height += 144 - 37;
        Assert.Empty(world.Tick());
        world.Height += 1;
        Assert.Equal(2, world.Tick().Count);
        Assert.Equal(InvoiceStatus.Cancelled, world.Machine.Find(second.PaymentHash)!.Status);
    }

    [Fact]
    public void No_preimage_is_given_near_the_expiry()
    {
        var world = new ReceiverWorld();
        var preimage = Hashes.Sha256([6]);
        var sheet = world.Invoice(hold: true, hash: Hashes.Sha256(preimage.Span));
        world.Commit(world.Part(sheet, 100_000, 100_000));
        world.Height += 144 - 11;
        Assert.Equal("would be given away too near to the expiry of the payment", world.Machine.Settle(preimage, world.Now, world.Height).Error.Reason);
    }

    [Fact]
    public void A_held_payment_is_learnt_again_from_the_channels_after_a_restart()
    {
        var world = new ReceiverWorld();
        var preimage = Hashes.Sha256([6]);
        var sheet = world.Invoice(hold: true, hash: Hashes.Sha256(preimage.Span));
        var (first, second) = (world.Part(sheet, 50_000, 100_000), world.Part(sheet, 50_000, 100_000));
        world.Commit(first);
        world.Commit(second);
        world.Restart();
        world.Height += 90;
        world.Now += 7_200_000;
        world.Tick();
        Assert.False(world.Machine.Settle(preimage, world.Now, world.Height).IsOk);
        Assert.Empty(world.Commit(first));
        Assert.Empty(world.Commit(second));
        Assert.Equal(3, world.Run(world.Machine.Settle(preimage, world.Now, world.Height).Value).Count);
    }

    [Fact]
    public void A_held_payment_of_which_a_part_is_gone_goes_back()
    {
        var world = new ReceiverWorld();
        var sheet = world.Invoice(hold: true);
        var (first, second) = (world.Part(sheet, 50_000, 100_000), world.Part(sheet, 50_000, 100_000));
        world.Commit(first);
        world.Commit(second);
        var effects = world.Run(world.Machine.HtlcLost(second.Key, world.Now, world.Height));
        Assert.Equal(first.Key, Assert.Single(effects.OfType<InvoiceEffect.FailHtlc>()).Htlc);
        Assert.Equal(InvoiceStatus.Cancelled, world.Machine.Find(sheet.PaymentHash)!.Status);

        var again = world.Invoice(hold: true);
        var part = world.Part(again, 50_000, 100_000);
        world.Commit(part);
        world.Commit(world.Part(again, 50_000, 100_000));
        world.Restart();
        world.Tick();
        world.Commit(part);
        world.Now += 60_000;
        Assert.Equal(part.Key, Assert.Single(world.Tick().OfType<InvoiceEffect.FailHtlc>()).Htlc);
        Assert.Equal(InvoiceStatus.Cancelled, world.Machine.Find(again.PaymentHash)!.Status);
    }

    [Fact]
    public void Invoices_expire_once_and_their_details_can_be_let_go()
    {
        var world = new ReceiverWorld();
        var sheet = world.Invoice();
        world.Now = sheet.ExpiresAt;
        Assert.IsType<InvoiceEffect.Cancelled>(Assert.Single(world.Tick()));
        Assert.Empty(world.Tick());
        world.Run(world.Machine.Archive(sheet.PaymentHash));
        Assert.Empty(world.Machine.Invoices);
    }

    [Fact]
    public void Orders_that_cannot_be_are_refused()
    {
        var world = new ReceiverWorld(new ReceiverOptions(OpenInvoicesMax: 1));
        var order = new InvoiceOrder { Network = BitcoinNetwork.Regtest };
        Field("payment_hash", order with { PaymentHash = Hashes.Sha256([1]) });
        Field("expiry", order with { ExpirySeconds = 0 });
        Field("min_final_cltv_expiry_delta", order with { MinFinalCltvDelta = 17 });
        Field("amount", order with { Amount = new MilliSatoshis(0) });
        world.Invoice();
        Field("invoice", order);

        void Field(string field, InvoiceOrder wrong) => Assert.Equal(field, world.Machine.Create(wrong, [], ReceiverWorld.NodeKey, world.Now).Error.Field);
    }

    [Fact]
    public void Hints_are_private_channels_that_carry_the_amount_unless_the_world_knows_a_way()
    {
        var small = new HintChannel(TestKeys.Secret(1).PublicKey, new ShortChannelId(1), SampleGraphs.Policy(5, 6, 7), new MilliSatoshis(1000), IsPublic: false);
        var fit = small with { Peer = TestKeys.Secret(2).PublicKey, ShortChannelId = new ShortChannelId(2), Receivable = new MilliSatoshis(6000) };
        var large = small with { Peer = TestKeys.Secret(3).PublicKey, ShortChannelId = new ShortChannelId(3), Receivable = new MilliSatoshis(9000) };
        var silent = large with { Peer = TestKeys.Secret(4).PublicKey, Policy = null };
        var twin = large with { ShortChannelId = new ShortChannelId(9) };
        var hints = InvoiceHints.Choose([small, large, silent, twin, fit], new MilliSatoshis(5000));
        Assert.Equal([2ul, 3, 1], hints.Select(static hint => hint[0].ShortChannelId.Value));
        Assert.Equal((5u, 6u, (ushort)7), (hints[0][0].FeeBaseMilliSatoshis, hints[0][0].FeeProportionalMillionths, hints[0][0].CltvExpiryDelta));
        Assert.Empty(InvoiceHints.Choose([small, large with { IsPublic = true }], new MilliSatoshis(5000)));
        Assert.Equal(2, InvoiceHints.Choose([fit, large, small with { IsPublic = true }], new MilliSatoshis(5000)).Count);
    }

    [Fact]
    public void Any_interleaving_with_crashes_takes_all_parts_of_a_payment_or_none_and_each_hash_once() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(40), Prop.ForAll((ulong seed) => new ReceiverSimulation(seed).Run(120)));
}
