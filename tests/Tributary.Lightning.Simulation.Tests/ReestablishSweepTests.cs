using Tributary.Crypto;
using Tributary.Lightning.Channels;
using Tributary.Lightning.Messages;
using Tributary.Lightning.Node.Desks;
using Tributary.Lightning.Payments;
using Tributary.Lightning.Simulation.Tests.Machines;
using Tributary.Lightning.Simulation.Tests.Network;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.Simulation.Tests;

/// <summary>
/// A connection that ends at each message of a payment, and once more at each message with which the channel is taken up again: every payment
/// is made once, and the channel goes on.
/// </summary>
public sealed class ReestablishSweepTests
{
    private const int PaymentMessages = 14;
    private const int ReestablishMessages = 12;
    private const long Amount = 2_000_000;

    /// <summary>What becomes of the messages that are under way when a connection ends.</summary>
    public enum UnderWay
    {
        AllLost,
        LeftGetsThem,
        RightGetsThem,
    }

    [Theory]
    [InlineData(UnderWay.AllLost, true)]
    [InlineData(UnderWay.AllLost, false)]
    [InlineData(UnderWay.LeftGetsThem, true)]
    [InlineData(UnderWay.RightGetsThem, true)]
    [InlineData(UnderWay.LeftGetsThem, false)]
    [InlineData(UnderWay.RightGetsThem, false)]
    public void Payments_outlive_a_connection_that_ends_twice(UnderWay underWay, bool leftFirst)
    {
        var (world, left, right) = ScenarioTests.OpenPair();
        var sweep = new Sweep(world, left, right, underWay, leftFirst);
        for (var first = 0; first < PaymentMessages; first++)
        {
            for (var second = 0; second < ReestablishMessages; second++)
            {
                // Money goes there and back, so that it never runs out.
                sweep.Pay([(left, right)], first, second);
                sweep.Pay([(right, left)], first, second);
                if (second % 3 == 0)
                    sweep.Pay([(left, right), (right, left)], first, second);
            }
        }

        Assert.True(sweep.SecondCuts > PaymentMessages * ReestablishMessages / 2, $"Only {sweep.SecondCuts} connections ended while the channel was taken up again.");
    }

    private sealed class Sweep(World world, SimulatedNode left, SimulatedNode right, UnderWay underWay, bool leftFirst)
    {
        private int _paid;

        internal int SecondCuts { get; private set; }

        private ChannelEntry Left => Assert.Single(left.Node!.Channels.All);

        private ChannelEntry Right => Assert.Single(right.Node!.Channels.All);

        internal void Pay((SimulatedNode From, SimulatedNode To)[] ways, int first, int second)
        {
            var what = $"cut after {first} and {second} messages, payment {_paid}";
            Join();
            var before = Left.Channel.State.LocalNow.Ours.Value;
            var orders = ways.Select(way => (way.From, way.To, Order: PaymentOrder.ForKeysend(
                new NodeId(way.To.Id), new MilliSatoshis(Amount), Hashes.Sha256(BitConverter.GetBytes(_paid++)), null, (world.Clock.Now + way.From.Skew).ToUnixTimeMilliseconds()))).ToArray();
            foreach (var (from, to, order) in orders)
                world.Begin(from, to, order, null);
            world.Settle();
            Deliver(first);
            Cut();
            Dial();
            Deliver(second);
            if (Ends().Any(static end => end.InboundCount > 0))
                SecondCuts++;
            Cut();
            Join();
            foreach (var (from, to, order) in orders)
            {
                Assert.True(from.Node!.Payments.Outgoing.Find(order.PaymentHash) is { Status: PaymentStatus.Succeeded }, $"{what}: {from.Node.Payments.Outgoing.Find(order.PaymentHash)?.FailureText}");
                Assert.True(to.Node!.Payments.Incoming.Find(order.PaymentHash) is { Status: InvoiceStatus.Settled }, what);
            }

            var gained = ways.Sum(way => way.From == left ? -Amount : Amount);
            Assert.True(before + gained == Left.Channel.State.LocalNow.Ours.Value, what);
            Assert.True(Left.Channel.State is { Stage: ChannelStage.Open, Offered.Count: 0, Received.Count: 0 } && Left.Channel.IsUsable, what);
            Assert.True(Right.Channel.State is { Stage: ChannelStage.Open, Offered.Count: 0, Received.Count: 0 } && Right.Channel.IsUsable, what);
            Assert.True(Right.Channel.State.LocalNow.Theirs.Value == Left.Channel.State.LocalNow.Ours.Value, what);
            Assert.Equal(0, world.Tally.GetValueOrDefault("errors sent"));
        }

        // Connected, and nothing left to say.
        private void Join()
        {
            for (var i = 0; i < 100; i++)
            {
                Dial();
                world.DeliverAll();
                if (Left.Channel is { IsUsable: true, State: { Offered.Count: 0, Received.Count: 0 } } && Right.Channel is { IsUsable: true, State: { Offered.Count: 0, Received.Count: 0 } })
                    return;
                world.Wait(TimeSpan.FromSeconds(1));
            }

            Assert.Fail("The channel does not come to rest.");
        }

        private void Dial()
        {
            left.Hub!.Dial(right.Id);
            world.Settle();
        }

        private MessageConnection[] Ends() =>
            [.. (leftFirst ? left.Hub!.Connections.Concat(right.Hub!.Connections) : right.Hub!.Connections.Concat(left.Hub!.Connections)).Cast<MessageConnection>()];

        // So many messages about the channel arrive; all others are free.
        private void Deliver(int count)
        {
            while (Ends().FirstOrDefault(static end => end.InboundCount > 0) is { } end)
            {
                if (!IsGossip(LightningMessage.Read(end.Inbound.Peek()).Value) && count-- == 0)
                    return;
                end.Deliver();
                world.Settle();
            }
        }

        private void Cut()
        {
            foreach (var end in Ends())
            {
                if (!end.IsBroken)
                    end.Cut(count => underWay == UnderWay.AllLost || (underWay == UnderWay.LeftGetsThem) != (end.Owner.Node == left) ? 0 : count - 1);
            }

            world.DeliverAll();
        }

        private static bool IsGossip(LightningMessage message) => message is GossipTimestampFilter or QueryChannelRange or ReplyChannelRange or QueryShortChannelIds or ReplyShortChannelIdsEnd;
    }
}
