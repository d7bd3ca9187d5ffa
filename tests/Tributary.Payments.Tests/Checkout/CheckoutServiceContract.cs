using Tributary.Crypto;
using Tributary.Payments.Checkout;
using Tributary.Payments.Identifiers;
using Tributary.Payments.Intents;
using Tributary.Payments.Money;
using Tributary.Payments.Outbox;
using Tributary.Payments.Quotes;
using Tributary.Payments.Rails;
using Tributary.Payments.Rails.Card;
using Tributary.Payments.Storage;
using Tributary.Payments.Tests.Rails;
using Tributary.Storage.Relational;

namespace Tributary.Payments.Tests.Checkout;

/// <summary>Checkout sessions and payment links on a real database; each database runs it.</summary>
public abstract class CheckoutServiceContract
{
    private const string Store = "store_1";
    private static readonly CheckoutLine s_tea = new("Tea", "Darjeeling, first flush", 1250, 2);
    private readonly TestClock _clock = new();
    private readonly FaultyRail _chain = new(RailKind.OnChain);
    private readonly ObjectIds _ids = new(SystemEntropy.Instance);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    protected abstract Task<IDatabase> OpenAsync();

    [Fact]
    public async Task A_session_comes_with_its_intent_and_opens_with_its_secret_alone()
    {
        await using var database = await OpenMigratedAsync();
        var (checkout, _, _) = Parts(database);
        var made = (await checkout.CreateAsync(Request(), null, Token)).Value;
        Assert.Equal(new CurrencyAmount(2500, Currency.Of("eur")), made.Payment.Intent.Amount);
        Assert.Equal("2 × Tea", made.Payment.Intent.Description);
        Assert.Equal(made.Session.ExpiresAt, made.Payment.Intent.ExpiresAt);
        Assert.Equal(CheckoutStatus.Open, made.Status);

        var opened = await checkout.OpenAsync(made.Session.Id, made.Session.Secret, Token);
        Assert.Equal(made.Session.Lines, opened!.Session.Lines);
        Assert.Null(await checkout.OpenAsync(made.Session.Id, made.Session.Secret[..^1] + "?", Token));
        Assert.Null(await checkout.OpenAsync(made.Session.Id, "", Token));
        Assert.Equal(made.Session.Id, (await checkout.FindByIntentAsync(made.Payment.Intent.Id, Token))!.Session.Id);
    }

    [Fact]
    public async Task What_is_refused_leaves_neither_session_nor_intent()
    {
        await using var database = await OpenMigratedAsync();
        var (checkout, _, _) = Parts(database);
        Assert.Equal("line_items", (await checkout.CreateAsync(Request() with { Lines = [] }, null, Token)).Error.Parameter);
        Assert.Equal("success_url", (await checkout.CreateAsync(Request() with { SuccessUrl = "javascript:alert(1)" }, null, Token)).Error.Parameter);
        Assert.Equal("expires_at", (await checkout.CreateAsync(Request() with { Lifetime = TimeSpan.FromMinutes(29) }, null, Token)).Error.Parameter);
        Assert.Equal("payment_method_types", (await checkout.CreateAsync(Request() with { Rails = [RailKind.Card, RailKind.Card] }, null, Token)).Error.Parameter);
        await Assert.ThrowsAsync<InvalidOperationException>(() => checkout.CreateAsync(Request(), static (_, _, _) => throw new InvalidOperationException("The answer cannot be kept."), Token));
        Assert.Empty(await checkout.ListAsync(new CheckoutQuery(Store, IsLive: false, 10), Token));
        Assert.Empty(await database.ReadAsync((transaction, token) => PaymentStore.ListAsync(transaction, new IntentQuery(Store, false, 10), token), Token));
    }

    [Fact]
    public async Task A_session_that_is_paid_is_told_once_and_a_restart_tells_nothing_again()
    {
        await using var database = await OpenMigratedAsync();
        var (checkout, payments, follower) = Parts(database);
        var made = (await checkout.CreateAsync(Request(), null, Token)).Value;
        await payments.ConfirmAsync(made.Payment.Intent.Id, new ConfirmRequest(RailKind.Card, "4242424242424242"), null, Token);
        Assert.Equal("completed", await HistoryAsync(database, follower, made));
        Assert.Equal("completed", await HistoryAsync(database, new CheckoutFollower(database, _ids, _clock), made));
        var told = (await OutboxLog.ReadAsync(database, 0, 100, Token)).Single(static told => CheckoutEvents.IsOne(told.Kind));
        var file = CheckoutEvents.Read(told);
        Assert.Equal((CheckoutStatus.Complete, true, made.Session.Id), (file.Status, file.IsPaid, file.Session.Id));
    }

    [Fact]
    public async Task Money_that_is_not_final_completes_a_session_and_pays_it_later()
    {
        await using var database = await OpenMigratedAsync();
        var (checkout, payments, follower) = Parts(database);
        var made = (await checkout.CreateAsync(Request(), null, Token)).Value;
        var offered = (await payments.ConfirmAsync(made.Payment.Intent.Id, new ConfirmRequest(RailKind.OnChain), null, Token)).Value.Attempts[0];
        await ReportAsync(payments, 1, offered, ReceiptStatus.Seen);
        Assert.Equal("completed", await HistoryAsync(database, follower, made));
        Assert.False((await checkout.FindAsync(made.Session.Id, Token))!.IsPaid);
        await ReportAsync(payments, 2, offered, ReceiptStatus.Settled);
        Assert.Equal("completed async_payment_succeeded", await HistoryAsync(database, follower, made));
    }

    [Fact]
    public async Task A_session_ends_by_its_time_or_by_its_merchant_and_a_paid_one_does_not()
    {
        await using var database = await OpenMigratedAsync();
        var (checkout, payments, follower) = Parts(database);
        var late = (await checkout.CreateAsync(Request() with { Lifetime = TimeSpan.FromMinutes(30) }, null, Token)).Value;
        var ended = (await checkout.CreateAsync(Request(), null, Token)).Value;
        var paid = (await checkout.CreateAsync(Request(), null, Token)).Value;
        await payments.ConfirmAsync(paid.Payment.Intent.Id, new ConfirmRequest(RailKind.Card, "4242424242424242"), null, Token);

        Assert.Equal(CheckoutStatus.Expired, (await checkout.ExpireAsync(ended.Session.Id, Token)).Value.Status);
        Assert.Equal("resource_invalid_state", (await checkout.ExpireAsync(ended.Session.Id, Token)).Error.Code);
        Assert.Equal("resource_invalid_state", (await checkout.ExpireAsync(paid.Session.Id, Token)).Error.Code);
        Assert.Equal("resource_missing", (await checkout.ExpireAsync("cs_test_absent", Token)).Error.Code);
        _clock.Advance(TimeSpan.FromMinutes(31));
        await payments.TickAsync(10, Token);
        Assert.Equal("expired", await HistoryAsync(database, follower, late));
        Assert.Equal("expired", await HistoryAsync(database, follower, ended));
        Assert.Equal("completed", await HistoryAsync(database, follower, paid));
    }

    [Fact]
    public async Task A_list_goes_both_ways_by_its_cursors_and_keeps_to_its_store()
    {
        await using var database = await OpenMigratedAsync();
        var (checkout, _, _) = Parts(database);
        var made = new List<string>();
        for (var i = 0; i < 7; i++)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(1));
            made.Add((await checkout.CreateAsync(Request(), null, Token)).Value.Session.Id);
        }

        await checkout.CreateAsync(Request() with { StoreId = "store_2" }, null, Token);
        made.Reverse();
        var query = new CheckoutQuery(Store, IsLive: false, 3);
        Assert.Equal(made[..3], Ids(await checkout.ListAsync(query, Token)));
        Assert.Equal(made[3..6], Ids(await checkout.ListAsync(query with { After = made[2] }, Token)));
        Assert.Equal(made[2..5], Ids(await checkout.ListAsync(query with { Before = made[5] }, Token)));
        Assert.Empty(await checkout.ListAsync(query with { IsLive = true }, Token));
    }

    [Fact]
    public async Task A_link_is_listed_closed_and_opened_by_its_own_store_only()
    {
        await using var database = await OpenMigratedAsync();
        var links = new PaymentLinkStore(_ids, _clock);
        var link = (await database.WriteAsync((transaction, token) => links.CreateAsync(transaction, LinkRequest(), token), Token)).Value;
        Assert.True(link.IsActive);
        Assert.False(await database.WriteAsync((transaction, token) => PaymentLinkStore.SetActiveAsync(transaction, "store_2", false, link.Id, false, token), Token));
        Assert.False(await database.WriteAsync((transaction, token) => PaymentLinkStore.SetActiveAsync(transaction, Store, true, link.Id, false, token), Token));
        Assert.True(await database.WriteAsync((transaction, token) => PaymentLinkStore.SetActiveAsync(transaction, Store, false, link.Id, false, token), Token));
        Assert.False((await database.ReadAsync((transaction, token) => PaymentLinkStore.FindAsync(transaction, link.Id, token), Token))!.IsActive);
        Assert.Empty(await database.ReadAsync((transaction, token) => PaymentLinkStore.ListAsync(transaction, Store, false, true, null, 10, token), Token));
        Assert.Single(await database.ReadAsync((transaction, token) => PaymentLinkStore.ListAsync(transaction, Store, false, null, null, 10, token), Token));

        var (checkout, _, _) = Parts(database);
        var session = (await checkout.CreateAsync(Request() with { PaymentLinkId = link.Id }, null, Token)).Value.Session.Id;
        Assert.Equal([session], Ids(await checkout.ListAsync(new CheckoutQuery(Store, false, 10) { PaymentLinkId = link.Id }, Token)));
    }

    private static List<string> Ids(List<CheckoutFile> files) => [.. files.Select(static file => file.Session.Id)];

    private static CheckoutRequest Request() => new()
    {
        StoreId = Store,
        IsLive = false,
        Currency = Currency.Of("eur"),
        Lines = [s_tea],
        SuccessUrl = "https://shop.example/thanks?session={CHECKOUT_SESSION_ID}",
    };

    private static PaymentLinkRequest LinkRequest() => new() { StoreId = Store, IsLive = false, Currency = Currency.Of("eur"), Lines = [s_tea] };

    private static Task ReportAsync(PaymentService payments, long position, PaymentAttempt attempt, ReceiptStatus status) =>
        payments.ApplyAsync(attempt.Rail, new RailEvent(position, new RailReport.Money(attempt.Reference, "outpoint", status, attempt.Due, null)), Token);

    // What was told of a session, in order, once everything was followed.
    private static async Task<string> HistoryAsync(IDatabase database, CheckoutFollower follower, CheckoutFile of)
    {
        do
        {
            await OutboxLog.NumberAsync(database, 1000, Token);
        }
        while (await follower.FollowAsync(3, Token) > 0);
        return string.Join(' ', (await OutboxLog.ReadAsync(database, 0, 1000, Token))
            .Where(told => string.Equals(told.ObjectId, of.Session.Id, StringComparison.Ordinal))
            .Select(static told => told.Kind["checkout.session.".Length..]));
    }

    private (CheckoutService Checkout, PaymentService Payments, CheckoutFollower Follower) Parts(IDatabase database)
    {
        var store = new PaymentStore(_ids, _clock);
        var prices = new FixedPriceSource([new BitcoinPrice(Currency.Of("eur"), 6_000_000_000)], _clock);
        var payments = new PaymentService(database, store, _ids, new Quoter(prices, _clock), [_chain, new CardRail(_clock)], new PaymentOptions(), _clock);
        return (new CheckoutService(database, payments, store, _ids), payments, new CheckoutFollower(database, _ids, _clock));
    }

    private async Task<IDatabase> OpenMigratedAsync()
    {
        var database = await OpenAsync();
        await MigrationRunner.MigrateAsync(database, PaymentTables.Module, PaymentTables.Migrations, Token);
        await MigrationRunner.MigrateAsync(database, CheckoutTables.Module, CheckoutTables.Migrations, Token);
        return database;
    }
}
