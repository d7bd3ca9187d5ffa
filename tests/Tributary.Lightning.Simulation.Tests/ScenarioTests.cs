using Tributary.Bitcoin.Transactions;
using Tributary.Crypto;
using Tributary.Lightning.Channels;
using Tributary.Lightning.Messages;
using Tributary.Lightning.Node.Desks;
using Tributary.Lightning.OnChain;
using Tributary.Lightning.Payments;
using Tributary.Lightning.Simulation.Tests.Machines;
using Tributary.Lightning.Simulation.Tests.Network;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.Simulation.Tests;

/// <summary>What worlds have brought to light, each for itself.</summary>
public sealed class ScenarioTests
{
    [Fact]
    public void A_closing_transaction_that_a_mempool_forgot_is_offered_again()
    {
        var (world, left, right, entry) = Open();
        world.Close(left, entry, isForced: false);
        world.DeliverAll();
        var closing = Assert.Single(world.Chain.Waiting);
        world.Chain.Evict(closing);
        Assert.Empty(world.Chain.Waiting);
        world.Chain.Mine();
        world.HearAll();
        Assert.Equal(closing.TxId, Assert.Single(world.Chain.Waiting).TxId);
        world.Chain.Mine();
        world.HearAll();
        Assert.All([left, right], static node => Assert.Equal(CloseKind.Mutual, Assert.Single(node.Node!.Channels.All).Monitor!.CloseKind));
    }

    [Fact]
    public void Coins_that_a_lost_process_had_set_aside_are_free_again()
    {
        var (world, left, _, entry) = Open();
        var wallet = left.Wallet!;
        var coin = wallet.ListUnspent()[0].OutPoint;
        var lease = left.Process!.Run(() => wallet.LeaseAsync([coin], null, $"fees for {entry.Funding}", CancellationToken.None));
        world.Settle();
        Assert.True(lease.IsCompletedSuccessfully);
        Assert.Single(wallet.Leases);
        left.Kill(losesUnsynced: false);
        left.Start();
        world.Settle();
        Assert.Empty(left.Wallet!.Leases);
    }

    [Fact]
    public void A_payment_that_was_never_signed_for_ends_with_its_channel_and_blames_nobody_else()
    {
        var (world, left, right, entry) = Open();
        PaymentOrder[] orders = [.. Enumerable.Range(1, 2).Select(i => PaymentOrder.ForKeysend(
            new NodeId(right.Id), new MilliSatoshis(1_000_000), Hashes.Sha256([(byte)i]), null, world.Clock.Now.ToUnixTimeMilliseconds()))];
        foreach (var order in orders)
        {
            world.Begin(left, right, order, null);
            world.Settle();
        }

        // The first is signed for; the second waits for the peer's answer to that.
        world.Close(left, entry, isForced: true);
        world.Settle();
        Assert.Equal(PaymentStatus.Pending, left.Node!.Payments.Outgoing.Find(orders[0].PaymentHash)!.Status);
        var second = left.Node.Payments.Outgoing.Find(orders[1].PaymentHash)!;
        world.Wait(TimeSpan.FromSeconds(61));
        Assert.Equal(PaymentStatus.Failed, second.Status);
        Assert.DoesNotContain("cannot be read", second.FailureText, StringComparison.Ordinal);
    }

    [Fact]
    public void A_funding_that_was_signed_while_the_chain_source_was_away_is_offered_with_the_next_block()
    {
        var (world, left, right, entry) = Open();
        world.Open(left, right);
        world.Settle();
        var isSigned = false;
        for (var i = 0; i < 100 && !isSigned; i++)
        {
            left.View.Away(right.Hub!.Connections.OfType<MessageConnection>().Any(static end => end.Inbound.TryPeek(out var next) && LightningMessage.Read(next).Value is FundingCreated));
            isSigned = left.View.IsAway;
            foreach (var end in left.Hub!.Connections.Concat(right.Hub.Connections).ToArray())
                end.Deliver();
            world.Settle();
        }

        world.DeliverAll();
        var fresh = Assert.Single(left.Node!.Channels.All, one => one != entry);
        var funding = Assert.IsType<OutPoint>(fresh.Funding);
        Assert.DoesNotContain(world.Chain.Waiting, waiting => waiting.TxId == funding.TxId);
        left.View.Away(false);
        world.Chain.Mine();
        world.HearAll();
        Assert.Contains(world.Chain.Waiting, waiting => waiting.TxId == funding.TxId);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_is_owed_to_a_node_that_died_and_whose_peer_never_comes_back_is_claimed_in_time(bool losesPower)
    {
        var (world, left, right) = OpenPair();
        var expiry = Owe(world, left, right);
        left.Kill(losesUnsynced: false);
        right.Kill(losesPower);
        right.Start();
        world.Settle();
        Assert.Equal(!losesPower, Assert.Single(right.Node!.Channels.All).Channel.IsConfirmed);

        // What was not confirmed before is not by the process alone starting again.
        right.Kill(losesUnsynced: false);
        right.Start();
        world.Settle();
        Assert.Equal(!losesPower, Assert.Single(right.Node!.Channels.All).Channel.IsConfirmed);

        // Nobody has to say anything where the process alone has died; after a failure of the power the peer gets the time that there is.
        var margin = losesPower ? ClaimMargins.UnconfirmedClaimBlocks : ClaimMargins.ClaimBlocks;
        var entry = Assert.Single(right.Node!.Channels.All);
        while (right.Height < expiry - margin - 1)
            Mine(world);
        Assert.Equal(ChannelStage.Open, entry.Channel.State.Stage);
        Mine(world);
        Assert.Equal(ChannelStage.Failed, entry.Channel.State.Stage);
        while (right.Height < expiry - 1)
            Mine(world);
        Assert.Equal(CloseKind.Ours, entry.Monitor!.CloseKind);
        Assert.Contains(right.Node.Core.State.Events, static one => one.Text.Contains("closed by force", StringComparison.Ordinal));
        Assert.DoesNotContain(entry.Monitor.FindPending(right.Node.Core.ChainNow), static output => output.Kind == OutputKind.ReceivedInOurs);
    }

    [Fact]
    public void A_payment_of_ours_that_times_out_closes_nothing_before_the_peer_has_agreed_with_our_state_or_the_operator_insists()
    {
        var (world, left, right) = OpenPair();
        var expiry = Owe(world, left, right);
        right.Kill(losesUnsynced: false);
        left.Kill(losesUnsynced: true);
        left.Start();
        world.Settle();
        var entry = Assert.Single(left.Node!.Channels.All);
        while (left.Height < expiry + ClaimMargins.GraceBlocks + 5)
            Mine(world);
        Assert.Equal(ChannelStage.Open, entry.Channel.State.Stage);
        Assert.Empty(world.Chain.Waiting);
        Assert.Single(left.Node.Core.State.Events, static one => one.Text.Contains("should be closed by force and is not", StringComparison.Ordinal));

        world.Wait(world.UnconfirmedGrace);
        world.Close(left, entry, isForced: true);
        world.Settle();
        Assert.Equal(ChannelStage.Failed, entry.Channel.State.Stage);
        Assert.NotEmpty(world.Chain.Waiting);
    }

    // The left one has paid, the right one has taken it, and the word of that is on its way.
    private static int Owe(World world, SimulatedNode left, SimulatedNode right)
    {
        var order = PaymentOrder.ForKeysend(new NodeId(right.Id), new MilliSatoshis(20_000_000), Hashes.Sha256([7]), null, world.Clock.Now.ToUnixTimeMilliseconds());
        world.Begin(left, right, order, null);
        world.Settle();
        var received = Assert.Single(right.Node!.Channels.All).Channel.State.Received;
        for (var i = 0; i < 100 && !received.Any(static htlc => htlc.Preimage is not null); i++)
        {
            foreach (var end in left.Hub!.Connections.Concat(right.Hub!.Connections).ToArray())
                end.Deliver();
            world.Settle();
        }

        return (int)Assert.Single(received, static htlc => htlc.Preimage is not null).CltvExpiry;
    }

    private static void Mine(World world)
    {
        world.Chain.Mine();
        world.HearAll();
        world.Wait(TimeSpan.FromSeconds(2));
    }

    /// <summary>The same with money on both sides.</summary>
    internal static (World World, SimulatedNode Left, SimulatedNode Right) OpenPair(ulong first = 1)
    {
        while (true)
        {
            var (world, left, right, entry) = Open(first);
            if (entry.Channel.State.LocalNow is { Ours.Value: > 50_000_000, Theirs.Value: > 50_000_000 })
                return (world, left, right);
            first = world.Seed + 1;
        }
    }

    // Two nodes and one channel that works both ways.
    private static (World World, SimulatedNode Left, SimulatedNode Right, ChannelEntry Entry) Open(ulong first = 1)
    {
        for (var seed = first; ; seed++)
        {
            var world = new World(seed);
            if (world.Nodes.Count != 2 || world.HasTrust || world.HasWire || seed % 5 == 0)
                continue;
            world.Begin();
            if (world.Nodes[0].Node!.Channels.All.SingleOrDefault() is { Channel: { IsUsable: true, State.Stage: ChannelStage.Open } } entry)
                return (world, world.Nodes[0], world.Nodes[1], entry);
        }
    }
}
