using Tributary.Payments.Errors;
using Tributary.Payments.Intents;
using Tributary.Payments.Ledger;
using Tributary.Payments.Money;
using Tributary.Payments.PullPayments;
using Tributary.Payments.Quotes;
using Tributary.Payments.Rails;
using Tributary.Payments.Refunds;
using Tributary.Storage.Relational;

namespace Tributary.Payments.Tests.PullPayments;

/// <summary>Pull payments and claims on a real database; each database runs it.</summary>
public abstract class PullPaymentServiceContract
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    protected abstract Task<IDatabase> OpenAsync();

    [Fact]
    public async Task Whoever_knows_it_claims_up_to_the_amount_and_is_paid_once()
    {
        await using var world = await WorldAsync();
        var pull = await world.PullAsync(50_000);
        var first = (await world.ClaimAsync(pull, "bc1-bob", 20_000)).Value;
        Assert.Equal((ClaimState.AwaitingPayment, 20_000_000L), (first.State, first.Claim.Bitcoin!.Value));
        Assert.Equal("duplicate_destination", (await world.ClaimAsync(pull, "bc1-bob", 1000)).Error.Code);
        Assert.Equal("overdraft", (await world.ClaimAsync(pull, "bc1-eve", 30_001)).Error.Code);
        await world.Engine.RunAsync(10, Token);
        Assert.Equal((ClaimState.Completed, "preimage"), ((first = await world.ReloadAsync(first)).State, first.Proof));

        // Without an amount, all that is left.
        var rest = (await world.ClaimAsync(pull, "bc1-eve")).Value;
        Assert.Equal(30_000, rest.Claim.Amount.MinorUnits);
        await world.Engine.RunAsync(10, Token);
        Assert.Equal("overdraft", (await world.ClaimAsync(pull, "bc1-dan")).Error.Code);
        Assert.Equal((50_000_000L, 950_000_000L), (world.Chain.Left, await world.SpendableAsync()));
        var view = (await world.Pulls.FindAsync(pull.Id, Token))!;
        Assert.Equal((0L, 2), (view.Left.MinorUnits, view.Claims.Length));
        Assert.False(view.IsOpenAt(world.Clock.GetUtcNow()));
    }

    [Fact]
    public async Task Claims_that_race_never_take_more_than_there_is()
    {
        await using var world = await WorldAsync();
        var pull = await world.PullAsync(50_000);
        var claims = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => world.ClaimAsync(pull, "bc1-" + i, 20_000)));
        Assert.Equal(2, claims.Count(static claim => claim.IsOk));
        Assert.All(claims.Where(static claim => !claim.IsOk), static claim => Assert.Equal("overdraft", claim.Error.Code));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => world.Engine.RunAsync(10, Token)));
        await world.Engine.RunAsync(10, Token);
        Assert.Equal(40_000_000, world.Chain.Left);
    }

    [Fact]
    public async Task A_claim_that_has_to_be_agreed_to_takes_no_money_before()
    {
        await using var world = await WorldAsync();
        var pull = await world.PullAsync(0, approves: false, new CurrencyAmount(1000, PullPaymentWorld.Euro));
        var claim = (await world.ClaimAsync(pull, "bc1-bob", 600)).Value;
        Assert.Equal((ClaimState.AwaitingApproval, null), (claim.State, claim.Claim.Bitcoin));
        Assert.Equal(1_000_000_000, await world.SpendableAsync());
        Assert.Equal("overdraft", (await world.ClaimAsync(pull, "bc1-eve", 401)).Error.Code);
        Assert.Equal("old_revision", (await world.Pulls.ApproveAsync(claim.Claim.Id, 1, null, "ann", Token)).Error.Code);

        // The rate of the day on which somebody agrees.
        world.Price = new BitcoinPrice(PullPaymentWorld.Euro, 12_000_000_000);
        var approved = (await world.Pulls.ApproveAsync(claim.Claim.Id, 0, null, "ann", Token)).Value;
        Assert.Equal((ClaimState.AwaitingPayment, 5_000_000L, "ann"), (approved.State, approved.Claim.Bitcoin!.Value, approved.Claim.ApprovedBy));
        Assert.Equal("invalid_state", (await world.Pulls.ApproveAsync(claim.Claim.Id, 0, null, "ann", Token)).Error.Code);
        await world.Engine.RunAsync(10, Token);
        Assert.Equal(5_000_000, world.Chain.Left);

        var named = (await world.ClaimAsync(pull, "bc1-dan", 400)).Value;
        var atRate = await world.Pulls.ApproveAsync(named.Claim.Id, 0, new BitcoinPrice(PullPaymentWorld.Euro, 4_000_000_000), "ann", Token);
        Assert.Equal(10_000_000, atRate.Value.Claim.Bitcoin);
    }

    [Fact]
    public async Task Above_the_limit_a_second_person_agrees_or_nothing_leaves()
    {
        await using var world = await WorldAsync();
        await world.LimitAsync(10_000_000);
        var pull = await world.PullAsync(50_000);
        var claim = (await world.ClaimAsync(pull, "bc1-bob", 20_000)).Value;
        Assert.Equal(ClaimState.AwaitingApproval, claim.State);
        await world.Engine.RunAsync(10, Token);
        Assert.Equal(0, world.Chain.Left);
        Assert.Equal("approval_by_creator", (await world.Pulls.ApproveAsync(claim.Claim.Id, 0, null, "ann", Token)).Error.Code);
        Assert.Equal(ClaimState.AwaitingPayment, (await world.Pulls.ApproveAsync(claim.Claim.Id, 0, null, "ben", Token)).Value.State);

        var careful = await world.PullAsync(50_000, approves: false);
        var asked = (await world.ClaimAsync(careful, "bc1-eve", 20_000)).Value;
        Assert.Equal("approval_by_creator", (await world.Pulls.ApproveAsync(asked.Claim.Id, 0, null, "ann", Token)).Error.Code);
        Assert.Equal(ClaimState.AwaitingApproval, (await world.ReloadAsync(asked)).State);
        Assert.Equal(ClaimState.AwaitingPayment, (await world.Pulls.ApproveAsync(asked.Claim.Id, 0, null, "ben", Token)).Value.State);
        await world.Engine.RunAsync(10, Token);
        Assert.Equal(40_000_000, world.Chain.Left);
    }

    [Fact]
    public async Task What_was_paid_by_other_means_is_never_sent_and_what_a_rail_has_is_never_marked()
    {
        await using var world = await WorldAsync();
        world.Gate.IsStopped = true;
        var claim = (await PayoutAsync(world, "bc1-bob", 20_000)).Value;
        var paid = (await world.Pulls.MarkPaidAsync(claim.Claim.Id, """{"proofType":"Cash"}""", Token)).Value;
        Assert.Equal((ClaimState.Completed, 1_000_000_000L), (paid.State, await world.SpendableAsync()));
        Assert.Equal("invalid_state", (await world.Pulls.MarkPaidAsync(claim.Claim.Id, null, Token)).Error.Code);
        world.Gate.IsStopped = false;
        world.Chain.Answers.Enqueue(null);
        var other = (await PayoutAsync(world, "bc1-eve", 10_000)).Value;
        await world.Engine.RunAsync(10, Token);

        // Nobody knows what the rail did.
        Assert.Equal("invalid_state", (await world.Pulls.MarkPaidAsync(other.Claim.Id, null, Token)).Error.Code);
        Assert.Equal("invalid_state", (await world.Pulls.CancelClaimAsync(other.Claim.Id, Token)).Error.Code);
        world.Clock.Advance(TimeSpan.FromMinutes(2));
        await world.Engine.RunAsync(10, Token);
        Assert.Equal(ClaimState.Completed, (await world.ReloadAsync(other)).State);
        Assert.Equal(10_000_000, world.Chain.Left);
    }

    [Fact]
    public async Task An_unknown_result_stays_in_progress_and_a_failure_frees_what_it_took()
    {
        await using var world = await WorldAsync();
        var pull = await world.PullAsync(20_000);
        world.Chain.Answers.Enqueue(new OutgoingReport.Pending("tx"));
        world.Chain.Answers.Enqueue(new OutgoingReport.Failed("refused", "No."));
        var claim = (await world.ClaimAsync(pull, "bc1-bob")).Value;
        await world.Engine.RunAsync(10, Token);
        Assert.Equal(ClaimState.InProgress, (await world.ReloadAsync(claim)).State);
        Assert.Equal("duplicate_destination", (await PayoutAsync(world, "bc1-bob", 5)).Error.Code);
        Assert.Equal("overdraft", (await world.ClaimAsync(pull, "bc1-eve")).Error.Code);
        world.Clock.Advance(TimeSpan.FromMinutes(2));
        await world.Engine.RunAsync(10, Token);
        Assert.Equal(ClaimState.Cancelled, (await world.ReloadAsync(claim)).State);
        Assert.True((await world.ClaimAsync(pull, "bc1-eve")).IsOk);
    }

    [Fact]
    public async Task A_refund_at_the_rate_of_then_gives_back_what_came_and_is_claimed_whole()
    {
        await using var world = await WorldAsync(0);
        var paid = await world.PayAsync(1000);
        var pull = (await world.Pulls.CreateRefundAsync(world.Refund(paid, RefundVariant.RateThen), Token)).Value;
        Assert.Equal((16_667L, Currency.Bitcoin, true), (pull.Amount.MinorUnits, pull.Amount.Currency, pull.ApprovesClaims));
        Assert.Equal(0, await world.SpendableAsync());
        Assert.Equal("non_refundable", (await world.Pulls.CreateRefundAsync(world.Refund(paid, RefundVariant.RateThen), Token)).Error.Code);
        Assert.Equal("charge_already_refunded", (await world.Refunds.CreateAsync(new RefundRequest { StoreId = PullPaymentWorld.Store, IsLive = false, IntentId = paid.Intent.Id, Actor = "ann" }, null, Token)).Error.Code);
        Assert.Equal("amount_not_whole", (await world.ClaimAsync(pull, "bc1-bob", 100)).Error.Code);
        world.Chain.Answers.Enqueue(new OutgoingReport.Failed("refused", "No."));
        var first = (await world.ClaimAsync(pull, "bc1-bob")).Value;
        Assert.Equal("overdraft", (await world.ClaimAsync(pull, "bc1-eve")).Error.Code);
        await world.Engine.RunAsync(10, Token);
        Assert.Equal(ClaimState.Cancelled, (await world.ReloadAsync(first)).State);
        var second = (await world.ClaimAsync(pull, "bc1-eve")).Value;
        await world.Engine.RunAsync(10, Token);
        Assert.Equal((ClaimState.Completed, 16_667_000L), ((await world.ReloadAsync(second)).State, world.Chain.Left));
        Assert.Equal("overdraft", (await world.ClaimAsync(pull, "bc1-dan")).Error.Code);
    }

    [Fact]
    public async Task Every_variant_gives_back_what_it_says_and_never_more_than_came()
    {
        await using var world = await WorldAsync(0);
        var paid = await world.PayAsync(1000);

        // Bitcoin costs half: the same euros are twice the bitcoin, of which only what came can go back.
        world.Price = new BitcoinPrice(PullPaymentWorld.Euro, 3_000_000_000);
        var half = (await world.Pulls.CreateRefundAsync(world.Refund(paid, RefundVariant.Custom) with { CustomAmount = new CurrencyAmount(5000, Currency.Bitcoin) }, Token)).Value;
        Assert.Equal(5000, half.Amount.MinorUnits);
        var now = (await world.Pulls.CreateRefundAsync(world.Refund(paid, RefundVariant.CurrentRate) with { SubtractMicroPercent = 10_000_000 }, Token)).Value;
        Assert.True(now.Amount.MinorUnits <= 11_667);
        var fiat = await world.Pulls.CreateRefundAsync(world.Refund(paid, RefundVariant.Custom) with { CustomAmount = new CurrencyAmount(1000, PullPaymentWorld.Euro) }, Token);
        Assert.Equal("overdraft", fiat.Error.Code);

        var dearer = await world.PayAsync(1000);
        world.Price = new BitcoinPrice(PullPaymentWorld.Euro, 6_000_000_000);
        var pull = (await world.Pulls.CreateRefundAsync(world.Refund(dearer, RefundVariant.Fiat) with { SubtractMicroPercent = 2_500_000 }, Token)).Value;
        Assert.Equal((new CurrencyAmount(975, PullPaymentWorld.Euro), false), (pull.Amount, pull.ApprovesClaims));
        Assert.Equal("overdraft", (await world.Pulls.CreateRefundAsync(world.Refund(dearer, RefundVariant.Custom) with { CustomAmount = new CurrencyAmount(26, PullPaymentWorld.Euro) }, Token)).Error.Code);
        var claim = (await world.ClaimAsync(pull, "bc1-bob", 500)).Value;
        Assert.Equal(ClaimState.AwaitingApproval, claim.State);
        Assert.Equal(8_334_000, (await world.Pulls.ApproveAsync(claim.Claim.Id, 0, null, "ann", Token)).Value.Claim.Bitcoin);
        Assert.Equal("customAmount", (await world.Pulls.CreateRefundAsync(world.Refund(dearer, RefundVariant.Custom), Token)).Error.Parameter);
        Assert.Equal("customCurrency", (await world.Pulls.CreateRefundAsync(world.Refund(dearer, RefundVariant.Custom) with { CustomAmount = new CurrencyAmount(1, Currency.Of("usd")) }, Token)).Error.Parameter);
    }

    [Fact]
    public async Task What_was_overpaid_is_the_refund_that_waits_already()
    {
        await using var world = await WorldAsync(0);
        var paid = await world.PayAsync(1000, static due => due + 7_000_000);
        Assert.Equal("subtractPercentage", (await world.Pulls.CreateRefundAsync(world.Refund(paid, RefundVariant.OverpaidAmount) with { SubtractMicroPercent = 1 }, Token)).Error.Parameter);
        var pull = (await world.Pulls.CreateRefundAsync(world.Refund(paid, RefundVariant.OverpaidAmount), Token)).Value;
        Assert.Equal(7000, pull.Amount.MinorUnits);

        // The work in the background and a second request find the same one.
        await world.FollowExcessAsync();
        Assert.Single((await world.ReloadAsync(paid)).Refunds);
        Assert.Equal(pull.Id, (await world.Pulls.CreateRefundAsync(world.Refund(paid, RefundVariant.OverpaidAmount), Token)).Value.Id);
        await world.Pulls.ArchiveAsync(pull.Id, Token);
        Assert.Equal(RefundStatus.RequiresAction, (await world.ReloadAsync(paid)).Refunds.Single().Status);
        Assert.Equal(-7_000_000, await world.BalanceAsync(AccountKind.ShopperExcess) + await world.BalanceAsync(AccountKind.RefundsUnderWay));
        Assert.Equal("nothing_overpaid", (await world.Pulls.CreateRefundAsync(world.Refund(await world.PayAsync(500), RefundVariant.OverpaidAmount), Token)).Error.Code);
    }

    [Fact]
    public async Task A_refund_above_the_limit_waits_for_a_second_person_whoever_claims_it()
    {
        await using var world = await WorldAsync(0);
        await world.LimitAsync(1_000_000);
        var paid = await world.PayAsync(1000);
        var pull = (await world.Pulls.CreateRefundAsync(world.Refund(paid, RefundVariant.RateThen), Token)).Value;
        var claim = (await world.ClaimAsync(pull, "bc1-bob")).Value;
        Assert.Equal(ClaimState.AwaitingApproval, claim.State);
        Assert.Equal("approval_by_creator", (await world.Pulls.ApproveAsync(claim.Claim.Id, 0, null, "ann", Token)).Error.Code);
        Assert.Equal(ClaimState.InProgress, (await world.Pulls.ApproveAsync(claim.Claim.Id, 0, null, "ben", Token)).Value.State);
        await world.Engine.RunAsync(10, Token);
        Assert.Equal(ClaimState.Completed, (await world.ReloadAsync(claim)).State);

        var dated = (await world.Pulls.CreateRefundAsync(world.Refund(await world.PayAsync(1000), RefundVariant.Fiat), Token)).Value;
        var asked = (await world.ClaimAsync(dated, "bc1-eve")).Value;
        Assert.Equal("approval_by_creator", (await world.Pulls.ApproveAsync(asked.Claim.Id, 0, null, "ann", Token)).Error.Code);
        Assert.Equal(ClaimState.InProgress, (await world.Pulls.ApproveAsync(asked.Claim.Id, 0, null, "ben", Token)).Value.State);
    }

    [Fact]
    public async Task An_ended_pull_payment_gives_nothing_and_returns_what_it_held()
    {
        await using var world = await WorldAsync();
        var paid = await world.PayAsync(1000);
        var refund = (await world.Pulls.CreateRefundAsync(world.Refund(paid, RefundVariant.RateThen), Token)).Value;
        var pull = await world.PullAsync(20_000, approves: false);
        var claim = (await world.ClaimAsync(pull, "bc1-bob")).Value;
        Assert.True((await world.Pulls.ArchiveAsync(pull.Id, Token)).Value.IsArchived);
        Assert.True((await world.Pulls.ArchiveAsync(refund.Id, Token)).Value.IsArchived);
        Assert.Equal(ClaimState.Cancelled, (await world.ReloadAsync(claim)).State);
        Assert.Equal("archived", (await world.ClaimAsync(pull, "bc1-eve")).Error.Code);
        Assert.Equal(1_016_667_000, await world.SpendableAsync());
        Assert.Empty(await world.Pulls.ListAsync(PullPaymentWorld.Store, false, withArchived: false, 10, Token));
        Assert.Equal(2, (await world.Pulls.ListAsync(PullPaymentWorld.Store, false, withArchived: true, 10, Token)).Count);
        Assert.Equal(PaymentErrorKind.NotFound, (await world.Pulls.ArchiveAsync("pull_x", Token)).Error.Kind);
    }

    [Fact]
    public async Task Time_opens_and_closes_a_pull_payment()
    {
        await using var world = await WorldAsync();
        var now = world.Clock.GetUtcNow();
        var request = new PullPaymentRequest
        {
            StoreId = PullPaymentWorld.Store,
            IsLive = false,
            Amount = new CurrencyAmount(1000, Currency.Bitcoin),
            ApprovesClaims = true,
            StartsAt = now.AddHours(1),
            ExpiresAt = now.AddHours(2),
            Actor = "ann",
            Rails = [RailKind.OnChain],
        };
        var pull = (await world.Pulls.CreateAsync(request, Token)).Value;
        Assert.Equal("not_started", (await world.ClaimAsync(pull, "bc1-bob")).Error.Code);
        world.Clock.Advance(TimeSpan.FromHours(1));
        Assert.True((await world.ClaimAsync(pull, "bc1-bob", 400)).IsOk);
        world.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal("expired", (await world.ClaimAsync(pull, "bc1-eve", 400)).Error.Code);
        Assert.Equal("expiresAt", (await world.Pulls.CreateAsync(request with { ExpiresAt = now }, Token)).Error.Parameter);
        Assert.Equal("payoutMethods", (await world.Pulls.CreateAsync(request with { Rails = [RailKind.Card], StartsAt = null, ExpiresAt = null }, Token)).Error.Parameter);
    }

    [Fact]
    public async Task A_payment_by_card_goes_back_to_the_card_and_is_not_claimed()
    {
        await using var world = await WorldAsync();
        var paid = await world.PayByCardAsync(1000);
        Assert.False((await world.Pulls.CreateRefundAsync(world.Refund(paid, RefundVariant.RateThen), Token)).IsOk);
        Assert.Equal("non_refundable", (await world.Pulls.CreateRefundAsync(world.Refund(paid, RefundVariant.Fiat), Token)).Error.Code);
        Assert.Empty((await world.ReloadAsync(paid)).Refunds);
    }

    [Fact]
    public async Task A_destination_that_is_none_is_refused_and_changes_nothing()
    {
        await using var world = await WorldAsync();
        var pull = await world.PullAsync(20_000);
        foreach (var destination in (string[])["", "lnbc1broken", "lightning:x", "bob@example.com", "LNURL1DP68", "bitcoin:?x=1", new string('b', 5000)])
            Assert.Equal("destination", (await world.ClaimAsync(pull, destination)).Error.Parameter);
        Assert.Equal("destination_invalid", (await world.ClaimAsync(pull, "bad")).Error.Code);
        Assert.Empty((await world.Pulls.FindAsync(pull.Id, Token))!.Claims);
        Assert.Equal(PaymentErrorKind.NotFound, (await world.ClaimAsync(pull with { Id = "pull_x" }, "bc1-bob")).Error.Kind);
        Assert.Equal("amount", (await PayoutAsync(world, "bc1-bob", null)).Error.Parameter);
        Assert.Equal("balance_insufficient", (await PayoutAsync(world, "bc1-bob", 2_000_000)).Error.Code);
    }

    private static Task<Primitives.Results.Result<ClaimView, PaymentError>> PayoutAsync(PullPaymentWorld world, string destination, long? satoshis) => world.Pulls.ClaimAsync(
        new ClaimRequest
        {
            StoreId = PullPaymentWorld.Store,
            Destination = destination,
            Amount = satoshis is { } amount ? new CurrencyAmount(amount, Currency.Bitcoin) : null,
            IsApproved = true,
            Actor = "ann",
        },
        Token);

    private async Task<PullPaymentWorld> WorldAsync(long earned = 1_000_000_000) => await PullPaymentWorld.OpenAsync(await OpenAsync(), earned);
}
