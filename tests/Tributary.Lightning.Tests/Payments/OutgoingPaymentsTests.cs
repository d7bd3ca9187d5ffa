using FsCheck;
using FsCheck.Fluent;
using Tributary.Crypto;
using Tributary.Lightning.Onions;
using Tributary.Lightning.Payments;
using Tributary.Lightning.Routing;
using Tributary.Lightning.Tests.Gossip;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Amounts;
using static Tributary.Lightning.Tests.Payments.PaymentWorld;

namespace Tributary.Lightning.Tests.Payments;

public sealed class OutgoingPaymentsTests
{
    // Us, peer 1, and two ways to 4: by 2 (cheap) and by 3.
    private static PaymentWorld TwoWays() => new PaymentWorld().Peer(1, 1)
        .Join(1, 1, 2).Join(2, 2, 4).Join(3, 1, 3, SampleGraphs.Policy(3000)).Join(4, 3, 4, SampleGraphs.Policy(3000));

    [Fact]
    public void The_onion_tells_each_hop_its_part_and_the_payee_the_secret()
    {
        var world = TwoWays();
        var order = world.Order(4);
        var offer = world.Run(world.Machine.Pay(order, world.Context).Value)!;
        Assert.Equal(102_020, offer.Amount.Value);
        Assert.Equal(Height + 18 + 3 + 80, offer.CltvExpiry);

        var packet = offer.Onion;
        Assert.Equal(OnionError.None, OnionPeeler.TryPeel(packet.Span, Key(1), order.PaymentHash.Span, out var peeled, out _));
        Assert.Equal(HopPayload.Forwarding(new MilliSatoshis(101_010), Height + 61, Scid(1)), HopPayload.Read(peeled!.Payload.Span).Value);
        Assert.Equal(OnionError.None, OnionPeeler.TryPeel(peeled.Next!.Value.Span, Key(2), order.PaymentHash.Span, out peeled, out _));
        Assert.Equal(HopPayload.Forwarding(order.Amount, Height + 21, Scid(2)), HopPayload.Read(peeled!.Payload.Span).Value);
        Assert.Equal(OnionError.None, OnionPeeler.TryPeel(peeled.Next!.Value.Span, Key(4), order.PaymentHash.Span, out peeled, out _));
        Assert.Equal(HopPayload.Final(order.Amount, Height + 21, order.PaymentSecret!.Value, order.Amount), HopPayload.Read(peeled!.Payload.Span).Value);
        Assert.True(peeled.IsFinal);
    }

    [Fact]
    public void The_attempt_is_recorded_in_the_step_that_offers_it()
    {
        var world = TwoWays();
        var step = world.Machine.Pay(world.Order(4), world.Context).Value;
        Assert.IsType<PaymentRecord.AttemptStarted>(step.Records[^1]);
        Assert.IsType<PaymentEffect.OfferHtlc>(Assert.Single(step.Effects));
    }

    [Fact]
    public void A_preimage_ends_the_payment_once_with_its_fee_and_way()
    {
        var world = TwoWays();
        var order = world.Order(4);
        world.Run(world.Machine.Pay(order, world.Context).Value);
        world.Run(world.Machine.HtlcFulfilled(world.LastHeld, Preimage(1), world.Context));
        world.Run(world.Machine.HtlcFulfilled(world.LastHeld, Preimage(1), world.Context));
        world.Run(world.Machine.HtlcResolved(world.LastHeld, new AttemptOutcome.Fulfilled(Preimage(1)), world.Context));
        var payment = Assert.Single(world.Finished).Payment;
        Assert.Equal((PaymentStatus.Succeeded, Preimage(1), 2020L), (payment.Status, payment.Preimage!.Value, payment.Fee.Value));
        Assert.Equal(3, payment.Route!.Hops.Count);
        Assert.Equal(MilliSatoshis.Zero, world.Machine.Outstanding);
        Assert.Equal("was paid already", world.Machine.Pay(order, world.Context).Error.Reason);
    }

    [Fact]
    public void A_preimage_of_another_hash_is_none()
    {
        var world = TwoWays();
        world.Run(world.Machine.Pay(world.Order(4), world.Context).Value);
        Assert.Empty(world.Machine.HtlcFulfilled(world.LastHeld, Preimage(2), world.Context).Records);
        Assert.Equal(PaymentStatus.Pending, world.Machine.Find(world.Order(4).PaymentHash)!.Status);
    }

    [Fact]
    public void While_it_is_pending_the_same_hash_is_refused_and_after_a_restart_too()
    {
        var world = TwoWays();
        var order = world.Order(4);
        world.Run(world.Machine.Pay(order, world.Context).Value);
        Assert.Equal("is being paid", world.Machine.Pay(order, world.Context).Error.Reason);
        world.Restart();
        Assert.Equal("is being paid", world.Machine.Pay(order, world.Context).Error.Reason);
        world.Run(world.Machine.Reconcile([(world.LastHeld, order.PaymentHash)], world.Context));
        world.Run(world.Machine.HtlcFulfilled(world.LastHeld, Preimage(1), world.Context));
        world.Restart();
        Assert.Equal("was paid already", world.Machine.Pay(order, world.Context).Error.Reason);
        world.Run(world.Machine.Archive(order.PaymentHash));
        Assert.Null(world.Machine.Find(order.PaymentHash));
        world.Restart();
        Assert.Equal("was paid already", world.Machine.Pay(order, world.Context).Error.Reason);
    }

    [Fact]
    public void A_channel_without_the_balance_is_left_for_another_way()
    {
        var world = TwoWays();
        world.Run(world.Machine.Pay(world.Order(4), world.Context).Value);
        var failure = FailureAt(world.LastAttempt, 1, FailureMessage.OfChannel(FailureCode.TemporaryChannelFailure, update: null));
        world.Run(world.Machine.HtlcResolved(world.LastHeld, failure, world.Context));
        Assert.Equal(Id(3), world.LastAttempt.Route.Hops[1].Node);
        var first = world.Machine.Find(world.Order(4).PaymentHash)!.Attempts[0];
        Assert.Equal("hop 2 of 3 said TemporaryChannelFailure", first.ToString());

        // Other payments remember.
        world.Run(world.Machine.Pay(world.Order(4, 2), world.Context).Value);
        Assert.Equal(Id(3), world.LastAttempt.Route.Hops[1].Node);
    }

    [Fact]
    public void A_nodes_signed_word_on_its_fee_is_believed_once_and_by_this_payment_alone()
    {
        var world = TwoWays();
        world.Run(world.Machine.Pay(world.Order(4), world.Context).Value);
        var channel = DirectedChannel.Between(Scid(2), Id(2), Id(4));
        var update = Update(2, channel, SampleGraphs.Policy(1500));
        world.Run(world.Machine.HtlcResolved(world.LastHeld, FailureAt(world.LastAttempt, 1, FailureMessage.OfChannel(FailureCode.FeeInsufficient, update)), world.Context));
        Assert.Equal((Id(2), 2520L), (world.LastAttempt.Route.Hops[1].Node, world.LastAttempt.Route.Fee.Value));
        world.Run(world.Machine.HtlcResolved(world.LastHeld, FailureAt(world.LastAttempt, 1, FailureMessage.OfChannel(FailureCode.FeeInsufficient, update)), world.Context));
        Assert.Equal(Id(3), world.LastAttempt.Route.Hops[1].Node);
        Assert.True(world.Graph.TryGetPolicy(channel.Id, channel.Direction, out var policy) && policy.FeeBaseMilliSatoshis == 1000);
    }

    [Fact]
    public void Nobody_speaks_for_another_nodes_channel()
    {
        var world = TwoWays();
        world.Run(world.Machine.Pay(world.Order(4), world.Context).Value);
        var forged = Update(3, DirectedChannel.Between(Scid(2), Id(2), Id(4)), SampleGraphs.Policy(1500));
        world.Run(world.Machine.HtlcResolved(world.LastHeld, FailureAt(world.LastAttempt, 1, FailureMessage.OfChannel(FailureCode.FeeInsufficient, forged)), world.Context));
        Assert.Equal(Id(3), world.LastAttempt.Route.Hops[1].Node);
    }

    [Theory]
    [InlineData(FailureCode.TemporaryNodeFailure)]
    [InlineData(FailureCode.PermanentNodeFailure)]
    [InlineData(FailureCode.RequiredNodeFeatureMissing)]
    [InlineData(FailureCode.UnknownNextPeer)]
    [InlineData(FailureCode.PermanentChannelFailure)]
    [InlineData(FailureCode.ExpiryTooFar)]
    [InlineData(FailureCode.InvalidOnionHmac)]
    [InlineData(FailureCode.IncorrectOrUnknownPaymentDetails)]
    public void A_failure_on_the_way_leads_to_another_way(FailureCode code)
    {
        var world = TwoWays();
        world.Run(world.Machine.Pay(world.Order(4), world.Context).Value);
        world.Run(world.Machine.HtlcResolved(world.LastHeld, FailureAt(world.LastAttempt, 1, FailureMessage.Of(code)), world.Context));
        Assert.Equal(Id(3), world.LastAttempt.Route.Hops[1].Node);
    }

    [Fact]
    public void An_error_that_nobody_on_the_way_made_leads_to_another_way()
    {
        var world = TwoWays();
        world.Run(world.Machine.Pay(world.Order(4), world.Context).Value);
        world.Run(world.Machine.HtlcResolved(world.LastHeld, new AttemptOutcome.Failed(new byte[292]), world.Context));
        Assert.Equal(Id(3), world.LastAttempt.Route.Hops[1].Node);
    }

    [Fact]
    public void What_the_payee_refuses_is_final()
    {
        var world = TwoWays();
        world.Run(world.Machine.Pay(world.Order(4), world.Context).Value);
        var refused = FailureAt(world.LastAttempt, 2, FailureMessage.OfPaymentDetails(new MilliSatoshis(100_000), 999));
        world.Run(world.Machine.HtlcResolved(world.LastHeld, refused, world.Context));
        var payment = Assert.Single(world.Finished).Payment;
        Assert.Equal((PaymentStatus.Failed, PaymentFailure.PayeeRefused), (payment.Status, payment.Failure));
        Assert.Contains("999", payment.FailureText, StringComparison.Ordinal);
        Assert.Single(payment.Attempts);

        // A payment that failed may be tried again.
        world.Run(world.Machine.Pay(world.Order(4), world.Context).Value);
        Assert.Equal(2, payment.Attempts.Count);
        Assert.Equal(PaymentStatus.Pending, payment.Status);
    }

    [Fact]
    public void Our_own_channel_may_refuse_and_another_is_taken()
    {
        var world = TwoWays().Peer(7, 2);
        world.FirstHops.RemoveAt(0);
        world.Peer(1, 1);
        var step = world.Machine.Pay(world.Order(4), world.Context).Value;
        var offer = (PaymentEffect.OfferHtlc)world.Commit(step)[0];
        Assert.Equal(ChannelIdOf(7), offer.Channel);
        world.Run(world.Machine.HtlcRefused(offer.PaymentHash, offer.Attempt, world.Context));
        Assert.Equal(ChannelIdOf(1), world.LastAttempt.Route.FirstChannel);
        world.Run(world.Machine.HtlcResolved(world.LastHeld, new AttemptOutcome.FailedMalformed(FailureCode.InvalidOnionKey), world.Context));
        Assert.Equal(PaymentFailure.NoRoute, Assert.Single(world.Finished).Payment.Failure);
    }

    [Fact]
    public void No_attempt_begins_after_the_deadline_and_none_beyond_the_fee_budget()
    {
        var world = TwoWays();
        world.Run(world.Machine.Pay(world.Order(4), world.Context).Value);
        world.Now += 60_000;
        world.Run(world.Machine.HtlcResolved(world.LastHeld, FailureAt(world.LastAttempt, 0, FailureMessage.Of(FailureCode.TemporaryNodeFailure)), world.Context));
        Assert.Equal(PaymentFailure.DeadlinePassed, Assert.Single(world.Finished).Payment.Failure);

        world.Run(world.Machine.Pay(world.Order(4, 2, feeMax: 2019), world.Context).Value);
        Assert.Equal(PaymentFailure.NoRoute, world.Finished[1].Payment.Failure);
        Assert.Contains("max_fee", world.Finished[1].Payment.FailureText, StringComparison.Ordinal);
    }

    [Fact]
    public void An_abandoned_payment_waits_for_its_HTLC_and_makes_no_other()
    {
        var world = TwoWays();
        world.Run(world.Machine.Pay(world.Order(4), world.Context).Value);
        world.Run(world.Machine.Abandon(world.Order(4).PaymentHash, world.Context));
        Assert.Empty(world.Finished);
        world.Run(world.Machine.HtlcResolved(world.LastHeld, FailureAt(world.LastAttempt, 1, FailureMessage.Of(FailureCode.TemporaryNodeFailure)), world.Context));
        Assert.Equal(PaymentFailure.Abandoned, Assert.Single(world.Finished).Payment.Failure);
    }

    [Fact]
    public void After_a_restart_an_attempt_that_no_channel_knows_has_failed_and_the_payment_goes_on()
    {
        var world = TwoWays();
        world.Commit(world.Machine.Pay(world.Order(4), world.Context).Value);
        world.Restart();
        world.Run(world.Machine.Reconcile([], world.Context));
        var payment = world.Machine.Find(world.Order(4).PaymentHash)!;
        Assert.Equal((PaymentStatus.Pending, false), (payment.Status, payment.Attempts[0].IsOutstanding));
        world.Run(world.Machine.Tick(world.Context));
        Assert.Equal(2, world.LastAttempt.Attempt);
    }

    [Fact]
    public void After_a_restart_an_HTLC_that_nobody_told_of_is_the_attempts()
    {
        var world = TwoWays();
        var offer = (PaymentEffect.OfferHtlc)world.Commit(world.Machine.Pay(world.Order(4), world.Context).Value)[0];
        var key = world.Hold(offer);
        world.Restart();
        world.Run(world.Machine.Reconcile([(key, offer.PaymentHash)], world.Context));
        world.Run(world.Machine.HtlcFulfilled(key, Preimage(1), world.Context));
        Assert.Equal(PaymentStatus.Succeeded, Assert.Single(world.Finished).Payment.Status);
    }

    [Fact]
    public void An_HTLC_that_a_channel_took_is_out_until_somebody_says_how_it_ended()
    {
        var world = TwoWays();
        world.Run(world.Machine.Pay(world.Order(4), world.Context).Value);
        world.Restart();
        Assert.Empty(world.Machine.Reconcile([], world.Context).Records);
        world.Now += 100_000;
        Assert.Empty(world.Machine.Tick(world.Context).Records);
        Assert.Equal("is being paid", world.Machine.Pay(world.Order(4), world.Context).Error.Reason);
        world.Run(world.Machine.HtlcResolved(world.LastHeld, new AttemptOutcome.TakenBack(), world.Context));
        Assert.Equal(PaymentFailure.DeadlinePassed, Assert.Single(world.Finished).Payment.Failure);
    }

    [Fact]
    public void Orders_that_cannot_be_right_are_refused_before_anything_is_recorded()
    {
        var world = TwoWays();
        Field("payee", world.Order(200));
        Field("amount", world.Order(4, amount: 0));
        Field("max_fee", world.Order(4, feeMax: -1));
        Field("payment_secret", world.Order(4) with { PaymentSecret = null });
        Field("preimage", world.Order(4) with { PaymentSecret = null, KeysendPreimage = Preimage(3) });
        Field("custom_records", world.Order(4) with { CustomRecords = TlvStream.Of(new TlvRecord(70000, new byte[1])) });
        Field("metadata", world.Order(4) with { Metadata = new byte[1300] });
        Assert.Empty(world.Machine.Payments);

        void Field(string field, PaymentOrder order) => Assert.Equal(field, world.Machine.Pay(order, world.Context).Error.Field);
    }

    [Fact]
    public void Large_metadata_leaves_room_for_fewer_hops()
    {
        var world = TwoWays();
        Assert.Equal(20, AttemptOnion.HopsThatFit(world.Order(4)));
        Assert.Equal(10, AttemptOnion.HopsThatFit(world.Order(4) with { Metadata = new byte[639] }));
    }

    [Fact]
    public void A_shadow_route_adds_blocks_within_its_limit()
    {
        var world = TwoWays();
        var finder = new PathFinder(world.Graph);
        var entropy = new SeededEntropy(3);
        for (var i = 0; i < 100; i++)
            Assert.InRange(finder.ShadowCltv(Id(1 + (i % 6)), 100, entropy), 0u, 100u);
        world.Run(world.Machine.Pay(world.Order(4) with { ShadowCltvMax = 100 }, world.Context).Value);
        Assert.InRange(world.LastAttempt.Route.Hops[^1].CltvDelta, 21u, 121u);
    }

    [Fact]
    public void Any_interleaving_with_crashes_pays_no_hash_twice_and_ends_each_payment_once() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(60), Prop.ForAll((ulong seed) => new PaymentSimulation(seed).Run(150)));
}
