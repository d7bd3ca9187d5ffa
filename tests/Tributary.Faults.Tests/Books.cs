using System.Globalization;
using Tributary.Storage.Postgres;
using Tributary.Storage.Relational;
using Tributary.Storage.Sqlite;

namespace Tributary.Faults.Tests;

/// <summary>The tables of a server that has stopped, read directly.</summary>
internal static class Books
{
    public static async Task<IDatabase> OpenAsync(ServerProcess server, CancellationToken cancellationToken) => server.Database is null
        ? await SqliteDatabase.OpenAsync(Path.Combine(server.Folder, "payments.db"), 1, cancellationToken)
        : await PostgresDatabase.OpenAsync(PostgresAddress.Parse(server.Database, Environment.GetEnvironmentVariable).Value.ConnectionString, TimeProvider.System, cancellationToken);

    /// <summary>The books of the live half, in SQLite.</summary>
    public static async Task<IDatabase> OpenLiveAsync(ServerProcess server, CancellationToken cancellationToken) =>
        await SqliteDatabase.OpenAsync(Path.Combine(server.Folder, "live", "payments.db"), 1, cancellationToken);

    /// <summary>Ledger transactions whose lines do not add up to nothing.</summary>
    public static Task<long> CountUnbalancedAsync(IDatabase database, CancellationToken cancellationToken) => NumberAsync(
        database, "SELECT COUNT(*) FROM (SELECT 1 FROM ledger_postings GROUP BY transaction_id, asset HAVING SUM(amount) <> 0) AS wrong", cancellationToken);

    /// <summary>Accounts whose balances, with what is not counted into them yet, are not the sum of all their lines.</summary>
    public static Task<long> CountMiscountedAsync(IDatabase database, CancellationToken cancellationToken) => NumberAsync(
        database,
        """
        SELECT COUNT(*) FROM (
          SELECT t.store_id, t.is_live, p.account, p.asset, SUM(p.amount) AS amount FROM ledger_postings p JOIN ledger_transactions t ON t.id = p.transaction_id
          GROUP BY t.store_id, t.is_live, p.account, p.asset
          EXCEPT SELECT store_id, is_live, account, asset, SUM(amount) FROM ledger_sums GROUP BY store_id, is_live, account, asset) AS wrong
        """,
        cancellationToken);

    /// <summary>What an account has of some objects together, in minor units of the asset.</summary>
    public static async Task<long> SumAsync(IDatabase database, string account, IEnumerable<string> references, CancellationToken cancellationToken)
    {
        var sum = 0L;
        foreach (var reference in references)
        {
            sum += await database.ReadAsync(
                async (transaction, token) => await transaction.FirstOrDefaultAsync(
                    "SELECT CAST(COALESCE(SUM(p.amount), 0) AS TEXT) FROM ledger_postings p JOIN ledger_transactions t ON t.id = p.transaction_id WHERE t.reference = @reference AND p.account = @account",
                    new SqlArguments { { "reference", reference }, { "account", account } },
                    static row => long.Parse(row.Text(0), CultureInfo.InvariantCulture),
                    token),
                cancellationToken);
        }

        return sum;
    }

    /// <summary>The refunds of an intent, those included that nobody asked for.</summary>
    public static async Task<List<string>> RefundsAsync(IDatabase database, string intent, CancellationToken cancellationToken) => await database.ReadAsync(
        async (transaction, token) => await transaction.QueryAsync("SELECT id FROM refunds WHERE intent_id = @intent", new SqlArguments { { "intent", intent } }, static row => row.Text(0), token),
        cancellationToken);

    /// <summary>Positions that are missing in the history of everything, and objects whose own events have a gap or a double. What a stop left without a number is numbered by the next start.</summary>
    public static async Task<(long Missing, long Gaps)> CountHolesAsync(IDatabase database, CancellationToken cancellationToken) => (
        await NumberAsync(database, "SELECT COALESCE(MAX(position), 0) - COUNT(position) FROM outbox", cancellationToken),
        await NumberAsync(
            database,
            "SELECT COUNT(*) FROM (SELECT 1 FROM outbox GROUP BY object_id HAVING MAX(sequence) <> COUNT(position) OR MIN(sequence) <> 1 OR COUNT(DISTINCT sequence) <> COUNT(position)) AS wrong",
            cancellationToken));

    /// <summary>Deliveries that are neither done nor to be tried again.</summary>
    public static Task<long> CountForgottenAsync(IDatabase database, CancellationToken cancellationToken) =>
        NumberAsync(database, "SELECT COUNT(*) FROM webhook_deliveries WHERE done_at IS NULL", cancellationToken);

    private static async Task<long> NumberAsync(IDatabase database, string sql, CancellationToken cancellationToken) => await database.ReadAsync(
        async (transaction, token) => await transaction.FirstOrDefaultAsync(sql, SqlArguments.None, static row => row.Integer(0), token), cancellationToken);
}
