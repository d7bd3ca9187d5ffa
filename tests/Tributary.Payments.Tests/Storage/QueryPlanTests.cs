using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Tributary.Crypto;
using Tributary.Payments.Access;
using Tributary.Payments.Balances;
using Tributary.Payments.Checkout;
using Tributary.Payments.Customers;
using Tributary.Payments.Idempotency;
using Tributary.Payments.Identifiers;
using Tributary.Payments.Intents;
using Tributary.Payments.Ledger;
using Tributary.Payments.Money;
using Tributary.Payments.Outbox;
using Tributary.Payments.Quotes;
using Tributary.Payments.Rails.Card;
using Tributary.Payments.Reporting;
using Tributary.Payments.Search;
using Tributary.Payments.Storage;
using Tributary.Payments.Webhooks;
using Tributary.Storage.Relational;
using Tributary.Storage.Sqlite;

namespace Tributary.Payments.Tests.Storage;

/// <summary>Every question that a large database is asked goes by an index: none reads a table that grows with the payments from end to end.</summary>
public sealed partial class QueryPlanTests : IDisposable
{
    private const string Store = "store_1";

    // What grows with each payment, and what with each event.
    private static readonly string[] s_large =
    [
        "intents", "intent_metadata", "attempts", "ledger_transactions", "ledger_postings", "outbox", "webhook_deliveries", "webhook_tries", "reported_payments",
        "payment_outcomes", "intent_words", "judged_attempts", "checkout_sessions", "customers", "customer_metadata", "idempotency",
    ];

    // Indexes of what is still open: those are read whole, and do not grow with the history.
    private static readonly string[] s_open = ["intents_open", "idempotency_running"];

    private readonly string _folder = Directory.CreateTempSubdirectory("tributary-plans-").FullName;
    private readonly TestClock _clock = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task No_question_reads_a_large_table_from_end_to_end()
    {
        await using var database = new RecordingDatabase(await SqliteDatabase.OpenAsync(Path.Combine(_folder, "payments.db"), 2, Token));
        await MigrateAsync(database);
        var before = database.Statements.Keys.ToHashSet(StringComparer.Ordinal);
        var intent = await PayAsync(database);
        await AskAsync(database, intent);
        await SearchAsync(database);

        var scans = new List<string>();
        foreach (var (sql, arguments) in database.Statements.Where(statement => !before.Contains(statement.Key)).ToList())
        {
            var plan = await database.ReadAsync(
                async (transaction, token) => await transaction.QueryAsync("EXPLAIN QUERY PLAN " + sql, arguments, static row => row.Text(3), token), Token);

            // An order that an index gives ends with the page; a scan of an index without one reads all of it.
            scans.AddRange(plan.Where(step => !Array.Exists(s_open, step.Contains) && Scan().Match(step) is { Success: true } scan && s_large.Contains(Named(scan.Groups["table"].Value, sql), StringComparer.Ordinal)).Select(step => $"{step}: {sql}"));
        }

        Assert.True(database.Statements.Count - before.Count > 60, "Too few statements were recorded for this to say anything.");
        Assert.Empty(scans);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task A_page_of_payments_is_read_in_the_order_of_an_index(bool isOfCustomer, bool isBehindAnother)
    {
        await using var database = new RecordingDatabase(await SqliteDatabase.OpenAsync(Path.Combine(_folder, "payments.db"), 2, Token));
        await MigrateAsync(database);
        var before = database.Statements.Keys.ToHashSet(StringComparer.Ordinal);
        await database.ReadAsync(
            (transaction, token) => PaymentStore.ListAsync(
                transaction, new IntentQuery(Store, false, 10) { CustomerId = isOfCustomer ? "cus_1" : null, After = isBehindAnother ? "pi_1" : null }, token),
            Token);
        var (sql, arguments) = database.Statements.Single(statement => !before.Contains(statement.Key));
        var plan = await database.ReadAsync(
            async (transaction, token) => await transaction.QueryAsync("EXPLAIN QUERY PLAN " + sql, arguments, static row => row.Text(3), token), Token);
        Assert.DoesNotContain(plan, static step => step.Contains("TEMP B-TREE FOR ORDER BY", StringComparison.Ordinal));
        Assert.Contains(plan, step => step.Contains(isOfCustomer ? "intents_by_customer" : "intents_by_store", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("amount:900")]
    [InlineData("amount>=900 AND currency:'eur'")]
    [InlineData("currency:'eur'")]
    public async Task Few_payments_of_an_amount_are_named_by_its_index_and_many_are_read_in_the_order_of_a_page(string text)
    {
        await using var database = new RecordingDatabase(await SqliteDatabase.OpenAsync(Path.Combine(_folder, "payments.db"), 2, Token));
        await MigrateAsync(database);
        var query = SearchQuery.Parse(text, SearchTable.Intents).Value;
        var before = database.Statements.Keys.ToHashSet(StringComparer.Ordinal);
        await database.ReadAsync((transaction, token) => SearchStore.FindAsync(transaction, SearchTable.Intents, query, Store, false, null, 10, token), Token);
        var few = database.Statements.Where(statement => !before.Contains(statement.Key)).ToList();
        Assert.Equal(2, few.Count);
        foreach (var (sql, arguments) in few)
            Assert.Contains(await PlanAsync(database, sql, arguments), static step => step.Contains("intents_by_amount", StringComparison.Ordinal));

        before = database.Statements.Keys.ToHashSet(StringComparer.Ordinal);
        await database.ReadAsync((transaction, token) => SearchStore.FindAsync(transaction, SearchTable.Intents, query, Store, false, null, 10, fewMax: -1, token), Token);
        var (walk, given) = database.Statements.Single(statement => !before.Contains(statement.Key) && statement.Key.Contains("ORDER BY", StringComparison.Ordinal));
        var plan = await PlanAsync(database, walk, given);
        Assert.Contains(plan, static step => step.Contains("intents_by_store", StringComparison.Ordinal));
        Assert.DoesNotContain(plan, static step => step.Contains("USE TEMP B-TREE FOR ORDER BY", StringComparison.Ordinal));
    }

    private static async Task<List<string>> PlanAsync(RecordingDatabase database, string sql, SqlArguments arguments) => await database.ReadAsync(
        async (transaction, token) => await transaction.QueryAsync("EXPLAIN QUERY PLAN " + sql, arguments, static row => row.Text(3), token), Token);

    private static async Task MigrateAsync(RecordingDatabase database)
    {
        await MigrationRunner.MigrateAsync(database, PaymentTables.Module, PaymentTables.Migrations, Token);
        await MigrationRunner.MigrateAsync(database, CheckoutTables.Module, CheckoutTables.Migrations, Token);
        await MigrationRunner.MigrateAsync(database, ReportingTables.Module, ReportingTables.Migrations, Token);
        await MigrationRunner.MigrateAsync(database, OutcomeTables.Module, OutcomeTables.Migrations, Token);
        await MigrationRunner.MigrateAsync(database, AccessTables.Module, AccessTables.Migrations, Token);
        await MigrationRunner.MigrateAsync(database, WebhookTables.Module, WebhookTables.Migrations, Token);
        await MigrationRunner.MigrateAsync(database, WebhookLogTables.Module, WebhookLogTables.Migrations, Token);
        await MigrationRunner.MigrateAsync(database, CustomerTables.Module, CustomerTables.Migrations, Token);
    }

    private async Task<string> PayAsync(RecordingDatabase database)
    {
        var ids = new ObjectIds(SystemEntropy.Instance);
        var euro = Currency.Of("eur");
        var service = new PaymentService(
            database, new PaymentStore(ids, _clock), ids, new Quoter(new FixedPriceSource([new BitcoinPrice(euro, 6_000_000_000)], _clock), _clock), [new CardRail(_clock)], new PaymentOptions(), _clock);
        var webhooks = new WebhookStore(ids, new Tributary.Payments.Access.SecretBox(new byte[32]), _clock);
        await database.WriteAsync((transaction, token) => webhooks.CreateAsync(transaction, Store, false, new Uri("https://shop.example/hook"), ["*"], null, token), Token);
        var made = await service.CreateAsync(
            new PaymentRequest { StoreId = Store, IsLive = false, Amount = new CurrencyAmount(900, euro), Metadata = ImmutableSortedDictionary<string, string>.Empty.Add("order_id", "7") }, null, Token);
        var id = made.Value.Intent.Id;
        await service.ConfirmAsync(id, new ConfirmRequest(RailKind.Card, "4242424242424242"), null, Token);
        await service.TickAsync(10, Token);
        await service.RunCommandsAsync(10, Token);
        await OutboxLog.NumberAsync(database, 100, Token);
        await LedgerBalances.CountAsync(database, 100, Token);
        await new CheckoutFollower(database, ids, _clock).FollowAsync(100, Token);
        await new DailyTotals(database).FollowAsync(100, Token);
        await new DailyOutcomes(database).FollowAsync(100, Token);
        await webhooks.FanOutAsync(database, 100, Token);
        foreach (var delivery in await database.ReadAsync((transaction, token) => webhooks.FindDueAsync(transaction, 10, token), Token))
            await database.WriteAsync((transaction, token) => webhooks.NoteAsync(transaction, delivery, new WebhookOutcome(false, "500", TimeSpan.Zero, null), token), Token);
        var idempotency = new IdempotencyStore(_clock);
        await database.WriteAsync((transaction, token) => idempotency.EnterAsync(transaction, new IdempotencyKey("scope", "name", "print"), token), Token);
        await database.WriteAsync(idempotency.FreeAsync, Token);
        await database.WriteAsync(idempotency.PruneAsync, Token);
        await database.WriteAsync(static (transaction, token) => JudgedPayments.PruneAsync(transaction, new DateOnly(2026, 1, 1), token), Token);
        return id;
    }

    private async Task AskAsync(RecordingDatabase database, string intent) => await database.ReadAsync(
        async (transaction, token) =>
        {
            var endpoint = (await WebhookStore.ListAsync(transaction, Store, false, 10, token))[0];
            var delivery = (await DeliveryLog.OfEndpointAsync(transaction, Store, false, endpoint.Id, null, null, 10, token))[0];
            foreach (var state in (string?[])[null, "failed", "waiting"])
            {
                await DeliveryLog.OfEndpointAsync(transaction, Store, false, endpoint.Id, state, null, 10, token);
                await DeliveryLog.OfEndpointAsync(transaction, Store, false, endpoint.Id, state, delivery.Id, 10, token);
            }

            await DeliveryLog.OfObjectAsync(transaction, intent, 10, token);
            await DeliveryLog.FindAsync(transaction, Store, false, delivery.Id, token);
            await DeliveryLog.TriesAsync(transaction, delivery.Id, token);
            await PaymentStore.FindByReferenceAsync(transaction, RailKind.Card, "card_1", token);
            await PaymentStore.FindByAttemptAsync(transaction, "att_1", token);
            await PaymentStore.FindOpenReferencesAsync(transaction, RailKind.Lightning, 10, token);
            await PaymentStore.BalanceAsync(transaction, Store, false, AccountKind.OnChain, Asset.Bitcoin, token);
            await StoreBalances.ReadAsync(transaction, Store, false, token);
            foreach (var kinds in (ImmutableArray<string>[])[[], ["payment_intent.canceled"], ["payment_intent.canceled", "charge.failed"]])
            {
                await OutboxLog.ListAsync(transaction, new EventQuery(Store, false, 10) { Kinds = kinds }, token);
                await OutboxLog.ListAsync(transaction, new EventQuery(Store, false, 10) { Kinds = kinds, After = 9, IsDelivered = true }, token);
                await OutboxLog.ListAsync(transaction, new EventQuery(Store, false, 10) { Kinds = kinds, Before = 9, IsDelivered = false }, token);
            }

            await OutboxLog.FindAsync(transaction, Store, false, "evt_1", token);
            await WebhookReplay.FindAsync(transaction, Store, false, "evt_1", token);
            await PaymentReports.EventsAsync(transaction, intent, token);
            await PaymentReports.LedgerAsync(transaction, [intent], token);
            await JudgedPayments.ListAsync(transaction, Store, false, new DateOnly(2026, 1, 1), new DateOnly(2026, 1, 2), token);
            await CustomerReports.PaidAsync(transaction, Store, false, "cus_1", token);
            await DailyTotals.ListAsync(transaction, Store, false, DateOnly.FromDateTime(_clock.GetUtcNow().UtcDateTime), token);
            foreach (var query in new BalanceQuery[] { new(Store, false, 10), new(Store, false, 10) { Source = "att_1" }, new(Store, false, 10) { After = "txn_1" }, new(Store, false, 10) { Before = "txn_1", Kind = BalanceKind.Charge, Asset = Asset.Bitcoin } })
                await BalanceTransactions.ListAsync(transaction, query, token);
            foreach (var query in new IntentQuery[] { new(Store, false, 10), new(Store, false, 10) { CustomerId = "cus_1" }, new(Store, false, 10) { IsCharged = true }, new(Store, false, 10) { IsCharged = true, After = "pi_1" }, new(Store, false, 10) { Before = "pi_1" } })
                await PaymentStore.ListAsync(transaction, query, token);
            return true;
        },
        Token);

    private static async Task SearchAsync(RecordingDatabase database) => await database.ReadAsync(
        async (transaction, token) =>
        {
            foreach (var text in (string[])
            [
                "status:'requires_capture'", "metadata['order_id']:'7'", "metadata['order_id']:'7' AND status:'succeeded'", "status:'canceled' OR metadata['order_id']:'7'", "customer:'cus_1'",
                "created>1 AND customer:'cus_1'", "-status:'succeeded'", "amount:900", "amount>=900", "currency:'eur'", "amount>100 AND amount<=900 AND currency:'eur'", "amount<5 OR status:'succeeded'",
            ])
            {
                var query = SearchQuery.Parse(text, SearchTable.Intents).Value;
                await SearchStore.FindAsync(transaction, SearchTable.Intents, query, Store, false, null, 10, token);
                await SearchStore.FindAsync(transaction, SearchTable.Intents, query, Store, false, "pi_1", 10, fewMax: -1, token);
            }

            foreach (var text in (string[])["email:'mary@example.org'", "metadata['tier']:'gold'", "name~'mary'"])
                await SearchStore.FindAsync(transaction, SearchTable.Customers, SearchQuery.Parse(text, SearchTable.Customers).Value, Store, false, null, 10, token);
            foreach (var search in new PaymentSearch[]
            {
                new(Store, false, 10), new(Store, false, 10) { Text = "pi_1" }, new(Store, false, 10) { Text = "7", Status = IntentStatus.Canceled }, new(Store, false, 10) { CustomerId = "cus_1" },
                new(Store, false, 10) { Amounts = [new AmountSpan([Currency.Of("eur")], 900, 900)] }, new(Store, false, 10) { Amounts = [new AmountSpan([Currency.Of("jpy")], 1, 9), new AmountSpan(Currency.All, 900, long.MaxValue)], Text = "two books" },
                new(Store, false, 10) { Description = "two books", Metadata = [new("order_id", "7")] }, new(Store, false, 10) { Email = "mary@example.org" },
                new(Store, false, 10) { Status = IntentStatus.RequiresCapture }, new(Store, false, 10) { From = new DateOnly(2026, 1, 1), To = new DateOnly(2026, 2, 1) },
            })
            {
                await PaymentReports.SearchAsync(transaction, search, token);
                await PaymentReports.SearchAsync(transaction, search, fewMax: -1, token);
            }

            return true;
        },
        Token);

    // The table behind a name that a statement gives it.
    private static string Named(string name, string sql) =>
        Regex.Match(sql, $@"\b(?<table>\w+)\s+(AS\s+)?{Regex.Escape(name)}\b(?!\s*\.)", RegexOptions.None, TimeSpan.FromMinutes(5)) is { Success: true } match && s_large.Contains(match.Groups["table"].Value, StringComparer.Ordinal)
            ? match.Groups["table"].Value
            : name;

    [GeneratedRegex(@"^SCAN (?<table>\w+)", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Scan();
}
