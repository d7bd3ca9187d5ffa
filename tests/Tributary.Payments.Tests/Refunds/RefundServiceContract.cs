using Tributary.Crypto;
using Tributary.Payments.Errors;
using Tributary.Payments.Identifiers;
using Tributary.Payments.Intents;
using Tributary.Payments.Ledger;
using Tributary.Payments.Money;
using Tributary.Payments.Outbox;
using Tributary.Payments.Outgoing;
using Tributary.Payments.Quotes;
using Tributary.Payments.Rails;
using Tributary.Payments.Rails.Card;
using Tributary.Payments.Refunds;
using Tributary.Payments.Storage;
using Tributary.Payments.Tests.Rails;
using Tributary.Storage.Relational;

namespace Tributary.Payments.Tests.Refunds;

/// <summary>Refunds on a real database; each database runs it.</summary>
public abstract class RefundServiceContract
{
    private const string Store = "store_1";
    private static readonly Currency s_euro = Currency.Of("eur");

    // 60,000 EUR for a bitcoin: a euro is 1,667 satoshis, rounded up.
    private static readonly BitcoinPrice s_price = new(s_euro, 6_000_000_000);
    private readonly TestClock _clock = new();
    private readonly FaultyRail _lightning = new(RailKind.Lightning);
    private readonly FaultyRail _chain = new(RailKind.OnChain);
    private readonly ScriptedOutgoingRail _lightningOut = new(RailKind.Lightning);
    private readonly ScriptedOutgoingRail _chainOut = new(RailKind.OnChain);
    private readonly SwitchedGate _gate = new();
    private long _position;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    protected abstract Task<IDatabase> OpenAsync();

    [Fact]
    public async Task A_card_refund_goes_back_to_the_card_and_a_second_one_takes_the_rest()
    {
        await using var world = await OpenWorldAsync();
        var paid = await PayByCardAsync(world, 2500);
        var first = await RefundAsync(world, paid, 1000);
        Assert.Equal(RefundStatus.Succeeded, first.Refund.Status);
        Assert.Equal((1500, -1500), (await BalanceAsync(world, AccountKind.CardProcessor, s_euro), await BalanceAsync(world, AccountKind.MerchantAvailable, s_euro)));

        var over = await world.Refunds.CreateAsync(Request(paid) with { Amount = 1501 }, null, Token);
        Assert.Equal(("amount_too_large", "amount"), (over.Error.Code, over.Error.Parameter));
        var rest = await RefundAsync(world, paid, null);
        Assert.Equal(1500, rest.Refund.Amount.MinorUnits);
        Assert.Equal((0, 0), (await BalanceAsync(world, AccountKind.CardProcessor, s_euro), await BalanceAsync(world, AccountKind.MerchantAvailable, s_euro)));
        Assert.Equal("charge_already_refunded", (await world.Refunds.CreateAsync(Request(paid), null, Token)).Error.Code);
        Assert.Equal(["refund.created", "refund.updated"], await HistoryAsync(world, rest.Refund.Id));
        Assert.Contains("charge.refunded", await HistoryAsync(world, paid.Intent.ChargeId), StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_card_refund_can_take_its_time_and_can_come_back()
    {
        await using var world = await OpenWorldAsync();
        var slow = await RefundAsync(world, await PayByCardAsync(world, 500, "4000000000007726"), null);
        var returned = await RefundAsync(world, await PayByCardAsync(world, 700, "4000000000005126"), null);
        Assert.Equal((RefundStatus.Pending, RefundStatus.Succeeded), (slow.Refund.Status, returned.Refund.Status));
        Assert.Equal(-500, await BalanceAsync(world, AccountKind.RefundsUnderWay, s_euro));

        _clock.Advance(TimeSpan.FromSeconds(10));
        await world.Engine.RunAsync(100, Token);
        slow = (await world.Refunds.FindAsync(Store, false, slow.Refund.Id, Token))!;
        returned = (await world.Refunds.FindAsync(Store, false, returned.Refund.Id, Token))!;
        Assert.Equal((RefundStatus.Succeeded, RefundStatus.Failed), (slow.Refund.Status, returned.Refund.Status));
        Assert.Equal("expired_or_canceled_card", returned.Refund.FailureCode);

        // What came back is the merchant's again, and can be tried again.
        Assert.Equal(-700, await BalanceAsync(world, AccountKind.MerchantAvailable, s_euro));
        Assert.Equal(700, await BalanceAsync(world, AccountKind.CardProcessor, s_euro));
        Assert.Contains("refund.failed", await HistoryAsync(world, returned.Refund.Id), StringComparer.Ordinal);
        Assert.Equal(0, await world.Engine.RunAsync(100, Token));
    }

    [Fact]
    public async Task Bitcoin_goes_nowhere_until_the_shopper_says_where_to()
    {
        await using var world = await OpenWorldAsync();
        var paid = await PayInBitcoinAsync(world, 1000);
        var due = paid.Attempts[0].Due;
        var refund = await RefundAsync(world, paid, null);
        Assert.Equal(RefundStatus.RequiresAction, refund.Refund.Status);
        Assert.Equal(due, refund.Refund.Gross);
        Assert.Equal((RefundRateKind.Original, s_price), (refund.Refund.Rate!.Kind, refund.Refund.Rate.Price));
        Assert.Equal(-due, await BalanceAsync(world, AccountKind.RefundsUnderWay));
        Assert.Empty(_lightningOut.Calls);

        var token = refund.Refund.ClaimToken!;
        Assert.Equal(refund.Refund.Id, (await world.Refunds.FindByClaimAsync(token, Token))!.Refund.Id);
        Assert.Equal(PaymentErrorKind.NotFound, (await world.Refunds.ClaimAsync("guess", "ln-invoice", Token)).Error.Kind);
        Assert.Equal("destination_invalid", (await world.Refunds.ClaimAsync(token, "bad", Token)).Error.Code);

        _lightningOut.Fee = 1234;
        Assert.Equal(RefundStatus.Pending, (await world.Refunds.ClaimAsync(token, "lnbc-invoice", Token)).Value.Refund.Status);
        Assert.Equal("refund_unexpected_state", (await world.Refunds.ClaimAsync(token, "another-invoice", Token)).Error.Code);
        await world.Engine.RunAsync(10, Token);
        var done = (await world.Refunds.FindAsync(Store, false, refund.Refund.Id, Token))!.Refund;
        Assert.Equal(RefundStatus.Succeeded, done.Status);
        Assert.Null(await world.Refunds.FindByClaimAsync(token, Token));
        Assert.Equal(due + 1234, _lightningOut.Left);

        // It came on chain and left over Lightning; the fee is the merchant's expense.
        Assert.Equal(due, await BalanceAsync(world, AccountKind.OnChain));
        Assert.Equal(-due - 1234, await BalanceAsync(world, AccountKind.LightningChannels));
        Assert.Equal(1234, await BalanceAsync(world, AccountKind.NetworkFees));
        Assert.Equal((0, 0), (await BalanceAsync(world, AccountKind.RefundsUnderWay), await BalanceAsync(world, AccountKind.MerchantAvailable)));
    }

    [Fact]
    public async Task Who_waits_for_a_refund_waits_for_the_work_in_the_background_that_took_it_up_first()
    {
        await using var world = await OpenWorldAsync();
        var refund = await RefundAsync(world, await PayInBitcoinAsync(world, 1000), null);
        await world.Refunds.ClaimAsync(refund.Refund.ClaimToken!, "lnbc-first", Token);
        var answer = new TaskCompletionSource();
        _lightningOut.Held = answer.Task;
        var background = world.Engine.RunAsync(10, Token);
        while (_lightningOut.Calls.IsEmpty)
            await Task.Delay(5, Token);

        var waiting = world.Refunds.SendAsync(refund, Token);
        Assert.False(waiting.IsCompleted);
        answer.SetResult();
        Assert.Equal(RefundStatus.Succeeded, (await waiting).Refund.Status);
        Assert.Equal(1, await background);
        Assert.Single(_lightningOut.Calls);
    }

    [Fact]
    public async Task A_transfer_of_which_nobody_knows_is_the_only_one_that_is_asked_for_again()
    {
        await using var world = await OpenWorldAsync();
        var refund = await RefundAsync(world, await PayInBitcoinAsync(world, 1000), null);
        var token = refund.Refund.ClaimToken!;
        _lightningOut.Answers.Enqueue(null);
        _lightningOut.Answers.Enqueue(new OutgoingReport.Pending("hash"));
        _lightningOut.Answers.Enqueue(null);
        _lightningOut.Answers.Enqueue(new OutgoingReport.Failed("no_route", "No route."));
        await world.Refunds.ClaimAsync(token, "lnbc-first", Token);
        for (var i = 0; i < 3; i++)
        {
            await world.Engine.RunAsync(10, Token);
            Assert.Equal("refund_unexpected_state", (await world.Refunds.ClaimAsync(token, "bc1-address", Token)).Error.Code);
            Assert.Equal("refund_unexpected_state", (await world.Refunds.CancelAsync(Store, false, refund.Refund.Id, null, Token)).Error.Code);
            _clock.Advance(TimeSpan.FromMinutes(1));
        }

        await world.Engine.RunAsync(10, Token);
        Assert.Single(_lightningOut.Calls.Select(static call => call.Id).Distinct(StringComparer.Ordinal));
        var open = (await world.Refunds.FindByClaimAsync(token, Token))!.Refund;
        Assert.Equal((RefundStatus.RequiresAction, "no_route"), (open.Status, open.FailureCode));

        // Ruled out for good: now another way may be tried, by the same link.
        Assert.Equal("destination_used", (await world.Refunds.ClaimAsync(token, "lnbc-first", Token)).Error.Code);
        Assert.True((await world.Refunds.ClaimAsync(token, "bc1-address", Token)).IsOk);
        await world.Engine.RunAsync(10, Token);
        Assert.Equal(RefundStatus.Succeeded, (await world.Refunds.FindAsync(Store, false, refund.Refund.Id, Token))!.Refund.Status);
        Assert.Equal((0, refund.Refund.Gross), (_lightningOut.Left, _chainOut.Left));
    }

    [Fact]
    public async Task Refunds_that_race_never_give_back_more_than_came()
    {
        await using var world = await OpenWorldAsync();
        var paid = await PayInBitcoinAsync(world, 1000);
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => world.Refunds.CreateAsync(Request(paid) with { Amount = 300, Destination = "bc1-" + i }, null, Token)));
        Assert.Equal(3, answers.Count(static answer => answer.IsOk));
        Assert.All(answers.Where(static answer => !answer.IsOk), static answer => Assert.Equal("amount_too_large", answer.Error.Code));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => world.Engine.RunAsync(100, Token)));
        Assert.InRange(_chainOut.Left, 1, paid.Receipts[0].Amount * 9 / 10);
        Assert.Equal(_chainOut.Left, paid.Receipts[0].Amount - await BalanceAsync(world, AccountKind.OnChain));
        Assert.Equal(0, await BalanceAsync(world, AccountKind.RefundsUnderWay));
    }

    [Fact]
    public async Task Nothing_leaves_while_the_switch_is_off_but_what_is_under_way_is_followed()
    {
        await using var world = await OpenWorldAsync();
        var paid = await PayInBitcoinAsync(world, 1000);
        _chainOut.Answers.Enqueue(new OutgoingReport.Pending("tx"));
        await RefundAsync(world, paid, 100, "bc1-first");
        _gate.IsStopped = true;
        await RefundAsync(world, paid, 100, "bc1-second");
        _clock.Advance(TimeSpan.FromMinutes(2));
        await world.Engine.RunAsync(100, Token);
        Assert.DoesNotContain(_chainOut.Calls, static call => call.Destination is "bc1-second");
        Assert.Equal(2, _chainOut.Calls.Count);
        _gate.IsStopped = false;
        await world.Engine.RunAsync(100, Token);
        Assert.Contains(_chainOut.Calls, static call => call.Destination is "bc1-second");
    }

    [Fact]
    public async Task Too_much_money_goes_back_by_itself_where_the_shopper_said_and_by_a_link_otherwise()
    {
        await using var world = await OpenWorldAsync();
        var named = await OfferAsync(world, 1000, "bc1-shopper");
        var silent = await OfferAsync(world, 1000, null);
        await SettleAsync(world, named, named.Attempts[0].Due + 50_000);
        await SettleAsync(world, silent, silent.Attempts[0].Due + 50_999);
        await FollowAsync(world);
        await FollowAsync(world);

        var automatic = Assert.Single((await ReloadAsync(world, named)).Refunds);
        Assert.True(automatic.IsExcess);
        Assert.Equal((RefundStatus.Pending, 50_000), (automatic.Status, automatic.Gross));
        var asked = Assert.Single((await ReloadAsync(world, silent)).Refunds);
        Assert.Equal((RefundStatus.RequiresAction, 50_000), (asked.Status, asked.Gross));
        Assert.Equal(new CurrencyAmount(50, Currency.Bitcoin), asked.Amount);
        await world.Engine.RunAsync(10, Token);
        Assert.Equal(50_000, _chainOut.Left);
        Assert.Equal(-999, await BalanceAsync(world, AccountKind.ShopperExcess));

        // The merchant's own money is untouched by it.
        Assert.Equal(-named.Attempts[0].Due - silent.Attempts[0].Due, await BalanceAsync(world, AccountKind.MerchantAvailable));
    }

    [Fact]
    public async Task Money_for_a_cancelled_payment_goes_back_to_its_card_and_bitcoin_waits_for_its_owner()
    {
        await using var world = await OpenWorldAsync();
        var offered = await OfferAsync(world, 1000, null);
        await world.Payments.CancelAsync(offered.Intent.Id, CancellationReason.RequestedByCustomer, null, Token);
        await SettleAsync(world, offered, offered.Attempts[0].Due);
        await FollowAsync(world);
        var refund = Assert.Single((await ReloadAsync(world, offered)).Refunds);
        Assert.Equal((RefundStatus.RequiresAction, offered.Attempts[0].Due), (refund.Status, refund.Gross));

        _clock.Advance(TimeSpan.FromDays(31));
        await world.Refunds.TickAsync(10, Token);
        var over = Assert.Single((await ReloadAsync(world, offered)).Refunds);
        Assert.Equal((RefundStatus.Failed, "expired"), (over.Status, over.FailureCode));
        Assert.Equal(-offered.Attempts[0].Due, await BalanceAsync(world, AccountKind.ShopperExcess));
        Assert.Equal(PaymentErrorKind.NotFound, (await world.Refunds.ClaimAsync(refund.ClaimToken!, "bc1-late", Token)).Error.Kind);
    }

    [Fact]
    public async Task A_refund_at_the_price_of_now_keeps_the_value_and_never_exceeds_the_bitcoin_that_came()
    {
        await using var world = await OpenWorldAsync();
        var dear = await PayInBitcoinAsync(world, 1000);
        world.Price = s_price with { MilliMinorUnits = s_price.MilliMinorUnits * 2 };
        var half = (await world.Refunds.CreateAsync(Request(dear) with { Rate = RefundRateKind.Current, Amount = 600 }, null, Token)).Value.Refund;
        Assert.Equal((RefundRateKind.Current, world.Price), (half.Rate!.Kind, half.Rate.Price));
        Assert.Equal(world.Price.ToBitcoin(new CurrencyAmount(600, s_euro)).Value, half.Gross);
        world.Price = s_price with { MilliMinorUnits = s_price.MilliMinorUnits / 10 };
        var capped = (await world.Refunds.CreateAsync(Request(dear) with { Rate = RefundRateKind.Current }, null, Token)).Value.Refund;
        Assert.Equal(dear.Receipts[0].Amount - half.Gross, capped.Gross);
    }

    [Fact]
    public async Task A_shopper_who_bears_the_fee_knows_it_before()
    {
        await using var world = await OpenWorldAsync();
        var paid = await PayInBitcoinAsync(world, 1000);
        var refund = (await world.Refunds.CreateAsync(Request(paid) with { FeeBearer = FeeBearer.Shopper }, null, Token)).Value.Refund;
        var left = world.Refunds.LightningAmountOf(refund);
        Assert.InRange(refund.Gross - left, 1000, refund.Gross / 50);
        Assert.Equal("amount_mismatch", (await world.Refunds.ClaimAsync(refund.ClaimToken!, $"ln:{refund.Gross}", Token)).Error.Code);
        _lightningOut.Fee = 700;
        Assert.True((await world.Refunds.ClaimAsync(refund.ClaimToken!, $"ln:{left}", Token)).IsOk);
        await world.Engine.RunAsync(10, Token);
        Assert.Equal(left + 700, _lightningOut.Left);
        Assert.Equal(700 - (refund.Gross - left), await BalanceAsync(world, AccountKind.NetworkFees));
        Assert.Equal(0, await BalanceAsync(world, AccountKind.RefundsUnderWay));
    }

    [Fact]
    public async Task Above_the_limit_somebody_else_has_to_agree()
    {
        await using var world = await OpenWorldAsync();
        var paid = await PayInBitcoinAsync(world, 1000);
        var refund = (await world.Refunds.CreateAsync(Request(paid) with { NeedsApproval = true, Destination = "bc1-shopper" }, null, Token)).Value.Refund;
        await world.Engine.RunAsync(10, Token);
        Assert.Empty(_chainOut.Calls);
        Assert.Equal("approval_by_creator", (await world.Refunds.ApproveAsync(Store, false, refund.Id, "key_1", null, Token)).Error.Code);
        Assert.Equal(PaymentErrorKind.NotFound, (await world.Refunds.ApproveAsync("store_2", false, refund.Id, "user_2", null, Token)).Error.Kind);
        Assert.Equal(RefundStatus.Pending, (await world.Refunds.ApproveAsync(Store, false, refund.Id, "user_2", null, Token)).Value.Refund.Status);
        await world.Engine.RunAsync(10, Token);
        Assert.Equal(refund.Gross, _chainOut.Left);
        Assert.Equal("refund_unexpected_state", (await world.Refunds.ApproveAsync(Store, false, refund.Id, "user_2", null, Token)).Error.Code);
    }

    [Fact]
    public async Task A_reorganisation_after_a_refund_leaves_the_loss_on_the_merchants_account()
    {
        await using var world = await OpenWorldAsync();
        var paid = await PayInBitcoinAsync(world, 1000);
        var due = paid.Attempts[0].Due;
        var refund = await RefundAsync(world, paid, 400, "bc1-shopper");
        Assert.Equal(RefundStatus.Succeeded, refund.Refund.Status);
        await ReportAsync(world, paid, due, ReceiptStatus.Vanished);
        Assert.Equal(refund.Refund.Gross, await BalanceAsync(world, AccountKind.MerchantAvailable));
        await ReportAsync(world, paid, due, ReceiptStatus.Settled);
        Assert.Equal(refund.Refund.Gross - due, await BalanceAsync(world, AccountKind.MerchantAvailable));
        Assert.Equal("amount_too_large", (await world.Refunds.CreateAsync(Request(paid) with { Amount = 601 }, null, Token)).Error.Code);
    }

    [Fact]
    public async Task Lists_show_the_refunds_of_a_payment_and_are_paged_both_ways()
    {
        await using var world = await OpenWorldAsync();
        var paid = await PayByCardAsync(world, 500);
        await RefundAsync(world, await PayByCardAsync(world, 900), 1);
        var made = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(3));
            made.Insert(0, (await RefundAsync(world, paid, 10 + i)).Refund.Id);
        }

        Assert.Equal(made, await IdsAsync(new RefundQuery(Store, false, 10) { IntentId = paid.Intent.Id }));
        Assert.Equal(made[1..3], await IdsAsync(new RefundQuery(Store, false, 2) { After = made[0] }));
        Assert.Equal(made[1..3], await IdsAsync(new RefundQuery(Store, false, 2) { Before = made[3] }));
        Assert.Empty(await IdsAsync(new RefundQuery(Store, true, 10)));

        async Task<List<string>> IdsAsync(RefundQuery query) => [.. (await world.Refunds.ListAsync(query, Token)).Select(static view => view.Refund.Id)];
    }

    private static RefundRequest Request(PaymentFile file) => new() { StoreId = Store, IsLive = false, IntentId = file.Intent.Id, Actor = "key_1" };

    private static async Task<RefundView> RefundAsync(World world, PaymentFile file, long? amount, string? destination = null)
    {
        var created = await world.Refunds.CreateAsync(Request(file) with { Amount = amount, Destination = destination }, null, Token);
        return await world.Refunds.SendAsync(created.Value, Token);
    }

    private static async Task<PaymentFile> PayByCardAsync(World world, long cents, string number = "4242424242424242")
    {
        var created = await world.Payments.CreateAsync(new PaymentRequest { StoreId = Store, IsLive = false, Amount = new CurrencyAmount(cents, s_euro) }, null, Token);
        return (await world.Payments.ConfirmAsync(created.Value.Intent.Id, new ConfirmRequest(RailKind.Card, number), null, Token)).Value;
    }

    private static async Task<PaymentFile> OfferAsync(World world, long cents, string? refundTo)
    {
        var created = await world.Payments.CreateAsync(new PaymentRequest { StoreId = Store, IsLive = false, Amount = new CurrencyAmount(cents, s_euro) }, null, Token);
        return (await world.Payments.ConfirmAsync(created.Value.Intent.Id, new ConfirmRequest(RailKind.OnChain) { RefundDestination = refundTo }, null, Token)).Value;
    }

    private async Task<PaymentFile> PayInBitcoinAsync(World world, long cents)
    {
        var file = await OfferAsync(world, cents, null);
        await SettleAsync(world, file, file.Attempts[0].Due);
        return await ReloadAsync(world, file);
    }

    private Task SettleAsync(World world, PaymentFile file, long amount) => ReportAsync(world, file, amount, ReceiptStatus.Settled);

    private Task ReportAsync(World world, PaymentFile file, long amount, ReceiptStatus status) => world.Payments.ApplyAsync(
        RailKind.OnChain, new RailEvent(++_position, new RailReport.Money(file.Attempts[0].Reference, file.Attempts[0].Reference + ":0", status, amount, null)), Token);

    private static async Task<PaymentFile> ReloadAsync(World world, PaymentFile file) => (await world.Payments.FindAsync(file.Intent.Id, Token))!;

    private static async Task FollowAsync(World world)
    {
        await OutboxLog.NumberAsync(world.Database, 1000, Token);
        while (await world.Refunds.FollowExcessAsync(3, Token) > 0)
        {
        }
    }

    private static async Task<long> BalanceAsync(World world, AccountKind account, Currency? currency = null) => await world.Database.ReadAsync(
        (transaction, token) => PaymentStore.BalanceAsync(transaction, Store, isLive: false, account, currency is { } fiat ? Asset.Of(fiat) : Asset.Bitcoin, token), Token);

    private static async Task<List<string>> HistoryAsync(World world, string objectId)
    {
        await OutboxLog.NumberAsync(world.Database, 1000, Token);
        return [.. (await OutboxLog.ReadAsync(world.Database, 0, 1000, Token)).Where(told => string.Equals(told.ObjectId, objectId, StringComparison.Ordinal)).Select(static told => told.Kind)];
    }

    private async Task<World> OpenWorldAsync()
    {
        var database = await OpenAsync();
        await MigrationRunner.MigrateAsync(database, PaymentTables.Module, PaymentTables.Migrations, Token);
        await MigrationRunner.MigrateAsync(database, OutgoingTables.Module, OutgoingTables.Migrations, Token);
        return new World(this, database);
    }

    private sealed class World : IAsyncDisposable, IPriceSource
    {
        public World(RefundServiceContract test, IDatabase database)
        {
            Database = database;
            var ids = new ObjectIds(SystemEntropy.Instance);
            var clock = test._clock;
            var card = new CardRail(clock);
            var store = new PaymentStore(ids, clock);
            var quoter = new Quoter(this, clock);
            var options = new OutgoingOptions();
            IReadOnlyList<IOutgoingRail> rails = [test._lightningOut, test._chainOut, card];
            var refunds = new RefundStore(store, clock);
            Payments = new PaymentService(database, store, ids, quoter, [test._lightning, test._chain, card], new PaymentOptions(), clock);
            Engine = new OutgoingEngine(database, rails, [new RefundSubject(refunds, options, clock)], test._gate, clock);
            Refunds = new RefundService(database, refunds, new OutgoingRouter(rails, options, clock), Engine, ids, quoter, this, options, clock);
            Now = clock.GetUtcNow;
        }

        public IDatabase Database { get; }

        public PaymentService Payments { get; }

        public RefundService Refunds { get; }

        public OutgoingEngine Engine { get; }

        public BitcoinPrice Price { get; set; } = s_price;

        public string Name => "test";

        private Func<DateTimeOffset> Now { get; }

        public ObservedPrice? Find(Currency currency) => currency == s_euro ? new ObservedPrice(Price, Now()) : null;

        public ValueTask DisposeAsync() => Database.DisposeAsync();
    }
}
