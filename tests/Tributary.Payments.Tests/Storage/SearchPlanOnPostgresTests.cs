using Tributary.Payments.Money;
using Tributary.Payments.Reporting;
using Tributary.Payments.Search;
using Tributary.Payments.Storage;
using Tributary.Storage.Relational;
using Tributary.Testing.Postgres;

namespace Tributary.Payments.Tests.Storage;

/// <summary>PostgreSQL names few payments by the indexes that are there for it, on tables of which it knows the figures.</summary>
public sealed class SearchPlanOnPostgresTests(PostgresFixture postgres)
{
    private const string Store = "store_1";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Few_payments_of_an_amount_or_a_word_are_named_by_an_index()
    {
        await using var database = new RecordingDatabase(await TestDatabases.CreateAsync(postgres, Token));
        await MigrationRunner.MigrateAsync(database, PaymentTables.Module, PaymentTables.Migrations, Token);
        await database.WriteAsync(
            static async (transaction, token) =>
            {
                foreach (var sql in (string[])
                [
                    """
                    INSERT INTO intents (id, store_id, is_live, status, created_us, version, document, currency, amount)
                    SELECT 'pi_' || g, 'store_1', 0, 'succeeded', g, 1, '', CASE WHEN g % 2 = 0 THEN 'eur' ELSE 'usd' END, g FROM generate_series(1, 20000) AS g
                    """,
                    "INSERT INTO intent_words (store_id, is_live, word, intent_id) SELECT 'store_1', 0, 'w' || g, 'pi_' || g FROM generate_series(1, 20000) AS g",
                    "ANALYZE intents",
                    "ANALYZE intent_words",
                ])
                    await transaction.ExecuteAsync(sql, SqlArguments.None, token);
                return true;
            },
            Token);

        await NamesAsync(database, "intents_by_amount", (transaction, token) => FindAsync(transaction, "amount:900", token));
        await NamesAsync(database, "intents_by_amount", (transaction, token) => FindAsync(transaction, "amount>=900 AND amount<910 AND currency:'eur'", token));
        await NamesAsync(database, "intents_by_amount", (transaction, token) => FindAsync(transaction, new PaymentSearch(Store, false, 10) { Amounts = [new AmountSpan(Currency.All, 30_000, 40_000)] }, token));
        await NamesAsync(database, "intent_words_pkey", (transaction, token) => FindAsync(transaction, new PaymentSearch(Store, false, 10) { Description = "lamp" }, token));
    }

    private static async Task NamesAsync(RecordingDatabase database, string index, Func<ISqlTransaction, CancellationToken, ValueTask<int>> ask)
    {
        var before = database.Statements.Keys.ToHashSet(StringComparer.Ordinal);
        await database.ReadAsync(ask, Token);
        var asked = database.Statements.Where(statement => !before.Contains(statement.Key)).ToList();
        Assert.NotEmpty(asked);
        foreach (var (sql, arguments) in asked)
        {
            var plan = await database.ReadAsync(async (transaction, token) => await transaction.QueryAsync("EXPLAIN " + sql, arguments, static row => row.Text(0), token), Token);
            Assert.Contains(plan, step => step.Contains(index, StringComparison.Ordinal));
            Assert.DoesNotContain(plan, static step => step.Contains("Seq Scan", StringComparison.Ordinal));
        }
    }

    private static async ValueTask<int> FindAsync(ISqlTransaction transaction, string query, CancellationToken cancellationToken) =>
        (await SearchStore.FindAsync(transaction, SearchTable.Intents, SearchQuery.Parse(query, SearchTable.Intents).Value, Store, false, null, 10, cancellationToken)).Count;

    private static async ValueTask<int> FindAsync(ISqlTransaction transaction, PaymentSearch search, CancellationToken cancellationToken) =>
        (await PaymentReports.SearchAsync(transaction, search, cancellationToken)).Count;
}
