using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Tributary.Crypto;
using Tributary.Payments.Balances;
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
using Tributary.Payments.Storage.Packing;
using Tributary.Storage.Relational;

namespace Tributary.Payments.Tests.Storage;

/// <summary>How payments lie in a database, and that what an earlier version wrote is read as before; each database runs it.</summary>
public abstract class StoredFormContract
{
    private const string Store = "store_1";
    private const string Good = "4242424242424242";
    private const string Declined = "4000000000000002";
    private static readonly Currency s_euro = Currency.Of("eur");
    private readonly TestClock _clock = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    protected abstract Task<IDatabase> OpenAsync();

    [Fact]
    public async Task What_an_earlier_version_wrote_is_read_and_goes_on()
    {
        await using var database = await OpenAsync();
        await MigrationRunner.MigrateAsync(database, PaymentTables.Module, [.. PaymentTables.Migrations.Take(4)], Token);
        await MigrationRunner.MigrateAsync(database, ReportingTables.Module, [.. ReportingTables.Migrations.Take(1)], Token);
        await MigrationRunner.MigrateAsync(database, OutcomeTables.Module, [.. OutcomeTables.Migrations.Take(1)], Token);
        await database.WriteAsync(
            async (transaction, token) =>
            {
                foreach (var statement in await EarlierRowsAsync(token))
                    await transaction.ExecuteAsync(statement, SqlArguments.None, token);
                return true;
            },
            Token);
        await MigrateAsync(database);

        var paid = await FindAsync(database, "pi_000000000000000000000001");
        Assert.Equal((IntentStatus.Succeeded, 700), (paid.Intent.Status, paid.Settled.MinorUnits));
        var told = await OutboxLog.ReadAsync(database, 0, 10, Token);
        Assert.Equal(["payment_intent.created", "payment_intent.succeeded", "charge.succeeded"], told.Select(static one => one.Kind), StringComparer.Ordinal);
        Assert.Equal([IntentStatus.RequiresPaymentMethod, IntentStatus.Succeeded, IntentStatus.Succeeded], told.Select(static one => EventDocuments.Read(one).Intent.Status));
        Assert.Equal(700, (await BalancesAsync(database)).Single(static line => line.Asset == Asset.Of(s_euro)).Available);
        Assert.Equal(["pi_000000000000000000000001"], await SearchAsync(database, "metadata['order_id']:'41'", 1000));

        // Their amounts are found once they were filled in.
        Assert.Empty(await SearchAsync(database, "amount:700 AND currency:'eur'", 1000));
        Assert.Equal((2, 0), (await DescriptionWords.FillAsync(database, 10, Token), await DescriptionWords.FillAsync(database, 10, Token)));
        Assert.Contains("pi_000000000000000000000001", await SearchAsync(database, "amount:700 AND currency:'eur'", 1000), StringComparer.Ordinal);
        Assert.Equal(1, await NumberAsync(database, "SELECT COUNT(*) FROM webhook_deliveries WHERE event_position = 2"));
        Assert.Equal(1, await NumberAsync(database, "SELECT COUNT(*) FROM payment_outcomes WHERE intent_id = 'pi_000000000000000000000001' AND outcome = 'succeeded'"));
        Assert.Equal(700, await NumberAsync(database, "SELECT amount FROM reported_payments WHERE intent_id = 'pi_000000000000000000000001'"));

        // An intent that waits goes on where it was.
        await Service(database).ConfirmAsync("pi_000000000000000000000002", new ConfirmRequest(RailKind.Card, Good), null, Token);
        Assert.Equal(IntentStatus.Succeeded, (await FindAsync(database, "pi_000000000000000000000002")).Intent.Status);
        while (await LedgerBalances.CountAsync(database, 1, Token) > 0)
        {
        }

        Assert.Equal(1_000, (await BalancesAsync(database)).Single(static line => line.Asset == Asset.Of(s_euro)).Available);
    }

    [Fact]
    public async Task A_payment_is_found_by_what_it_says_now_and_no_more_by_what_it_said()
    {
        await using var database = await OpenMigratedAsync();
        var service = Service(database);
        var made = await service.CreateAsync(
            new PaymentRequest { StoreId = Store, IsLive = false, Amount = new CurrencyAmount(900, s_euro), Description = "Zwei Bücher, GEBUNDEN (Bücher, Bücherei)" }, null, Token);
        var id = made.Value.Intent.Id;
        var other = await CreateAsync(service, 900, "41");
        Assert.Equal(["zwei", "bücher", "gebunden", "bücherei"], DescriptionWords.Of(made.Value.Intent.Description), StringComparer.Ordinal);
        foreach (var fewMax in (int[])[-1, 1000])
        {
            foreach (var words in (string[])["bücher", "BÜCH", "gebunden zwei", "zwei b"])
                Assert.Equal([id], await FindTextAsync(database, words, fewMax), StringComparer.Ordinal);
            Assert.Empty(await FindTextAsync(database, "zwei lampen", fewMax));
            var described = await database.ReadAsync((transaction, token) => PaymentReports.SearchAsync(transaction, new PaymentSearch(Store, false, 10) { Description = "büch" }, fewMax, token), Token);
            Assert.Equal([id], described.Select(static file => file.Intent.Id), StringComparer.Ordinal);
        }

        var changed = await service.UpdateAsync(id, new IntentEdit { Amount = 1_250, Description = "Eine Lampe" }, null, Token);
        Assert.True(changed.IsOk);
        Assert.Empty(await FindTextAsync(database, "bücher", 1000));
        Assert.Equal([id], await FindTextAsync(database, "lampe", 1000), StringComparer.Ordinal);
        Assert.Equal([id], await SearchAsync(database, "amount:1250", 1000), StringComparer.Ordinal);
        Assert.Equal([other], await SearchAsync(database, "amount:900", 1000), StringComparer.Ordinal);
    }

    [Fact]
    public async Task Events_of_one_change_hold_its_document_once()
    {
        await using var database = await OpenMigratedAsync();
        var service = Service(database);
        var id = await CreateAsync(service, 900, "41");
        await service.ConfirmAsync(id, new ConfirmRequest(RailKind.Card, Declined), null, Token);
        await service.ConfirmAsync(id, new ConfirmRequest(RailKind.Card, Good), null, Token);
        await OutboxLog.NumberAsync(database, 100, Token);

        var events = await OutboxLog.ReadAsync(database, 0, 100, Token);
        Assert.Equal(events.Count(static told => told.Kind.StartsWith("payment_intent.", StringComparison.Ordinal)), await NumberAsync(database, "SELECT COUNT(*) FROM outbox WHERE packed IS NOT NULL"));
        Assert.Equal(events.Count(static told => told.Kind.StartsWith("charge.", StringComparison.Ordinal)), await NumberAsync(database, "SELECT COUNT(*) FROM outbox WHERE told_with IS NOT NULL AND packed IS NULL"));
        foreach (var charge in events.Where(static told => told.Kind.StartsWith("charge.", StringComparison.Ordinal)))
        {
            var intent = Assert.Single(events, told => string.Equals(told.ObjectId, id, StringComparison.Ordinal) && told.ObjectVersion == charge.ObjectVersion);
            Assert.Equal(intent.Document, charge.Document);
        }

        Assert.Equal(0, await NumberAsync(database, "SELECT COUNT(*) FROM outbox WHERE document <> ''"));
        Assert.Equal(0, await NumberAsync(database, "SELECT COUNT(*) FROM intents WHERE document <> '' OR packed IS NULL"));
    }

    [Fact]
    public async Task Balances_are_exact_before_while_and_after_they_are_counted()
    {
        await using var database = await OpenMigratedAsync();
        var service = Service(database);
        for (var i = 0; i < 7; i++)
            await service.ConfirmAsync(await CreateAsync(service, 100 + i, "41"), new ConfirmRequest(RailKind.Card, Good), null, Token);
        const long sum = 721;
        for (var left = 7; ; left--)
        {
            Assert.Equal(left, await NumberAsync(database, "SELECT COUNT(*) FROM ledger_uncounted"));
            Assert.Equal(sum, Assert.Single(await BalancesAsync(database)).Available);
            Assert.Equal(-sum, await database.ReadAsync((transaction, token) => PaymentStore.BalanceAsync(transaction, Store, false, AccountKind.MerchantAvailable, Asset.Of(s_euro), token), Token));
            Assert.Equal(left > 0 ? 1 : 0, await LedgerBalances.CountAsync(database, 1, Token));
            if (left == 0)
                break;
        }

        Assert.Equal(
            0,
            await NumberAsync(
                database,
                """
                SELECT COUNT(*) FROM ledger_balances b WHERE b.amount <> (SELECT SUM(p.amount) FROM ledger_postings p JOIN ledger_transactions t ON t.id = p.transaction_id
                WHERE t.store_id = b.store_id AND t.is_live = b.is_live AND p.account = b.account AND p.asset = b.asset)
                """));
    }

    [Fact]
    public async Task Counting_beside_payments_loses_and_doubles_nothing()
    {
        await using var database = await OpenMigratedAsync();
        var service = Service(database);
        var paying = Task.WhenAll(Enumerable.Range(0, 12).Select(async i => await service.ConfirmAsync(await CreateAsync(service, 100 + i, "41"), new ConfirmRequest(RailKind.Card, Good), null, Token)));
        while (!paying.IsCompleted)
            await Task.WhenAll(LedgerBalances.CountAsync(database, 2, Token).AsTask(), LedgerBalances.CountAsync(database, 3, Token).AsTask());
        await paying;
        while (await LedgerBalances.CountAsync(database, 5, Token) > 0)
        {
        }

        Assert.Equal(1_266, Assert.Single(await BalancesAsync(database)).Available);
    }

    [Fact]
    public async Task A_search_finds_the_same_whichever_way_it_goes()
    {
        await using var database = await OpenMigratedAsync();
        var service = Service(database);
        var ids = new List<string>();
        for (var i = 0; i < 9; i++)
        {
            ids.Add(await CreateAsync(service, 100 + i, i % 3 == 0 ? "41" : "42"));
            if (i % 2 == 0)
                await service.ConfirmAsync(ids[i], new ConfirmRequest(RailKind.Card, Good), null, Token);
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        ids.Reverse();
        foreach (var fewMax in (int[])[-1, 2, 1000])
        {
            Assert.Equal([ids[2], ids[5], ids[8]], await SearchAsync(database, "metadata['order_id']:'41'", fewMax));
            Assert.Equal([ids[2], ids[8]], await SearchAsync(database, "metadata['order_id']:'41' AND status:'succeeded'", fewMax));
            Assert.Equal(ids.Where((_, i) => i is 2 or 5 || i % 2 == 0), await SearchAsync(database, "metadata['order_id']:'41' OR status:'succeeded'", fewMax), StringComparer.Ordinal);
            Assert.Empty(await SearchAsync(database, "metadata['order_id']:'43'", fewMax));
            Assert.Equal([ids[0], ids[1]], await SearchAsync(database, "amount>=107 AND currency:'EUR'", fewMax));
            Assert.Equal([ids[1]], await SearchAsync(database, "amount>106 AND amount<108 AND metadata['order_id']:'42'", fewMax));
            Assert.Equal([ids[0], ids[8]], await SearchAsync(database, "amount<101 OR amount:108", fewMax));
            Assert.Equal([ids[8]], await SearchAsync(database, "-amount>100", fewMax));
            Assert.Empty(await SearchAsync(database, "amount:105 AND currency:'usd'", fewMax));
            Assert.Equal([ids[1]], await FindAmountsAsync(database, fewMax, new AmountSpan([Currency.Of("jpy")], 108, 108), new AmountSpan([s_euro, Currency.Of("usd")], 107, 107)), StringComparer.Ordinal);
            Assert.Empty(await FindAmountsAsync(database, fewMax));
            Assert.Equal([ids[5], ids[8]], await SearchAsync(database, "metadata['order_id']:'41'", fewMax, after: ids[2]));
            Assert.Equal([ids[2], ids[5], ids[8]], await FindTextAsync(database, "41", fewMax), StringComparer.Ordinal);
            Assert.Equal([ids[4]], await FindTextAsync(database, ids[4][..20], fewMax), StringComparer.Ordinal);
            Assert.Equal(ids, await FindTextAsync(database, "pi_", fewMax), StringComparer.Ordinal);
            var reference = (await FindAsync(database, ids[0])).Attempts[0].Reference;
            Assert.Equal([ids[0]], await FindTextAsync(database, reference, fewMax), StringComparer.Ordinal);
        }
    }

    [Fact]
    public async Task Charges_are_listed_by_pages_in_both_directions()
    {
        await using var database = await OpenMigratedAsync();
        var service = Service(database);
        var paid = new List<string>();
        for (var i = 0; i < 8; i++)
        {
            var id = await CreateAsync(service, 100 + i, "41");
            if (i % 3 != 0)
            {
                paid.Insert(0, id);
                await service.ConfirmAsync(id, new ConfirmRequest(RailKind.Card, Good), null, Token);
            }

            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(paid[..3], await ListAsync(new(Store, false, 3) { IsCharged = true }), StringComparer.Ordinal);
        Assert.Equal(paid[3..], await ListAsync(new(Store, false, 3) { IsCharged = true, After = paid[2] }), StringComparer.Ordinal);
        Assert.Equal(paid[1..3], await ListAsync(new(Store, false, 2) { IsCharged = true, Before = paid[3] }), StringComparer.Ordinal);

        async Task<IEnumerable<string>> ListAsync(IntentQuery query) =>
            (await database.ReadAsync((transaction, token) => PaymentStore.ListAsync(transaction, query, token), Token)).Select(static file => file.Intent.Id);
    }

    // Rows as the version before wrote them, with what packed documents hold as text.
    private async Task<List<string>> EarlierRowsAsync(CancellationToken cancellationToken)
    {
        await using var other = await OpenAsync("source");
        await MigrateAsync(other);
        var service = Service(other);
        var first = await CreateAsync(service, 700, "41");
        await service.ConfirmAsync(first, new ConfirmRequest(RailKind.Card, Good), null, cancellationToken);
        var second = await CreateAsync(service, 300, "42");
        var documents = await other.ReadAsync(
            async (transaction, token) => await transaction.QueryAsync(
                "SELECT object_id, kind, packed FROM outbox WHERE packed IS NOT NULL", SqlArguments.None,
                static row => (Id: row.Text(0), Kind: row.Text(1), Json: Encoding.UTF8.GetString(DocumentPack.Unpack(row.Bytes(2)))), token),
            cancellationToken);
        var made = Document(first, "payment_intent.created", "pi_000000000000000000000001");
        var done = Document(first, "payment_intent.succeeded", "pi_000000000000000000000001");
        var open = Document(second, "payment_intent.created", "pi_000000000000000000000002");
        var version = (await FindAsync(other, first)).Intent.Version.ToString(CultureInfo.InvariantCulture);
        return
        [
            $"INSERT INTO intents VALUES ('pi_000000000000000000000001', '{Store}', 0, 'succeeded', NULL, 63900000000000001, NULL, {version}, '{done}')",
            $"INSERT INTO intents VALUES ('pi_000000000000000000000002', '{Store}', 0, 'requires_payment_method', NULL, 63900000000000002, 9000000000000, 1, '{open}')",
            "INSERT INTO intent_metadata VALUES ('pi_000000000000000000000001', 'order_id', '41'), ('pi_000000000000000000000002', 'order_id', '42')",
            $"INSERT INTO ledger_transactions VALUES ('lt_1', '{Store}', 0, 'payment_settled', 'att_1', 1)",
            $"INSERT INTO ledger_postings VALUES ('lt_1', 0, '{Store}', 0, 'CardProcessor', 'eur', 700), ('lt_1', 1, '{Store}', 0, 'MerchantAvailable', 'eur', -700)",
            $"INSERT INTO outbox VALUES ('evt_1', '{Store}', 0, 'payment_intent.created', 'pi_000000000000000000000001', 1, 0, 1, 1, '{made}', 1)",
            $"INSERT INTO outbox VALUES ('evt_2', '{Store}', 0, 'payment_intent.succeeded', 'pi_000000000000000000000001', {version}, 0, 2, 2, '{done}', 2)",
            $"INSERT INTO outbox VALUES ('evt_3', '{Store}', 0, 'charge.succeeded', 'ch_000000000000000000000001', {version}, 1, 2, 3, '{done}', 1)",
            $"INSERT INTO webhook_endpoints (id, store_id, is_live, url, kinds, created_at, secret, position) SELECT 'we_1', '{Store}', 0, 'https://shop.example/', '*', 1, {(other.Dialect == SqlDialect.Sqlite ? "x'00'" : "'\\x00'::bytea")}, 0",
            "INSERT INTO webhook_deliveries (id, endpoint_id, event_id, tries) VALUES ('wd_1', 'we_1', 'evt_2', 1)",
            "INSERT INTO reported_payments VALUES ('pi_000000000000000000000001', 1, 'eur', 700)",
            "INSERT INTO payment_outcomes VALUES ('pi_000000000000000000000001', 1, 'succeeded')",
        ];

        string Document(string id, string kind, string renamed) =>
            documents.Single(told => string.Equals(told.Id, id, StringComparison.Ordinal) && string.Equals(told.Kind, kind, StringComparison.Ordinal)).Json
                .Replace(id, renamed, StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal);
    }

    protected abstract Task<IDatabase> OpenAsync(string name);

    private static async Task MigrateAsync(IDatabase database)
    {
        await MigrationRunner.MigrateAsync(database, PaymentTables.Module, PaymentTables.Migrations, Token);
        await MigrationRunner.MigrateAsync(database, ReportingTables.Module, ReportingTables.Migrations, Token);
        await MigrationRunner.MigrateAsync(database, OutcomeTables.Module, OutcomeTables.Migrations, Token);
    }

    private static async Task<PaymentFile> FindAsync(IDatabase database, string id) =>
        (await database.ReadAsync((transaction, token) => PaymentStore.FindAsync(transaction, id, token), Token))!;

    private static async Task<List<StoreBalance>> BalancesAsync(IDatabase database) =>
        await database.ReadAsync((transaction, token) => StoreBalances.ReadAsync(transaction, Store, false, token), Token);

    private static async Task<List<string>> SearchAsync(IDatabase database, string query, int fewMax, string? after = null) => await database.ReadAsync(
        (transaction, token) => SearchStore.FindAsync(transaction, SearchTable.Intents, SearchQuery.Parse(query, SearchTable.Intents).Value, Store, false, after, 10, fewMax, token), Token);

    private static async Task<IEnumerable<string>> FindTextAsync(IDatabase database, string text, int fewMax) =>
        (await database.ReadAsync((transaction, token) => PaymentReports.SearchAsync(transaction, new PaymentSearch(Store, false, 10) { Text = text }, fewMax, token), Token)).Select(static file => file.Intent.Id);

    private static async Task<IEnumerable<string>> FindAmountsAsync(IDatabase database, int fewMax, params ImmutableArray<AmountSpan> amounts) =>
        (await database.ReadAsync((transaction, token) => PaymentReports.SearchAsync(transaction, new PaymentSearch(Store, false, 10) { Amounts = amounts }, fewMax, token), Token)).Select(static file => file.Intent.Id);

    private static async Task<long> NumberAsync(IDatabase database, string sql) => await database.ReadAsync(
        async (transaction, token) => await transaction.FirstOrDefaultAsync(sql, SqlArguments.None, static row => row.Integer(0), token), Token);

    private static async Task<string> CreateAsync(PaymentService service, long cents, string order) => (await service.CreateAsync(
        new PaymentRequest
        {
            StoreId = Store,
            IsLive = false,
            Amount = new CurrencyAmount(cents, s_euro),
            Metadata = ImmutableSortedDictionary<string, string>.Empty.Add("order_id", order),
        },
        null,
        Token)).Value.Intent.Id;

    private PaymentService Service(IDatabase database)
    {
        var ids = new ObjectIds(SystemEntropy.Instance);
        var prices = new FixedPriceSource([new BitcoinPrice(s_euro, 6_000_000_000)], _clock);
        return new PaymentService(database, new PaymentStore(ids, _clock), ids, new Quoter(prices, _clock), [new CardRail(_clock)], new PaymentOptions(), _clock);
    }

    private async Task<IDatabase> OpenMigratedAsync()
    {
        var database = await OpenAsync();
        await MigrateAsync(database);
        return database;
    }
}
