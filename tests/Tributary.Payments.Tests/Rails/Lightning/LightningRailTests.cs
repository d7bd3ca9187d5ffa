using Tributary.Lightning.Node.Reports;
using Tributary.Payments.Intents;
using Tributary.Payments.Ledger;
using Tributary.Payments.Money;
using Tributary.Payments.Rails.Lightning;
using Tributary.Payments.Storage;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;

namespace Tributary.Payments.Tests.Rails.Lightning;

/// <summary>The Lightning rail on real nodes with a real channel.</summary>
public sealed class LightningRailTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_payment_is_taken_by_the_stored_decision_and_booked_to_the_millisatoshi()
    {
        await using var world = await RailWorld.OpenAsync();
        var file = await world.OfferAsync(RailKind.Lightning, 12_345);
        var paying = world.PayAsync(file.Attempts[0].Instruction!);
        await world.ApplyUntilAsync(world.Lightning, async () => (await world.FindAsync(file)).Receipts.Length == 1);

        // Held, and nothing taken before the command that is stored with the report is carried out.
        var held = await world.FindAsync(file);
        Assert.Equal((IntentStatus.Processing, ReceiptStatus.Held), (held.Intent.Status, held.Receipts[0].Status));
        Assert.NotNull(held.Intent.CaptureBefore);
        Assert.False(paying.IsCompleted);
        Assert.Equal(1, await world.Service.RunCommandsAsync(10, Token));

        Assert.Equal("succeeded", (await paying).State);
        Assert.Equal(IntentStatus.Succeeded, (await world.FindAsync(file)).Intent.Status);
        Assert.Equal(12_345_000, await world.BalanceAsync(AccountKind.LightningChannels));
        Assert.Equal(-12_345_000, await world.BalanceAsync(AccountKind.MerchantAvailable));
        Assert.Equal(0, await world.BalanceAsync(AccountKind.LightningHeld));
    }

    [Fact]
    public async Task A_server_that_dies_between_any_two_steps_takes_the_payment_once()
    {
        await using var world = await RailWorld.OpenAsync();
        var file = await world.OfferAsync(RailKind.Lightning, 20_000);
        var paying = world.Shopper.Node.PayAsync(new PayRequest(file.Attempts[0].Instruction!) { Timeout = TimeSpan.FromSeconds(5) }, Token);
        await RailWorld.WaitAsync(async () => (await world.Merchant.Node.GetPositionAsync(Token)).HeldCount == 1);
        await paying;

        // The HTLC is there and nobody has applied it; then it is applied and the command not carried out.
        await world.ReopenAsync();
        await world.ApplyUntilAsync(world.Lightning, async () => (await world.FindAsync(file)).Receipts.Length == 1);
        await world.ReopenAsync();

        // The node settles, and the answer is lost with the process.
        var now = await world.FindAsync(file);
        await RailWorld.WaitAsync(async () =>
        {
            try
            {
                return (await world.Lightning.ExecuteAsync(new RailCommand.Settle(now.Attempts[0].Id, 20_000_000), now.Attempts[0], Token)).Length == 1;
            }
            catch (IOException)
            {
                // The channel has not told of the parts since the restart.
                return false;
            }
        });
        await world.ReopenAsync();
        world.Pump();
        await world.WaitForAsync(file, IntentStatus.Succeeded);
        Assert.Equal(20_000_000, await world.BalanceAsync(AccountKind.LightningChannels));
        Assert.Single((await world.FindAsync(file)).Receipts);
        Assert.Equal("succeeded", (await world.Shopper.Node.FindPaymentAsync(Hash(file), isOutgoing: true, Token))!.State);
    }

    [Fact]
    public async Task Reports_that_come_again_change_nothing()
    {
        await using var world = await RailWorld.OpenAsync();
        world.Pump();
        var file = await world.OfferAsync(RailKind.Lightning, 7_000);
        await world.PayAsync(file.Attempts[0].Instruction!);
        var paid = await world.WaitForAsync(file, IntentStatus.Succeeded);
        var last = (long)(await world.Merchant.Node.GetPositionAsync(Token)).Sequence;
        await world.WaitForAsync(file, now => now.Receipts[0].Status == ReceiptStatus.Settled);
        await foreach (var reported in world.Lightning.FollowAsync(0, Token))
        {
            // Under positions that the cursor has not seen: as after a restore of an older database.
            await world.Service.ApplyAsync(RailKind.Lightning, reported with { Position = reported.Position + 1_000_000 }, Token);
            if (reported.Position >= last)
                break;
        }

        Assert.Equal(paid.Intent.Version, (await world.FindAsync(file)).Intent.Version);
        Assert.Equal(7_000_000, await world.BalanceAsync(AccountKind.LightningChannels));
    }

    [Fact]
    public async Task A_hold_is_captured_in_part_by_taking_all_and_owing_the_rest()
    {
        await using var world = await RailWorld.OpenAsync();
        world.Pump();
        var file = await world.OfferAsync(RailKind.Lightning, 10_000, CaptureMethod.Manual);
        var paying = world.PayAsync(file.Attempts[0].Instruction!);
        var held = await world.WaitForAsync(file, IntentStatus.RequiresCapture);

        // 36 blocks before the HTLC's expiry at the latest, counted at five minutes a block.
        Assert.InRange(held.Intent.CaptureBefore!.Value - DateTimeOffset.UtcNow, TimeSpan.FromHours(6), TimeSpan.FromHours(24));
        Assert.Equal(10_000_000, await world.BalanceAsync(AccountKind.LightningHeld));
        Assert.True((await world.Service.CaptureAsync(file.Intent.Id, new CurrencyAmount(4_000, Currency.Bitcoin), null, Token)).IsOk);
        Assert.Equal("succeeded", (await paying).State);
        await world.WaitForAsync(file, IntentStatus.Succeeded);
        Assert.Equal(-4_000_000, await world.BalanceAsync(AccountKind.MerchantAvailable));
        Assert.Equal(-6_000_000, await world.BalanceAsync(AccountKind.ShopperExcess));
    }

    [Fact]
    public async Task A_hold_that_is_cancelled_goes_back_to_the_shopper()
    {
        await using var world = await RailWorld.OpenAsync();
        world.Pump();
        var file = await world.OfferAsync(RailKind.Lightning, 10_000, CaptureMethod.Manual);
        var paying = world.PayAsync(file.Attempts[0].Instruction!);
        await world.WaitForAsync(file, IntentStatus.RequiresCapture);
        Assert.True((await world.Service.CancelAsync(file.Intent.Id, CancellationReason.RequestedByCustomer, null, Token)).IsOk);
        Assert.Equal("failed", (await paying).State);
        var after = await world.WaitForAsync(file, now => now.Receipts[0].Status == ReceiptStatus.Released);
        Assert.Equal(IntentStatus.Canceled, after.Intent.Status);
        Assert.Equal(0, await world.BalanceAsync(AccountKind.LightningHeld));
        Assert.Equal(0, await world.BalanceAsync(AccountKind.LightningChannels));
    }

    [Fact]
    public async Task An_invoice_of_a_cancelled_intent_cannot_be_paid()
    {
        await using var world = await RailWorld.OpenAsync();
        world.Pump();
        var file = await world.OfferAsync(RailKind.Lightning, 10_000);
        Assert.True((await world.Service.CancelAsync(file.Intent.Id, CancellationReason.Abandoned, null, Token)).IsOk);
        await RailWorld.WaitAsync(async () => (await world.Merchant.Node.FindPaymentAsync(Hash(file), isOutgoing: false, Token))!.State is "cancelled");
        Assert.Equal("failed", (await world.PayAsync(file.Attempts[0].Instruction!)).State);
        Assert.Empty((await world.FindAsync(file)).Receipts);
    }

    [Fact]
    public async Task It_is_offered_up_to_what_can_be_received_and_held_up_to_the_cap()
    {
        await using var world = await RailWorld.OpenAsync();
        var receivable = (await world.Merchant.Node.ListChannelsAsync(Token)).Single().Receivable.FloorToSatoshis().Value;
        await world.OfferAsync(RailKind.Lightning, receivable);
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => world.OfferAsync(RailKind.Lightning, receivable + 1));
        Assert.Contains("lightning_cannot_receive", refused.Message, StringComparison.Ordinal);

        var capped = new LightningRailOptions { HeldAmountMax = new MilliSatoshis(999_000) };
        var rail = new LightningRail(new(new LightningBackend(world.Merchant.Node, world.Merchant.PaymentSecret)), world.Database, capped, TimeProvider.System);
        var file = await world.OfferAsync(RailKind.Lightning, 1_000);
        var request = new Payments.Rails.RailOfferRequest("att_1", file.Intent.Amount, file.Attempts[0].Quote, null, DateTimeOffset.UtcNow.AddMinutes(5), IsHeld: true, null);
        Assert.Equal("hold_limit_reached", (await rail.OfferAsync(request, Token)).Error.Code);
        Assert.True((await rail.OfferAsync(request with { IsHeld = false }, Token)).IsOk);
    }

    [Fact]
    public async Task Without_a_channel_nothing_is_offered()
    {
        await using var world = await RailWorld.OpenAsync(hasChannel: false);
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => world.OfferAsync(RailKind.Lightning, 1_000));
        Assert.Contains("lightning_cannot_receive", refused.Message, StringComparison.Ordinal);
        Assert.Empty(await world.Database.ReadAsync((transaction, token) => PaymentStore.FindOpenReferencesAsync(transaction, RailKind.Lightning, 10, token), Token));
    }

    private static Bytes32 Hash(PaymentFile file) => Bytes32.TryParse(file.Attempts[0].Reference, out var hash) ? hash : throw new InvalidOperationException();
}
