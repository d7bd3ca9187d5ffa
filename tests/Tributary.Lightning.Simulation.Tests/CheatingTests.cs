using Tributary.Crypto;
using Tributary.Lightning.Features;
using Tributary.Lightning.Invoices;
using Tributary.Lightning.Node.Reports;
using Tributary.Lightning.Payments;
using Tributary.Lightning.Simulation.Tests.Machines;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.Simulation.Tests;

/// <summary>
/// Who cheats gets as far as its second stages: its revoked commitment and the HTLC transactions on it are in blocks before the other side looks.
/// All of it ends with the other side, also when a reorganisation takes out of the chain what the penalty followed.
/// </summary>
public sealed class CheatingTests
{
    private const long Amount = 6_000_000;

    /// <summary>How many blocks are replaced once the penalty is in one, and the channel's format.</summary>
    public static TheoryData<int, bool> Stories => new() { { 0, true }, { 0, false }, { 2, true }, { 2, false }, { 3, true }, { 3, false } };

    [Theory]
    [MemberData(nameof(Stories))]
    public void An_HTLC_success_transaction_of_a_revoked_state_is_punished(int reorganised, bool hasAnchors)
    {
        var (world, left, right) = Open(hasAnchors);
        Pay(world, left, right, 1);

        // Right knows the preimage, and has the HTLC in its commitment.
        Begin(world, left, right, 2);
        while (!right.Node!.Channels.All.Single().Channel.State.Received.Any(static htlc => htlc.Preimage is not null))
            Assert.True(DeliverOne(world), "The HTLC never came.");
        var media = right.CopyMedia();
        world.DeliverAll();
        Pay(world, left, right, 3);
        Pay(world, right, left, 4);
        Cheat(world, left, right, media, reorganised);
    }

    [Theory]
    [MemberData(nameof(Stories))]
    public void An_HTLC_timeout_transaction_of_a_revoked_state_is_punished(int reorganised, bool hasAnchors)
    {
        var (world, left, right) = Open(hasAnchors);
        Pay(world, left, right, 1);
        var invoice = Ask(world, left);
        world.Begin(right, left, PaymentOrder.ForInvoice(invoice, null, null, (world.Clock.Now + right.Skew).ToUnixTimeMilliseconds()).Value, null);
        world.DeliverAll();
        var expiry = Assert.Single(right.Node!.Channels.All.Single().Channel.State.Offered).CltvExpiry;
        var media = right.CopyMedia();
        left.Process!.Run(() =>
        {
            _ = left.Node!.CancelAsync(invoice.Terms.PaymentHash, CancellationToken.None);
        });
        world.DeliverAll();
        Assert.Empty(right.Node.Channels.All.Single().Channel.State.Offered);
        while (world.Chain.Height < expiry)
            world.Chain.Mine();
        world.HearAll();
        Pay(world, right, left, 4);
        Cheat(world, left, right, media, reorganised);
    }

    private static (World World, SimulatedNode Left, SimulatedNode Right) Open(bool hasAnchors)
    {
        for (ulong first = 1; ; first++)
        {
            var (world, left, right) = ScenarioTests.OpenPair(first);
            if (world.Features.Supports(Feature.AnchorsZeroFeeHtlc) == hasAnchors)
                return (world, left, right);
            first = world.Seed;
        }
    }

    private static void Cheat(World world, SimulatedNode left, SimulatedNode right, (Testing.Storage.SimulatedDisk Disk, WalletMemory Coins) media, int reorganised)
    {
        right.CheatWith(media);
        world.Settle();
        world.Close(right, right.Node!.Channels.All.Single(), isForced: true);
        world.Settle();

        // Two blocks that left does not look at: the commitment, then the second stage.
        for (var i = 0; i < 2; i++)
        {
            world.Wait(TimeSpan.FromSeconds(2));
            world.Chain.Mine();
            while (!right.View.IsAtTip)
                right.View.Step();
            world.Settle();
        }

        world.HearAll();
        if (reorganised > 0)
        {
            world.Wait(TimeSpan.FromSeconds(1));
            world.Chain.Mine();
            world.HearAll();
            world.Chain.Reorganise(reorganised);
            world.HearAll();
        }

        world.Finish();
        Assert.Equal(1, world.Tally["revoked states punished"]);
        Assert.True(reorganised > 0 || world.Tally.GetValueOrDefault("second stages of revoked states punished") > 0, "Nobody came as far as a second stage.");
    }

    private static Invoice Ask(World world, SimulatedNode payee)
    {
        var asked = payee.Process!.Run(() => payee.Node!.CreateInvoiceAsync(new InvoiceRequest(new MilliSatoshis(Amount)) { IsHold = true }, CancellationToken.None));
        world.Settle();
        return Invoice.Parse(asked.Result.Value.Text).Value;
    }

    private static void Pay(World world, SimulatedNode from, SimulatedNode to, byte number)
    {
        var order = Begin(world, from, to, number);
        world.DeliverAll();
        Assert.Equal(PaymentStatus.Succeeded, from.Node!.Payments.Outgoing.Find(order.PaymentHash)!.Status);
    }

    private static PaymentOrder Begin(World world, SimulatedNode from, SimulatedNode to, byte number)
    {
        var order = PaymentOrder.ForKeysend(new NodeId(to.Id), new MilliSatoshis(Amount), Hashes.Sha256([number]), null, (world.Clock.Now + from.Skew).ToUnixTimeMilliseconds());
        world.Begin(from, to, order, null);
        world.Settle();
        return order;
    }

    private static bool DeliverOne(World world)
    {
        foreach (var end in world.Nodes.SelectMany(static node => node.Hub!.Connections))
        {
            if (!end.Deliver())
                continue;
            world.Settle();
            return true;
        }

        return false;
    }
}
