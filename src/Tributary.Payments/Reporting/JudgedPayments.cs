using Tributary.Payments.Intents;
using Tributary.Payments.Risk;
using Tributary.Storage.Relational;

namespace Tributary.Payments.Reporting;

/// <summary>How the risk gate judged attempts to pay, by day: one row each, written with the attempt.</summary>
public static class JudgedPayments
{
    private const int DaysKept = 60;

    /// <summary>How many attempts of a store got each verdict, by day; days and verdicts without any are left out.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="storeId">The store.</param>
    /// <param name="isLive">Its real or its test payments.</param>
    /// <param name="from">The first day, UTC.</param>
    /// <param name="to">The last day.</param>
    /// <param name="cancellationToken">Ends the query.</param>
    public static async ValueTask<IReadOnlyDictionary<(DateOnly Day, RiskVerdict Verdict), long>> ListAsync(
        ISqlTransaction transaction, string storeId, bool isLive, DateOnly from, DateOnly to, CancellationToken cancellationToken)
    {
        var counts = new Dictionary<(DateOnly, RiskVerdict), long>();
        for (var day = from; day <= to; day = day.AddDays(1))
        {
            var rows = await transaction.QueryAsync(
                "SELECT verdict, COUNT(*) FROM judged_attempts WHERE day = @day AND store_id = @store AND is_live = @live GROUP BY verdict",
                new SqlArguments { { "day", day.DayNumber }, { "store", storeId }, { "live", isLive } },
                static row => (Verdict: row.Text(0), Count: row.Integer(1)),
                cancellationToken);
            foreach (var (verdict, count) in rows)
                counts[(day, Enum.Parse<RiskVerdict>(verdict))] = count;
        }

        return counts;
    }

    /// <summary>Forgets days that no page shows any more.</summary>
    public static ValueTask<int> PruneAsync(ISqlTransaction transaction, DateOnly today, CancellationToken cancellationToken) => transaction.ExecuteAsync(
        "DELETE FROM judged_attempts WHERE day < @day", new SqlArguments { { "day", today.AddDays(-DaysKept).DayNumber } }, cancellationToken);

    /// <summary>Notes the verdict of a new attempt; nothing where none was asked for.</summary>
    internal static async ValueTask WriteAsync(ISqlTransaction transaction, PaymentIntent intent, PaymentAttempt attempt, CancellationToken cancellationToken)
    {
        if (attempt.Risk is not { } risk)
            return;
        await transaction.ExecuteOneAsync(
            "INSERT INTO judged_attempts (day, store_id, is_live, verdict, attempt_id) VALUES (@day, @store, @live, @verdict, @attempt)",
            new SqlArguments
            {
                { "day", DateOnly.FromDateTime(risk.At.UtcDateTime).DayNumber },
                { "store", intent.StoreId },
                { "live", intent.IsLive },
                { "verdict", risk.Verdict.ToString() },
                { "attempt", attempt.Id },
            },
            cancellationToken);
    }
}
