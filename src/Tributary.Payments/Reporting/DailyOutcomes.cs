using Tributary.Storage.Relational;

namespace Tributary.Payments.Reporting;

/// <summary>
/// Counts how payments come out, from their events. A payment counts from its first try on, on the day of that try, and is in one outcome at a
/// time; one that no shopper tried to pay is in none. The cursor moves with the counts.
/// </summary>
public sealed class DailyOutcomes(IDatabase database)
{
    private const string Cursor = "outcomes";
    private const string Open = "open";
    private const string Succeeded = "succeeded";
    private const string Failed = "failed";

    /// <summary>Takes in events that came since the last call; returns how many.</summary>
    public async Task<int> FollowAsync(int limit, CancellationToken cancellationToken)
    {
        // Most calls find nothing, and reading costs the writer nothing.
        if (await database.ReadAsync(
            static async (transaction, token) => await transaction.QueryAsync(
                "SELECT 1 FROM outbox WHERE position > (SELECT COALESCE(MAX(position), 0) FROM outcome_cursor) LIMIT 1", SqlArguments.None, static row => row.Integer(0), token),
            cancellationToken) is [])
        {
            return 0;
        }

        return await database.WriteAsync((transaction, token) => FollowAsync(transaction, limit, token), cancellationToken);
    }

    /// <summary>The outcomes of a store from a day on, the oldest first; days without any are left out.</summary>
    public static async ValueTask<List<DailyOutcome>> ListAsync(ISqlTransaction transaction, string storeId, bool isLive, DateOnly from, CancellationToken cancellationToken)
    {
        var rows = await transaction.QueryAsync(
            "SELECT day, outcome, payments FROM daily_outcomes WHERE store_id = @store AND is_live = @live AND day >= @from ORDER BY day LIMIT 5000",
            new SqlArguments { { "store", storeId }, { "live", isLive }, { "from", from.DayNumber } },
            static row => (Day: row.Integer(0), Outcome: row.Text(1), Payments: row.Integer(2)),
            cancellationToken);
        return
        [
            .. rows.GroupBy(static row => row.Day).Select(static group => new DailyOutcome(
                DateOnly.FromDayNumber((int)group.Key), Count(group, Succeeded), Count(group, Failed), Count(group, Open))),
        ];

        static long Count(IEnumerable<(long Day, string Outcome, long Payments)> rows, string outcome) =>
            rows.Where(row => string.Equals(row.Outcome, outcome, StringComparison.Ordinal)).Sum(static row => row.Payments);
    }

    private static async ValueTask<int> FollowAsync(ISqlTransaction transaction, int limit, CancellationToken cancellationToken)
    {
        var after = await transaction.FirstOrDefaultAsync(
            "SELECT position FROM outcome_cursor WHERE name = @name", new SqlArguments { { "name", Cursor } }, static row => row.Integer(0), cancellationToken);
        var events = await transaction.QueryAsync(
            "SELECT position, kind, object_id, created_at, store_id, is_live FROM outbox WHERE position > @after ORDER BY position LIMIT @limit",
            new SqlArguments { { "after", after }, { "limit", limit } },
            static row => (Position: row.Integer(0), Kind: row.Text(1), ObjectId: row.Text(2), At: row.Time(3), StoreId: row.Text(4), IsLive: row.Flag(5)),
            cancellationToken);
        foreach (var told in events)
        {
            if (OutcomeOf(told.Kind) is { } outcome)
                await CountAsync(transaction, told.ObjectId, told.StoreId, told.IsLive, DateOnly.FromDateTime(told.At.UtcDateTime).DayNumber, outcome, cancellationToken);
        }

        if (events.Count > 0)
        {
            await transaction.ExecuteOneAsync(
                "INSERT INTO outcome_cursor (name, position) VALUES (@name, @position) ON CONFLICT (name) DO UPDATE SET position = excluded.position",
                new SqlArguments { { "name", Cursor }, { "position", events[^1].Position } },
                cancellationToken);
        }

        return events.Count;
    }

    private static string? OutcomeOf(string kind) => kind switch
    {
        "payment_intent.succeeded" => Succeeded,
        "payment_intent.canceled" or "payment_intent.reversed" => Failed,
        "payment_intent.requires_action" or "payment_intent.payment_failed" or "payment_intent.processing" or "payment_intent.amount_capturable_updated" => Open,
        _ => null,
    };

    private static async ValueTask CountAsync(
        ISqlTransaction transaction, string intentId, string storeId, bool isLive, long day, string outcome, CancellationToken cancellationToken)
    {
        var known = await transaction.QueryAsync(
            "SELECT day, outcome FROM payment_outcomes WHERE intent_id = @id",
            new SqlArguments { { "id", intentId } },
            static row => (Day: row.Integer(0), Outcome: row.Text(1)),
            cancellationToken);

        // Given up before anybody tried: nobody failed to pay. And a try tells nothing new of a payment that is known.
        if (known.Count == 0 ? outcome is Failed : outcome is Open || string.Equals(known[0].Outcome, outcome, StringComparison.Ordinal))
            return;
        var counted = known.Count == 0 ? day : known[0].Day;
        await transaction.ExecuteOneAsync(
            "INSERT INTO payment_outcomes (intent_id, day, outcome) VALUES (@id, @day, @outcome) ON CONFLICT (intent_id) DO UPDATE SET outcome = excluded.outcome",
            new SqlArguments { { "id", intentId }, { "day", counted }, { "outcome", outcome } },
            cancellationToken);
        if (known.Count > 0)
            await AddAsync(transaction, storeId, isLive, counted, known[0].Outcome, -1, cancellationToken);
        await AddAsync(transaction, storeId, isLive, counted, outcome, 1, cancellationToken);
    }

    private static async ValueTask AddAsync(
        ISqlTransaction transaction, string storeId, bool isLive, long day, string outcome, long payments, CancellationToken cancellationToken) => await transaction.ExecuteOneAsync(
            """
            INSERT INTO daily_outcomes (store_id, is_live, day, outcome, payments) VALUES (@store, @live, @day, @outcome, @payments)
            ON CONFLICT (store_id, is_live, day, outcome) DO UPDATE SET payments = daily_outcomes.payments + excluded.payments
            """,
            new SqlArguments { { "store", storeId }, { "live", isLive }, { "day", day }, { "outcome", outcome }, { "payments", payments } },
            cancellationToken);
}
