using Tributary.Crypto;
using Tributary.Payments.Checkout;
using Tributary.Payments.Identifiers;
using Tributary.Payments.Intents;
using Tributary.Payments.Invoices;
using Tributary.Payments.Money;
using Tributary.Payments.Outbox;
using Tributary.Payments.Quotes;
using Tributary.Payments.Rails;
using Tributary.Payments.Storage;
using Tributary.Payments.Stores;
using Tributary.Payments.Tests.Rails;
using Tributary.Storage.Relational;

namespace Tributary.Payments.Tests.Invoices;

/// <summary>Invoices over real payments on a real database; each database runs it.</summary>
public abstract class InvoiceServiceContract
{
    private static readonly StoreRecord s_shop = new("store_1", "Shop", new StoreSettings(), false, DateTimeOffset.UnixEpoch);
    private readonly TestClock _clock = new();
    private readonly ObjectIds _ids = new(SystemEntropy.Instance);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    protected abstract Task<IDatabase> OpenAsync();

    [Fact]
    public async Task A_payment_is_told_of_its_invoice_step_by_step_and_each_once()
    {
        await using var database = await OpenMigratedAsync();
        var (invoices, payments) = Parts(database);
        var made = (await invoices.CreateAsync(s_shop, Request(), Token)).Value;
        var attempt = await OfferAsync(payments, made);
        await ReportAsync(payments, 1, attempt, ReceiptStatus.Seen, attempt.Due);
        await ReportAsync(payments, 2, attempt, ReceiptStatus.Seen, attempt.Due);
        Assert.Equal((InvoiceStatus.Processing, InvoiceAdditionalStatus.None), await StatusAsync(invoices, made));
        await ReportAsync(payments, 3, attempt, ReceiptStatus.Settled, attempt.Due);
        Assert.Equal((InvoiceStatus.Settled, InvoiceAdditionalStatus.None), await StatusAsync(invoices, made));
        Assert.Equal("Created ReceivedPayment Processing PaymentSettled Settled", await HistoryAsync(database, made));

        // A reorganisation puts it in doubt, and its block comes back.
        await ReportAsync(payments, 4, attempt, ReceiptStatus.Seen, attempt.Due);
        await ReportAsync(payments, 5, attempt, ReceiptStatus.Settled, attempt.Due);
        Assert.Equal("Created ReceivedPayment Processing PaymentSettled Settled Processing PaymentSettled Settled", await HistoryAsync(database, made));
        Assert.Equal([made.Invoice.Id], await ListAsync(invoices, InvoiceStatus.Settled));
        Assert.Empty(await ListAsync(invoices, InvoiceStatus.Processing));
    }

    [Fact]
    public async Task Too_little_in_time_and_the_rest_too_late()
    {
        await using var database = await OpenMigratedAsync();
        var (invoices, payments) = Parts(database);
        var made = (await invoices.CreateAsync(s_shop, Request(), Token)).Value;
        var attempt = await OfferAsync(payments, made);
        await ReportAsync(payments, 1, attempt, ReceiptStatus.Settled, attempt.Due / 2, "first");
        Assert.Equal((InvoiceStatus.New, InvoiceAdditionalStatus.PaidPartial), await StatusAsync(invoices, made));
        _clock.Advance(TimeSpan.FromMinutes(16));
        while (await payments.TickAsync(10, Token) > 0)
        {
        }

        Assert.Equal((InvoiceStatus.Expired, InvoiceAdditionalStatus.PaidPartial), await StatusAsync(invoices, made));
        await ReportAsync(payments, 2, attempt, ReceiptStatus.Settled, attempt.Due, "second");
        Assert.Equal((InvoiceStatus.Expired, InvoiceAdditionalStatus.PaidLate), await StatusAsync(invoices, made));
        Assert.Equal("Created ReceivedPayment PaymentSettled Expired ReceivedPayment PaymentSettled", await HistoryAsync(database, made));
        var late = (await invoices.FindAsync(made.Invoice.Id, Token))!;
        Assert.Equal([false, true], late.Payment.Receipts.Select(late.IsAfterExpiration));
    }

    [Fact]
    public async Task More_than_was_asked_for_is_counted_and_said()
    {
        await using var database = await OpenMigratedAsync();
        var (invoices, payments) = Parts(database);
        var made = (await invoices.CreateAsync(s_shop, Request(), Token)).Value;
        var attempt = await OfferAsync(payments, made);
        await ReportAsync(payments, 1, attempt, ReceiptStatus.Settled, attempt.Due * 2);
        Assert.Equal((InvoiceStatus.Settled, InvoiceAdditionalStatus.PaidOver), await StatusAsync(invoices, made));

        // 30 EUR are a whole number of satoshis here: twice as much is worth twice as much.
        Assert.Equal(6000, (await invoices.FindAsync(made.Invoice.Id, Token))!.Paid.MinorUnits);
    }

    [Fact]
    public async Task A_top_up_is_for_what_the_first_payment_is_worth_and_a_second_one_is_over()
    {
        await using var database = await OpenMigratedAsync();
        var (invoices, payments) = Parts(database);
        var made = (await invoices.CreateAsync(s_shop, TopUp(), Token)).Value;
        var attempt = await OfferAsync(payments, made);
        Assert.Equal((0, 0), (attempt.Due, attempt.Covers.MinorUnits));
        Assert.Equal((InvoiceStatus.New, InvoiceAdditionalStatus.None), await StatusAsync(invoices, made));

        // 20,000 sat at 60,000 EUR are 12 EUR.
        await ReportAsync(payments, 1, attempt, ReceiptStatus.Seen, 20_000_000);
        Assert.Equal((InvoiceStatus.Processing, InvoiceAdditionalStatus.None), await StatusAsync(invoices, made));
        await ReportAsync(payments, 2, attempt, ReceiptStatus.Settled, 20_000_000);
        Assert.Equal((InvoiceStatus.Settled, InvoiceAdditionalStatus.None), await StatusAsync(invoices, made));
        var paid = (await invoices.FindAsync(made.Invoice.Id, Token))!;
        Assert.Equal((1200, 1200, 1200), (paid.Payment.Intent.Amount.MinorUnits, paid.Payment.Intent.AmountReceived.MinorUnits, paid.Paid.MinorUnits));
        Assert.Equal("Created ReceivedPayment Processing PaymentSettled Settled", await HistoryAsync(database, made));

        // The address stays payable: what comes is the shopper's, whole.
        await ReportAsync(payments, 3, attempt, ReceiptStatus.Settled, 5_000_000, "second");
        Assert.Equal((InvoiceStatus.Settled, InvoiceAdditionalStatus.PaidOver), await StatusAsync(invoices, made));
        var over = (await invoices.FindAsync(made.Invoice.Id, Token))!;
        Assert.Equal((1200, 1500), (over.Payment.Intent.Amount.MinorUnits, over.Paid.MinorUnits));
        Assert.Equal([20_000_000, 0], over.Payment.Receipts.Select(static receipt => receipt.Credited));
        Assert.False((await payments.ConfirmAsync(made.Payment.Intent.Id, new ConfirmRequest(RailKind.OnChain), null, Token)).IsOk);
    }

    [Fact]
    public async Task A_replacement_moves_the_amount_of_a_top_up_to_what_is_there()
    {
        await using var database = await OpenMigratedAsync();
        var (invoices, payments) = Parts(database);
        var made = (await invoices.CreateAsync(s_shop, TopUp(), Token)).Value;
        var attempt = await OfferAsync(payments, made);
        await ReportAsync(payments, 1, attempt, ReceiptStatus.Seen, 20_000_000, "first");
        await ReportAsync(payments, 2, attempt, ReceiptStatus.Vanished, 20_000_000, "first");
        Assert.Equal((InvoiceStatus.New, InvoiceAdditionalStatus.None), await StatusAsync(invoices, made));
        Assert.True((await invoices.FindAsync(made.Invoice.Id, Token))!.Payment.AwaitsAmount);

        await ReportAsync(payments, 3, attempt, ReceiptStatus.Settled, 10_000_000, "replacement");
        Assert.Equal((InvoiceStatus.Settled, InvoiceAdditionalStatus.None), await StatusAsync(invoices, made));
        Assert.Equal(600, (await invoices.FindAsync(made.Invoice.Id, Token))!.Payment.Intent.AmountReceived.MinorUnits);
    }

    [Fact]
    public async Task A_top_up_that_is_paid_too_late_keeps_no_amount_and_the_money_is_the_shoppers()
    {
        await using var database = await OpenMigratedAsync();
        var (invoices, payments) = Parts(database);
        var made = (await invoices.CreateAsync(s_shop, TopUp(), Token)).Value;
        var attempt = await OfferAsync(payments, made);
        _clock.Advance(TimeSpan.FromMinutes(16));
        while (await payments.TickAsync(10, Token) > 0)
        {
        }

        Assert.Equal((InvoiceStatus.Expired, InvoiceAdditionalStatus.None), await StatusAsync(invoices, made));
        await ReportAsync(payments, 1, attempt, ReceiptStatus.Settled, 20_000_000);
        Assert.Equal((InvoiceStatus.Expired, InvoiceAdditionalStatus.PaidLate), await StatusAsync(invoices, made));
        var late = (await invoices.FindAsync(made.Invoice.Id, Token))!;
        Assert.Equal((0, 0), (late.Payment.Intent.Amount.MinorUnits, late.Payment.Receipts[0].Credited));
    }

    [Theory]
    [InlineData(InvoiceMark.Settled, "Created Settled")]
    [InlineData(InvoiceMark.Invalid, "Created Invalid")]
    public async Task A_persons_word_ends_what_could_be_paid_and_is_told_once(InvoiceMark mark, string history)
    {
        await using var database = await OpenMigratedAsync();
        var (invoices, payments) = Parts(database);
        var made = (await invoices.CreateAsync(s_shop, Request(), Token)).Value;
        await OfferAsync(payments, made);
        var marked = (await invoices.MarkAsync(made.Invoice.Id, mark, Token)).Value;
        Assert.Equal((Enum.Parse<InvoiceStatus>(mark.ToString()), InvoiceAdditionalStatus.Marked), (marked.Status, marked.AdditionalStatus));
        Assert.Equal(IntentStatus.Canceled, marked.Payment.Intent.Status);
        Assert.Equal("invalid_status", (await invoices.MarkAsync(made.Invoice.Id, mark, Token)).Error.Code);
        Assert.Equal(history, await HistoryAsync(database, made));
    }

    [Fact]
    public async Task What_is_refused_leaves_nothing()
    {
        await using var database = await OpenMigratedAsync();
        var (invoices, _) = Parts(database);
        Assert.Equal("checkout.redirectURL", (await invoices.CreateAsync(s_shop, Request() with { RedirectUrl = "javascript:alert(1)" }, Token)).Error.Parameter);
        Assert.Equal("rate_unavailable", (await invoices.CreateAsync(s_shop, Request() with { Amount = new CurrencyAmount(500, Currency.Of("chf")) }, Token)).Error.Code);
        var without = s_shop with { Settings = new StoreSettings { DisabledRails = [RailKind.OnChain, RailKind.Lightning] } };
        Assert.Equal("checkout.paymentMethods", (await invoices.CreateAsync(without, Request(), Token)).Error.Parameter);
        Assert.Empty(await invoices.ListAsync(new InvoiceQuery("store_1", false, 0, 10), Token));
        Assert.Empty(await database.ReadAsync(static (transaction, token) => PaymentStore.ListAsync(transaction, new IntentQuery("store_1", false, 10), token), Token));
    }

    [Fact]
    public async Task A_list_finds_by_words_and_orders_and_takes_signs_as_they_are()
    {
        await using var database = await OpenMigratedAsync();
        var (invoices, _) = Parts(database);
        var made = new List<string>();
        foreach (var order in (string[])["50%", "50_", "other"])
        {
            made.Add((await invoices.CreateAsync(s_shop, Request() with { OrderId = order, SearchTerms = ["Word of " + order] }, Token)).Value.Invoice.Id);
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal([made[0]], await FindAsync(invoices, "50%"));
        Assert.Equal([made[1]], await FindAsync(invoices, "50_"));
        Assert.Equal([made[2], made[1], made[0]], await FindAsync(invoices, "WORD OF"));
        Assert.Equal([made[2], made[0]], Ids(await invoices.ListAsync(new InvoiceQuery("store_1", false, 0, 10) { OrderIds = ["other", "50%"] }, Token)));
        Assert.Empty(await invoices.ListAsync(new InvoiceQuery("store_1", true, 0, 10), Token));
        Assert.Empty(await invoices.ListAsync(new InvoiceQuery("store_2", false, 0, 10), Token));
    }

    private static InvoiceRequest Request() => new() { IsLive = false, Amount = new CurrencyAmount(3000, Currency.Of("eur")), Currency = "EUR", Metadata = "{}" };

    private static InvoiceRequest TopUp() => Request() with { Amount = new CurrencyAmount(0, Currency.Of("eur")), IsTopUp = true };

    private static async Task<PaymentAttempt> OfferAsync(PaymentService payments, InvoiceFile made) =>
        (await payments.ConfirmAsync(made.Payment.Intent.Id, new ConfirmRequest(RailKind.OnChain), null, Token)).Value.Attempts[^1];

    private static Task ReportAsync(PaymentService payments, long position, PaymentAttempt attempt, ReceiptStatus status, long amount, string reference = "outpoint") =>
        payments.ApplyAsync(attempt.Rail, new RailEvent(position, new RailReport.Money(attempt.Reference, reference, status, amount, null)), Token);

    private static async Task<(InvoiceStatus, InvoiceAdditionalStatus)> StatusAsync(InvoiceService invoices, InvoiceFile made)
    {
        var file = (await invoices.FindAsync(made.Invoice.Id, Token))!;
        return (file.Status, file.AdditionalStatus);
    }

    private static async Task<List<string>> ListAsync(InvoiceService invoices, InvoiceStatus status) =>
        Ids(await invoices.ListAsync(new InvoiceQuery("store_1", false, 0, 10) { Statuses = [status] }, Token));

    private static async Task<List<string>> FindAsync(InvoiceService invoices, string text) => Ids(await invoices.ListAsync(new InvoiceQuery("store_1", false, 0, 10) { Text = text }, Token));

    private static List<string> Ids(List<InvoiceFile> files) => [.. files.Select(static file => file.Invoice.Id)];

    // What was told of an invoice, in order; each event can be read back.
    private static async Task<string> HistoryAsync(IDatabase database, InvoiceFile of)
    {
        while (await OutboxLog.NumberAsync(database, 1000, Token) > 0)
        {
        }

        var told = (await OutboxLog.ReadAsync(database, 0, 1000, Token)).Where(told => string.Equals(told.ObjectId, of.Invoice.Id, StringComparison.Ordinal)).ToList();
        Assert.All(told, told => Assert.Equal(of.Invoice.Id, InvoiceEvent.Read(told).File.Invoice.Id));
        return string.Join(' ', told.Select(static told => told.Kind[(InvoiceEventKinds.Prefix.Length + "Invoice".Length)..]));
    }

    private (InvoiceService Invoices, PaymentService Payments) Parts(IDatabase database)
    {
        var rows = new InvoiceStore(_ids, _clock);
        var store = new PaymentStore(_ids, _clock, new InvoiceFollower(rows));
        var quoter = new Quoter(new FixedPriceSource([new BitcoinPrice(Currency.Of("eur"), 6_000_000_000)], _clock), _clock);
        var payments = new PaymentService(database, store, _ids, quoter, [new FaultyRail(RailKind.OnChain)], new PaymentOptions(), _clock);
        return (new InvoiceService(database, payments, store, rows, _ids, quoter), payments);
    }

    private async Task<IDatabase> OpenMigratedAsync()
    {
        var database = await OpenAsync();
        await MigrationRunner.MigrateAsync(database, PaymentTables.Module, PaymentTables.Migrations, Token);
        await MigrationRunner.MigrateAsync(database, CheckoutTables.Module, CheckoutTables.Migrations, Token);
        await MigrationRunner.MigrateAsync(database, StoreTables.Module, StoreTables.Migrations, Token);
        await MigrationRunner.MigrateAsync(database, InvoiceTables.Module, InvoiceTables.Migrations, Token);
        return database;
    }
}
