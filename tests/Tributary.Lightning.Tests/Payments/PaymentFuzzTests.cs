using Tributary.Lightning.Onions;
using Tributary.Lightning.Payments;
using Tributary.Primitives.Amounts;
using Tributary.Testing;
using static Tributary.Lightning.Tests.Payments.PaymentWorld;

namespace Tributary.Lightning.Tests.Payments;

public sealed class PaymentFuzzTests
{
    [Fact]
    public void Any_payload_in_a_right_onion_is_a_part_or_goes_back()
    {
        var world = new ReceiverWorld();
        var sheet = world.Invoice();
        var (amount, expiry) = (new MilliSatoshis(60_000), world.Height + 144);
        Fuzz.Run(
            [
                HopPayload.Final(amount, expiry, sheet.PaymentSecret!.Value, new MilliSatoshis(100_000)).ToArray(),
                HopPayload.Keysend(amount, expiry, sheet.Preimage!.Value).ToArray(),
            ],
            input =>
            {
                if (input.Length is < 2 or > 1200)
                    return;
                var onion = OnionBuilder.Build(TestKeys.Secret(0x41), [new OnionHop(ReceiverWorld.NodeKey.PublicKey, input.ToArray())], sheet.PaymentHash.Span).Value;
                var htlc = new ReceivedHtlc(new HtlcKey(ChannelIdOf(1), world.NextHtlc++), amount, sheet.PaymentHash, expiry, onion.Packet);
                var step = world.Machine.HtlcCommitted(htlc, ReceiverWorld.NodeKey, world.Now, world.Height);

                // One part alone is too little: it waits, or goes back.
                Assert.DoesNotContain(step.Effects, static effect => effect is InvoiceEffect.FulfillHtlc);
                world.Now += 61_000;
                world.Machine.Tick(world.Now, world.Height);
                world.Now -= 61_000;
            },
            iterations: 500,
            limits: new FuzzLimits(BytesPerInputByte: 512, Bytes: 131_072));
        Assert.Equal(InvoiceStatus.Open, world.Machine.Find(sheet.PaymentHash)!.Status);
    }

    [Fact]
    public void Any_reason_that_comes_back_ends_an_attempt_and_only_that()
    {
        var world = new PaymentWorld().Peer(1, 1).Join(1, 1, 2).Join(2, 2, 4);
        world.Run(world.Machine.Pay(world.Order(4), world.Context).Value);
        var attempt = world.LastAttempt;
        var reasons = new[] { FailureCode.TemporaryNodeFailure, FailureCode.IncorrectOrUnknownPaymentDetails, FailureCode.FeeInsufficient }
            .Select((code, hop) => ((AttemptOutcome.Failed)FailureAt(attempt, hop, FailureMessage.Of(code))).Reason.ToArray());
        Fuzz.Run(
            [.. reasons],
            input =>
            {
                world.Now += 100_000;
                var order = world.Order(4, 2);
                world.Run(world.Machine.Pay(order, world.Context).Value);
                world.Run(world.Machine.HtlcResolved(world.LastHeld, new AttemptOutcome.Failed(input.ToArray()), world.Context));
                Assert.Equal(PaymentStatus.Failed, world.Machine.Find(order.PaymentHash)!.Status);
                world.Memory.Passed(attempt.Route.ChannelInto(1), new MilliSatoshis(1_000_000_000), world.Now);
                world.Memory.Passed(attempt.Route.ChannelInto(2), new MilliSatoshis(1_000_000_000), world.Now);
            },
            iterations: 300,
            limits: new FuzzLimits(BytesPerInputByte: 1024, Bytes: 1_048_576));
        Assert.Equal(PaymentStatus.Pending, world.Machine.Find(world.Order(4).PaymentHash)!.Status);
    }
}
