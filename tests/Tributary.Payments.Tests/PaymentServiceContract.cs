using Tributary.Crypto;
using Tributary.Payments.Errors;
using Tributary.Payments.Idempotency;
using Tributary.Payments.Identifiers;
using Tributary.Payments.Intents;
using Tributary.Payments.Ledger;
using Tributary.Payments.Money;
using Tributary.Payments.Outbox;
using Tributary.Payments.Quotes;
using Tributary.Payments.Rails;
using Tributary.Payments.Rails.Card;
using Tributary.Payments.Storage;
using Tributary.Payments.Tests.Rails;
using Tributary.Storage.Relational;

namespace Tributary.Payments.Tests;

/// <summary>The payment core on a real database; each database runs it.</summary>
public abstract class PaymentServiceContract
{
    private const string Store = "store_1";
    private readonly TestClock _clock = new();
    private readonly FaultyRail _lightning = new(RailKind.Lightning);
    private readonly FaultyRail _chain = new(RailKind.OnChain);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static CurrencyAmount Euro(long cents) => new(cents, Currency.Of("eur"));

    protected abstract Task<IDatabase> OpenAsync();

    [Fact]
    public async Task A_card_payment_succeeds_and_the_ledger_says_where_the_money_is()
    {
        await using var database = await OpenMigratedAsync();
        var service = Service(database);
        var intent = await CreateAsync(service, Euro(2500));
        var paid = (await service.ConfirmAsync(intent, new ConfirmRequest(RailKind.Card, "4242 4242 4242 4242"), null, Token)).Value;

        Assert.Equal(IntentStatus.Succeeded, paid.Intent.Status);
        Assert.Equal(Euro(2500), paid.Intent.AmountReceived);
        Assert.Equal(2500, await BalanceAsync(database, AccountKind.CardProcessor, Asset.Of(Currency.Of("eur"))));
        Assert.Equal(-2500, await BalanceAsync(database, AccountKind.MerchantAvailable, Asset.Of(Currency.Of("eur"))));
        Assert.Equal("created requires_action succeeded", await HistoryAsync(database, intent));
    }

    [Theory]
    [InlineData("4000000000000002", "card_declined", "generic_decline")]
    [InlineData("4000000000009995", "card_declined", "insufficient_funds")]
    [InlineData("4000000000000069", "expired_card", "expired_card")]
    public async Task A_declined_card_says_why_and_another_can_be_tried(string number, string code, string decline)
    {
        await using var database = await OpenMigratedAsync();
        var service = Service(database);
        var intent = await CreateAsync(service, Euro(900));
        var declined = (await service.ConfirmAsync(intent, new ConfirmRequest(RailKind.Card, number), null, Token)).Value;
        Assert.Equal(IntentStatus.RequiresPaymentMethod, declined.Intent.Status);
        Assert.Equal((code, decline), (declined.Intent.LastError!.Code, declined.Intent.LastError.DeclineCode));

        var paid = (await service.ConfirmAsync(intent, new ConfirmRequest(RailKind.Card, "5555555555554444"), null, Token)).Value;
        Assert.Equal(IntentStatus.Succeeded, paid.Intent.Status);
        Assert.Null(paid.Intent.LastError);
    }

    [Fact]
    public async Task A_number_that_is_no_test_card_is_refused_and_stored_nowhere()
    {
        await using var database = await OpenMigratedAsync();
        var service = Service(database);
        var intent = await CreateAsync(service, Euro(900));
        var refused = (await service.ConfirmAsync(intent, new ConfirmRequest(RailKind.Card, "4539578763621486"), null, Token)).Error;
        Assert.Equal("card_number_not_accepted", refused.Code);
        Assert.DoesNotContain("4539578763621486", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain((await OutboxAsync(database)).Select(static told => told.Document), static text => text.Contains("4539578763621486", StringComparison.Ordinal));
        Assert.Equal(1, (await service.FindAsync(intent, Token))!.Intent.Version);
    }

    [Fact]
    public async Task A_held_payment_is_captured_in_part_and_the_rest_is_the_shoppers()
    {
        await using var database = await OpenMigratedAsync();
        var service = Service(database);
        var intent = await CreateAsync(service, Euro(1000), CaptureMethod.Manual);
        var offered = (await service.ConfirmAsync(intent, new ConfirmRequest(RailKind.Lightning), null, Token)).Value;
        var attempt = offered.Attempts[0];
        await ReportAsync(service, 1, attempt, attempt.Reference, ReceiptStatus.Held, attempt.Due, _clock.GetUtcNow() + TimeSpan.FromHours(8));
        Assert.Equal(IntentStatus.RequiresCapture, (await service.FindAsync(intent, Token))!.Intent.Status);
        Assert.Equal(attempt.Due, await BalanceAsync(database, AccountKind.LightningHeld, Asset.Bitcoin));

        Assert.Equal("amount_too_large", (await service.CaptureAsync(intent, Euro(1001), null, Token)).Error.Code);
        Assert.Equal(IntentStatus.Processing, (await service.CaptureAsync(intent, Euro(600), null, Token)).Value.Intent.Status);
        _lightning.OutagesLeft = 2;
        Assert.Equal(0, await service.RunCommandsAsync(10, Token));
        Assert.Equal(0, await service.RunCommandsAsync(10, Token));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, await service.RunCommandsAsync(10, Token));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, await service.RunCommandsAsync(10, Token));
        Assert.Equal(3, _lightning.Commands.Count);
        Assert.Single(_lightning.Commands.Distinct());

        var captured = (await service.FindAsync(intent, Token))!;
        Assert.Equal(IntentStatus.Succeeded, captured.Intent.Status);
        Assert.Equal(Euro(600), captured.Intent.AmountReceived);
        var merchant = attempt.Due * 600 / 1000;
        Assert.Equal(-merchant, await BalanceAsync(database, AccountKind.MerchantAvailable, Asset.Bitcoin));
        Assert.Equal(merchant - attempt.Due, await BalanceAsync(database, AccountKind.ShopperExcess, Asset.Bitcoin));
        Assert.Equal(0, await BalanceAsync(database, AccountKind.LightningHeld, Asset.Bitcoin));
        Assert.Equal(attempt.Due, await BalanceAsync(database, AccountKind.LightningChannels, Asset.Bitcoin));
    }

    [Fact]
    public async Task What_earlier_lives_of_the_server_could_not_tell_the_rail_is_told_at_once_by_the_next()
    {
        await using var database = await OpenMigratedAsync();
        var service = Service(database);
        var intent = await CreateAsync(service, Euro(1000), CaptureMethod.Automatic);
        var attempt = (await service.ConfirmAsync(intent, new ConfirmRequest(RailKind.Lightning), null, Token)).Value.Attempts[0];
        await ReportAsync(service, 1, attempt, attempt.Reference, ReceiptStatus.Held, attempt.Due, _clock.GetUtcNow() + TimeSpan.FromHours(8));

        // Each life ends before its node is open; each failure is waited for twice as long as the one before.
        _lightning.OutagesLeft = 10;
        while (_lightning.OutagesLeft > 0)
        {
            Assert.Equal(0, await service.RunCommandsAsync(10, Token));
            _clock.Advance(TimeSpan.FromSeconds(40));
        }

        _lightning.OutagesLeft = 1;
        Assert.Equal(0, await service.RunCommandsAsync(10, Token));
        Assert.Equal(0, await service.RunCommandsAsync(10, Token));
        Assert.Equal(1, await database.WriteAsync((transaction, token) => RailCommands.ReviveAsync(transaction, _clock.GetUtcNow(), token), Token));
        Assert.Equal(1, await service.RunCommandsAsync(10, Token));
        Assert.Equal(IntentStatus.Succeeded, (await service.FindAsync(intent, Token))!.Intent.Status);
    }

    [Fact]
    public async Task A_hold_that_nobody_captures_goes_back_in_time()
    {
        await using var database = await OpenMigratedAsync();
        var service = Service(database);
        var intent = await CreateAsync(service, Euro(1000), CaptureMethod.Manual);
        var attempt = (await service.ConfirmAsync(intent, new ConfirmRequest(RailKind.Lightning), null, Token)).Value.Attempts[0];
        await ReportAsync(service, 1, attempt, attempt.Reference, ReceiptStatus.Held, attempt.Due, _clock.GetUtcNow() + TimeSpan.FromHours(2));
        _clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal(1, await service.TickAsync(10, Token));
        Assert.Equal(1, await service.RunCommandsAsync(10, Token));

        var file = (await service.FindAsync(intent, Token))!;
        Assert.Equal((IntentStatus.Canceled, CancellationReason.Automatic), (file.Intent.Status, file.Intent.CancellationReason));
        Assert.Equal(ReceiptStatus.Released, file.Receipts[0].Status);
        Assert.Equal(0, await BalanceAsync(database, AccountKind.LightningHeld, Asset.Bitcoin));
    }

    [Fact]
    public async Task The_same_report_again_and_a_replayed_history_change_nothing()
    {
        await using var database = await OpenMigratedAsync();
        var service = Service(database);
        var intent = await CreateAsync(service, Euro(1000));
        var attempt = (await service.ConfirmAsync(intent, new ConfirmRequest(RailKind.OnChain), null, Token)).Value.Attempts[0];
        for (var round = 0; round < 3; round++)
        {
            await ReportAsync(service, 1, attempt, "txid:0", ReceiptStatus.Seen, attempt.Due);
            await ReportAsync(service, 2, attempt, "txid:0", ReceiptStatus.Settled, attempt.Due);
        }

        await ReportAsync(service, 3, attempt, "txid:0", ReceiptStatus.Settled, attempt.Due);
        Assert.Equal(attempt.Due, await BalanceAsync(database, AccountKind.OnChain, Asset.Bitcoin));
        Assert.Equal(-attempt.Due, await BalanceAsync(database, AccountKind.MerchantAvailable, Asset.Bitcoin));
        Assert.Equal("created requires_action processing succeeded", await HistoryAsync(database, intent));
    }

    [Fact]
    public async Task Too_little_is_asked_for_again_and_too_much_is_the_shoppers()
    {
        await using var database = await OpenMigratedAsync();
        var service = Service(database);
        var intent = await CreateAsync(service, Euro(1000));
        var first = (await service.ConfirmAsync(intent, new ConfirmRequest(RailKind.OnChain), null, Token)).Value.Attempts[0];
        await ReportAsync(service, 1, first, "a:0", ReceiptStatus.Settled, first.Due / 4);
        var partly = (await service.FindAsync(intent, Token))!;
        Assert.Equal(IntentStatus.RequiresAction, partly.Intent.Status);
        Assert.Equal(Euro(750), partly.Rest);

        var rest = (await service.ConfirmAsync(intent, new ConfirmRequest(RailKind.OnChain), null, Token)).Value.Attempts[1];
        Assert.Equal(Euro(750), rest.Covers);
        await ReportAsync(service, 2, rest, "b:1", ReceiptStatus.Settled, rest.Due + 5_000_000);
        var paid = (await service.FindAsync(intent, Token))!;
        Assert.Equal((IntentStatus.Succeeded, Euro(1000)), (paid.Intent.Status, paid.Intent.AmountReceived));
        Assert.Equal(-5_000_000, await BalanceAsync(database, AccountKind.ShopperExcess, Asset.Bitcoin));
        Assert.Contains("excess_received", await HistoryAsync(database, intent), StringComparison.Ordinal);
        Assert.Contains("partially_funded", await HistoryAsync(database, intent), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reorganisation_after_success_takes_the_credit_back_and_tells()
    {
        await using var database = await OpenMigratedAsync();
        var service = Service(database);
        var intent = await CreateAsync(service, Euro(1000));
        var attempt = (await service.ConfirmAsync(intent, new ConfirmRequest(RailKind.OnChain), null, Token)).Value.Attempts[0];
        await ReportAsync(service, 1, attempt, "a:0", ReceiptStatus.Settled, attempt.Due);
        await ReportAsync(service, 2, attempt, "a:0", ReceiptStatus.Seen, attempt.Due);
        Assert.Equal(IntentStatus.Processing, (await service.FindAsync(intent, Token))!.Intent.Status);
        Assert.Equal(0, await BalanceAsync(database, AccountKind.MerchantAvailable, Asset.Bitcoin));
        await ReportAsync(service, 3, attempt, "a:0", ReceiptStatus.Vanished, attempt.Due);
        Assert.Equal(0, await BalanceAsync(database, AccountKind.OnChainUnconfirmed, Asset.Bitcoin));
        Assert.Contains("reversed", await HistoryAsync(database, intent), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Money_for_a_cancelled_intent_is_the_shoppers()
    {
        await using var database = await OpenMigratedAsync();
        var service = Service(database);
        var intent = await CreateAsync(service, Euro(1000));
        var attempt = (await service.ConfirmAsync(intent, new ConfirmRequest(RailKind.OnChain), null, Token)).Value.Attempts[0];
        Assert.True((await service.CancelAsync(intent, CancellationReason.RequestedByCustomer, null, Token)).IsOk);
        await ReportAsync(service, 1, attempt, "late:0", ReceiptStatus.Settled, attempt.Due);
        Assert.Equal(IntentStatus.Canceled, (await service.FindAsync(intent, Token))!.Intent.Status);
        Assert.Equal(-attempt.Due, await BalanceAsync(database, AccountKind.ShopperExcess, Asset.Bitcoin));
        Assert.Equal(0, await BalanceAsync(database, AccountKind.MerchantAvailable, Asset.Bitcoin));
    }

    [Fact]
    public async Task Reports_and_requests_that_race_keep_the_books()
    {
        await using var database = await OpenMigratedAsync();
        var service = Service(database);
        var intents = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => CreateAsync(service, Euro(1000))));
        var attempts = new List<PaymentAttempt>();
        foreach (var intent in intents)
            attempts.Add((await service.ConfirmAsync(intent, new ConfirmRequest(RailKind.OnChain), null, Token)).Value.Attempts[0]);

        var position = 0L;
        var reports = attempts.SelectMany(attempt => new[] { ReceiptStatus.Seen, ReceiptStatus.Settled }.Select(status => (attempt, status))).ToList();
        var racing = intents.Select(intent => (Task)service.CancelAsync(intent, CancellationReason.Abandoned, null, Token)).ToList();
        racing.Add(Task.Run(
            async () =>
            {
                foreach (var (attempt, status) in reports)
                    await ReportAsync(service, ++position, attempt, attempt.Reference, status, attempt.Due);
            },
            Token));
        await Task.WhenAll(racing);

        var received = await BalanceAsync(database, AccountKind.OnChain, Asset.Bitcoin);
        Assert.Equal(attempts.Sum(static attempt => attempt.Due), received);
        Assert.Equal(-received, await BalanceAsync(database, AccountKind.MerchantAvailable, Asset.Bitcoin) + await BalanceAsync(database, AccountKind.ShopperExcess, Asset.Bitcoin));
        foreach (var intent in intents)
        {
            var file = (await service.FindAsync(intent, Token))!;
            Assert.Equal(file.Intent.Status == IntentStatus.Succeeded ? Euro(1000) : Euro(0), file.Intent.AmountReceived);
        }
    }

    [Fact]
    public async Task An_idempotent_request_is_answered_once_and_its_twins_with_the_same_words()
    {
        await using var database = await OpenMigratedAsync();
        var service = Service(database);
        var store = new IdempotencyStore(_clock);
        var key = new IdempotencyKey("acct_1/test", "order-17", "hash of the request");
        Assert.IsType<IdempotencyState.Fresh>(await EnterAsync(database, store, key));
        Assert.IsType<IdempotencyState.Running>(await EnterAsync(database, store, key));
        await service.CreateAsync(new PaymentRequest { StoreId = Store, IsLive = false, Amount = Euro(5) }, new IdempotentEffect(key, static file => "answer for " + file.Intent.Amount), Token);
        Assert.Equal(new IdempotencyState.Answered("answer for 0.05 EUR"), await EnterAsync(database, store, key));
        Assert.IsType<IdempotencyState.Mismatch>(await EnterAsync(database, store, key with { Fingerprint = "another" }));
        Assert.IsType<IdempotencyState.Fresh>(await EnterAsync(database, store, key with { Scope = "acct_2/test" }));

        // A second run of the same request, which the first one's entry should have stopped, has no effect at all.
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => service.CreateAsync(new PaymentRequest { StoreId = Store, IsLive = false, Amount = Euro(5) }, new IdempotentEffect(key, static file => "again"), Token));
        Assert.Single(await OutboxAsync(database));

        _clock.Advance(IdempotencyStore.Kept + TimeSpan.FromSeconds(1));
        Assert.IsType<IdempotencyState.Fresh>(await EnterAsync(database, store, key));
    }

    [Fact]
    public async Task A_request_whose_process_died_goes_on_with_what_it_had_created()
    {
        await using var database = await OpenMigratedAsync();
        var service = Service(database);
        var store = new IdempotencyStore(_clock);
        var key = new IdempotencyKey("acct_1/test", "order-18", "hash");
        Assert.Equal(new IdempotencyState.Fresh(null), await EnterAsync(database, store, key));
        var created = await service.CreateAsync(new PaymentRequest { StoreId = Store, IsLive = false, Amount = Euro(5) }, new IdempotentEffect(key, null), Token);
        Assert.IsType<IdempotencyState.Running>(await EnterAsync(database, store, key));

        _clock.Advance(IdempotencyStore.RunMax + TimeSpan.FromSeconds(1));
        Assert.Equal(new IdempotencyState.Fresh(created.Value.Intent.Id), await EnterAsync(database, store, key));
        await service.ConfirmAsync(
            created.Value.Intent.Id, new ConfirmRequest(RailKind.Card, "4242424242424242"), new IdempotentEffect(key, static file => IntentWords.Of(file.Intent.Status)), Token);
        Assert.Equal(new IdempotencyState.Answered("succeeded"), await EnterAsync(database, store, key));
    }

    [Theory]
    [InlineData(0, "eur", "amount")]
    [InlineData(-5, "eur", "amount")]
    [InlineData(100_000_000, "eur", "amount")]
    [InlineData(2_100_000_000_000_001, "btc", "amount")]
    public async Task An_amount_out_of_range_is_refused_by_its_name(long amount, string currency, string parameter)
    {
        await using var database = await OpenMigratedAsync();
        var refused = await Service(database).CreateAsync(
            new PaymentRequest { StoreId = Store, IsLive = false, Amount = new CurrencyAmount(amount, Currency.Of(currency)) }, null, Token);
        Assert.Equal((PaymentErrorKind.InvalidRequest, parameter), (refused.Error.Kind, refused.Error.Parameter));
    }

    [Fact]
    public async Task The_outbox_counts_without_gaps_and_readers_resume_at_their_cursor()
    {
        await using var database = await OpenMigratedAsync();
        var service = Service(database);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => CreateAsync(service, Euro(100 + i))));
        while (await OutboxLog.NumberAsync(database, 7, Token) > 0)
        {
        }

        await CreateAsync(service, Euro(999));
        await OutboxLog.NumberAsync(database, 7, Token);
        var first = await OutboxLog.ReadAsync(database, 0, 12, Token);
        var second = await OutboxLog.ReadAsync(database, first[^1].Position, 100, Token);
        Assert.Equal(Enumerable.Range(1, 21).Select(static i => (long)i), first.Concat(second).Select(static told => told.Position));
        Assert.Equal(21, first.Concat(second).Select(static told => told.Id).Distinct(StringComparer.Ordinal).Count());
    }

    private static async Task<IdempotencyState> EnterAsync(IDatabase database, IdempotencyStore store, IdempotencyKey key) =>
        await database.WriteAsync((transaction, token) => store.EnterAsync(transaction, key, token), Token);

    private PaymentService Service(IDatabase database)
    {
        var ids = new ObjectIds(SystemEntropy.Instance);
        var prices = new FixedPriceSource([new BitcoinPrice(Currency.Of("eur"), 6_000_000_000)], _clock);
        return new PaymentService(
            database, new PaymentStore(ids, _clock), ids, new Quoter(prices, _clock), [_lightning, _chain, new CardRail(_clock)], new PaymentOptions(), _clock);
    }

    private static async Task<string> CreateAsync(PaymentService service, CurrencyAmount amount, CaptureMethod capture = CaptureMethod.Automatic)
    {
        var created = await service.CreateAsync(new PaymentRequest { StoreId = Store, IsLive = false, Amount = amount, CaptureMethod = capture }, null, Token);
        return created.Value.Intent.Id;
    }

    private static Task ReportAsync(
        PaymentService service, long position, PaymentAttempt attempt, string reference, ReceiptStatus status, long amount, DateTimeOffset? captureBefore = null) =>
        service.ApplyAsync(attempt.Rail, new RailEvent(position, new RailReport.Money(attempt.Reference, reference, status, amount, captureBefore)), Token);

    private static async Task<long> BalanceAsync(IDatabase database, AccountKind account, Asset asset) =>
        await database.ReadAsync((transaction, token) => PaymentStore.BalanceAsync(transaction, Store, isLive: false, account, asset, token), Token);

    private static async Task<List<OutboxEvent>> OutboxAsync(IDatabase database)
    {
        await OutboxLog.NumberAsync(database, 1000, Token);
        return await OutboxLog.ReadAsync(database, 0, 1000, Token);
    }

    // The kinds of an intent's events in order, without their common beginning.
    private static async Task<string> HistoryAsync(IDatabase database, string intent) => string.Join(
        ' ',
        (await OutboxAsync(database)).Where(told => string.Equals(told.ObjectId, intent, StringComparison.Ordinal)).Select(static told => told.Kind["payment_intent.".Length..]));

    private async Task<IDatabase> OpenMigratedAsync()
    {
        var database = await OpenAsync();
        await MigrationRunner.MigrateAsync(database, PaymentTables.Module, PaymentTables.Migrations, Token);
        return database;
    }
}
