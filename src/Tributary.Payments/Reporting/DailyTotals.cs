using Tributary.Payments.Intents;
using Tributary.Payments.Money;
using Tributary.Payments.Storage;
using Tributary.Storage.Relational;

namespace Tributary.Payments.Reporting;

/// <summary>
/// Adds up what came in by day and currency, from the events of payments. Each payment counts on the day on which it succeeded, with what it was
/// worth then; one that is reversed is taken off that same day. The cursor moves with the sums.
/// </summary>
public sealed class DailyTotals(IDatabase database)
{
    private const string Cursor = "daily";

    /// <summary>Takes in events that came since the last call; returns how many.</summary>
    public async Task<int> FollowAsync(int limit, CancellationToken cancellationToken)
    {
        // Most calls find nothing, and reading costs the writer nothing.
        if (await database.ReadAsync(
            static async (transaction, token) => await transaction.QueryAsync(
                "SELECT 1 FROM outbox WHERE position > (SELECT COALESCE(MAX(position), 0) FROM reporting_cursor) LIMIT 1", SqlArguments.None, static row => row.Integer(0), token),
            cancellationToken) is [])
        {
            return 0;
        }

        return await database.WriteAsync((transaction, token) => FollowAsync(transaction, limit, token), cancellationToken);
    }

    /// <summary>The sums of a store from a day on, the oldest first.</summary>
    public static ValueTask<List<DailyTotal>> ListAsync(ISqlTransaction transaction, string storeId, bool isLive, DateOnly from, CancellationToken cancellationToken) =>
        transaction.QueryAsync(
            "SELECT day, payments, currency, amount FROM daily_totals WHERE store_id = @store AND is_live = @live AND day >= @from ORDER BY day, currency LIMIT 5000",
            new SqlArguments { { "store", storeId }, { "live", isLive }, { "from", from.DayNumber } },
            static row => new DailyTotal(DateOnly.FromDayNumber((int)row.Integer(0)), row.Integer(1), new CurrencyAmount(row.Integer(3), Currency.Of(row.Text(2)))),
            cancellationToken);

    private static async ValueTask<int> FollowAsync(ISqlTransaction transaction, int limit, CancellationToken cancellationToken)
    {
        var after = await transaction.FirstOrDefaultAsync(
            "SELECT position FROM reporting_cursor WHERE name = @name", new SqlArguments { { "name", Cursor } }, static row => row.Integer(0), cancellationToken);
        var events = await transaction.QueryAsync(
            "SELECT position, kind, object_id, created_at FROM outbox WHERE position > @after ORDER BY position LIMIT @limit",
            new SqlArguments { { "after", after }, { "limit", limit } },
            static row => (Position: row.Integer(0), Kind: row.Text(1), ObjectId: row.Text(2), At: row.Time(3)),
            cancellationToken);
        foreach (var told in events)
        {
            if (told.Kind is "payment_intent.succeeded" or "payment_intent.reversed")
                await CountAsync(transaction, told.ObjectId, DateOnly.FromDateTime(told.At.UtcDateTime), cancellationToken);
        }

        if (events.Count > 0)
        {
            await transaction.ExecuteOneAsync(
                "INSERT INTO reporting_cursor (name, position) VALUES (@name, @position) ON CONFLICT (name) DO UPDATE SET position = excluded.position",
                new SqlArguments { { "name", Cursor }, { "position", events[^1].Position } },
                cancellationToken);
        }

        return events.Count;
    }

    // The payment as it stands now: the last of its events brings the sum to what is true.
    private static async ValueTask CountAsync(ISqlTransaction transaction, string intentId, DateOnly day, CancellationToken cancellationToken)
    {
        if (await PaymentStore.FindAsync(transaction, intentId, cancellationToken) is not { Intent: var intent })
            return;
        var amount = intent.Status == IntentStatus.Succeeded ? intent.AmountReceived.MinorUnits : 0;
        var known = await transaction.QueryAsync(
            "SELECT day, amount FROM reported_payments WHERE intent_id = @id",
            new SqlArguments { { "id", intentId } },
            static row => (Day: row.Integer(0), Amount: row.Integer(1)),
            cancellationToken);
        var before = known.Count == 0 ? 0 : known[0].Amount;
        var counted = known.Count == 0 || before == 0 ? day.DayNumber : known[0].Day;
        if (amount == before)
            return;
        await transaction.ExecuteOneAsync(
            """
            INSERT INTO reported_payments (intent_id, day, currency, amount) VALUES (@id, @day, @currency, @amount)
            ON CONFLICT (intent_id) DO UPDATE SET day = excluded.day, amount = excluded.amount
            """,
            new SqlArguments { { "id", intentId }, { "day", counted }, { "currency", intent.Amount.Currency.Code }, { "amount", amount } },
            cancellationToken);
        await transaction.ExecuteOneAsync(
            """
            INSERT INTO daily_totals (store_id, is_live, day, currency, payments, amount) VALUES (@store, @live, @day, @currency, @payments, @amount)
            ON CONFLICT (store_id, is_live, day, currency)
            DO UPDATE SET payments = daily_totals.payments + excluded.payments, amount = daily_totals.amount + excluded.amount
            """,
            new SqlArguments
            {
                { "store", intent.StoreId },
                { "live", intent.IsLive },
                { "day", counted },
                { "currency", intent.Amount.Currency.Code },
                { "payments", (amount > 0 ? 1 : 0) - (before > 0 ? 1 : 0) },
                { "amount", amount - before },
            },
            cancellationToken);
    }
}
