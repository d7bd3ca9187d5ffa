using System.Globalization;
using Tributary.Storage.Relational;

namespace Tributary.Payments.Webhooks;

/// <summary>
/// Sends an endpoint everything again from a place in the history on: what it has missed, and what it has had. Receivers tell copies by the
/// event's name.
/// </summary>
public static class WebhookReplay
{
    /// <summary>
    /// The position after which to begin: of an event by its name ("evt_…", which is sent too), of a position as events carry it, or of a time in
    /// UTC ("2026-11-22 14:00"). Null for a text that is none of them, or an event that the store has not.
    /// </summary>
    public static async ValueTask<long?> FindAsync(ISqlTransaction transaction, string storeId, bool isLive, string text, CancellationToken cancellationToken)
    {
        if (text.StartsWith("evt_", StringComparison.Ordinal))
        {
            var found = await transaction.QueryAsync(
                "SELECT position FROM outbox WHERE id = @id AND store_id = @store AND is_live = @live AND position IS NOT NULL",
                new SqlArguments { { "id", text }, { "store", storeId }, { "live", isLive } },
                static row => row.Integer(0),
                cancellationToken);
            return found.Count == 0 ? null : found[0] - 1;
        }

        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var position))
            return Math.Max(0, position - 1);
        return DateTimeOffset.TryParseExact(
            text, ["yyyy-MM-dd", "yyyy-MM-dd HH:mm", "yyyy-MM-ddTHH:mm"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at)
            ? await transaction.FirstOrDefaultAsync(
                "SELECT COALESCE(MAX(position), 0) FROM outbox WHERE created_at < @at AND position IS NOT NULL",
                new SqlArguments { { "at", at } },
                static row => row.Integer(0),
                cancellationToken)
            : null;
    }

    /// <summary>Begins anew after a position; returns how many deliveries of before are sent again, or null where the store has no such endpoint.</summary>
    public static async ValueTask<long?> BeginAsync(
        ISqlTransaction transaction, string storeId, bool isLive, string endpointId, long after, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await WebhookStore.FindAsync(transaction, storeId, isLive, endpointId, cancellationToken) is null)
            return null;
        var again = await transaction.ExecuteAsync(
            """
            UPDATE webhook_deliveries SET due_at = @now, done_at = NULL
            WHERE endpoint_id = @endpoint AND event_id IN (SELECT id FROM outbox WHERE position > @after AND store_id = @store AND is_live = @live)
            """,
            new SqlArguments { { "now", now }, { "endpoint", endpointId }, { "after", after }, { "store", storeId }, { "live", isLive } },
            cancellationToken);

        // What it was never given, because it came before the endpoint or the endpoint did not want it, is made by the next fan-out.
        await transaction.ExecuteAsync(
            "UPDATE webhook_endpoints SET position = @after WHERE id = @endpoint AND position > @after",
            new SqlArguments { { "after", after }, { "endpoint", endpointId } },
            cancellationToken);
        return again;
    }
}
