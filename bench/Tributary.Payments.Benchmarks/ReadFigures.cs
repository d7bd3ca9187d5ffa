using System.Diagnostics;
using System.Globalization;
using Tributary.Payments.Balances;
using Tributary.Payments.Intents;
using Tributary.Payments.Outbox;
using Tributary.Payments.Reporting;
using Tributary.Payments.Search;
using Tributary.Payments.Storage;
using Tributary.Storage.Relational;
using Tributary.Storage.Sqlite;

namespace Tributary.Payments.Benchmarks;

/// <summary>
/// What lists, searches and the dashboard ask of the database, each many times: their times must not grow with the payments that are stored. A
/// page is ten payments, as the API gives it; the rarest and the commonest of each kind are asked for.
/// </summary>
internal sealed class ReadFigures(string folder, string store, TextWriter progress)
{
    private const int Page = 10;
    private const int Repeats = 200;
    private const int WarmUps = 20;
    private static readonly TimeSpan s_most = TimeSpan.FromSeconds(20);

    /// <summary>Tells of each kind of read its sorted times.</summary>
    internal async Task AddAsync(Action<string, TimeSpan[]> told)
    {
        await using var database = await SqliteDatabase.OpenAsync(Path.Combine(folder, "payments.db"), 1, CancellationToken.None);
        var middle = await database.ReadAsync(
            (transaction, token) => PaymentStore.ListAsync(transaction, new IntentQuery(store, false, Page), token), CancellationToken.None);
        if (middle.Count == 0)
            return;
        progress.WriteLine("  reads of the database");
        var last = middle[^1].Intent;
        var count = await StoredCountAsync(database);
        var day = DateOnly.FromDateTime(DateTime.UtcNow.AddDays(-30));
        foreach (var (name, read) in Reads(last.Id, count, day))
            told(name, await MeasureAsync(database, read));
    }

    private IEnumerable<(string Name, Func<ISqlTransaction, int, CancellationToken, ValueTask> Read)> Reads(string cursor, long count, DateOnly day)
    {
        yield return ("intents.newest", async (transaction, _, token) => await PaymentStore.ListAsync(transaction, new IntentQuery(store, false, Page), token));
        yield return ("intents.behind_another", async (transaction, _, token) => await PaymentStore.ListAsync(transaction, new IntentQuery(store, false, Page) { After = cursor }, token));
        yield return ("intents.of_no_customer", async (transaction, _, token) => await PaymentStore.ListAsync(transaction, new IntentQuery(store, false, Page) { CustomerId = "cus_none" }, token));
        yield return ("intents.live_of_which_there_are_none", async (transaction, _, token) => await PaymentStore.ListAsync(transaction, new IntentQuery(store, true, Page), token));
        yield return ("charges.newest", async (transaction, _, token) => await PaymentStore.ListAsync(transaction, new IntentQuery(store, false, Page) { IsCharged = true }, token));
        yield return ("search.metadata", (transaction, i, token) => SearchAsync(transaction, $"metadata['order_id']:'{(i * 7919L % count).ToString(CultureInfo.InvariantCulture)}'", token));
        yield return ("search.status_of_most", (transaction, _, token) => SearchAsync(transaction, "status:'succeeded'", token));
        yield return ("search.status_of_none", (transaction, _, token) => SearchAsync(transaction, "status:'requires_capture'", token));
        yield return ("search.metadata_and_status", (transaction, i, token) => SearchAsync(transaction, $"metadata['order_id']:'{(i * 7919L % count).ToString(CultureInfo.InvariantCulture)}' AND status:'succeeded'", token));
        yield return ("events.newest", async (transaction, _, token) => await OutboxLog.ListAsync(transaction, new EventQuery(store, false, Page), token));
        yield return ("events.of_a_kind_of_which_there_are_none", async (transaction, _, token) => await OutboxLog.ListAsync(transaction, new EventQuery(store, false, Page) { Kinds = ["payout.paid"] }, token));
        yield return ("events.live_of_which_there_are_none", async (transaction, _, token) => await OutboxLog.ListAsync(transaction, new EventQuery(store, true, Page), token));
        yield return ("balance", async (transaction, _, token) => await StoreBalances.ReadAsync(transaction, store, false, token));
        yield return ("balance_transactions.newest", async (transaction, _, token) => await BalanceTransactions.ListAsync(transaction, new BalanceQuery(store, false, Page), token));
        yield return ("dashboard.search_by_order", async (transaction, i, token) => await PaymentReports.SearchAsync(transaction, new PaymentSearch(store, false, Page) { Text = (i * 7919L % count).ToString(CultureInfo.InvariantCulture) }, token));
        yield return ("dashboard.search_by_common_text", async (transaction, _, token) => await PaymentReports.SearchAsync(transaction, new PaymentSearch(store, false, Page) { Text = "pi_" }, token));
        yield return ("dashboard.canceled", async (transaction, _, token) => await PaymentReports.SearchAsync(transaction, new PaymentSearch(store, false, Page) { Status = IntentStatus.Canceled }, token));
        yield return ("dashboard.money_of_a_month", async (transaction, _, token) => await DailyTotals.ListAsync(transaction, store, false, day, token));
        yield return ("dashboard.outcomes_of_a_month", async (transaction, _, token) => await DailyOutcomes.ListAsync(transaction, store, false, day, token));
        yield return ("dashboard.story", async (transaction, _, token) => await PaymentReports.EventsAsync(transaction, cursor, token));
        yield return ("start.open_attempts", async (transaction, _, token) => await PaymentStore.FindOpenReferencesAsync(transaction, RailKind.Lightning, 1_000, token));
    }

    private async ValueTask SearchAsync(ISqlTransaction transaction, string text, CancellationToken cancellationToken) => await SearchStore.FindAsync(
        transaction, SearchTable.Intents, SearchQuery.Parse(text, SearchTable.Intents).Value, store, false, null, Page, cancellationToken);

    private static async Task<TimeSpan[]> MeasureAsync(SqliteDatabase database, Func<ISqlTransaction, int, CancellationToken, ValueTask> read)
    {
        var times = new List<TimeSpan>(Repeats);
        var began = Stopwatch.GetTimestamp();
        for (var i = 0; i < WarmUps + Repeats && (i < WarmUps + 3 || Stopwatch.GetElapsedTime(began) < s_most); i++)
        {
            var started = Stopwatch.GetTimestamp();
            await database.ReadAsync(
                async (transaction, token) =>
                {
                    await read(transaction, i, token);
                    return true;
                },
                CancellationToken.None);
            if (i >= WarmUps)
                times.Add(Stopwatch.GetElapsedTime(started));
        }

        return [.. times.Order()];
    }

    private static async Task<long> StoredCountAsync(SqliteDatabase database) => await database.ReadAsync(
        static (transaction, token) => transaction.FirstOrDefaultAsync("SELECT COUNT(*) FROM intents", SqlArguments.None, static row => row.Integer(0), token), CancellationToken.None);
}
