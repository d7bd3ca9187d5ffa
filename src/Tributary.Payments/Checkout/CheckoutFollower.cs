using System.Text.Json;
using Tributary.Payments.Identifiers;
using Tributary.Payments.Outbox;
using Tributary.Storage.Relational;

namespace Tributary.Payments.Checkout;

/// <summary>
/// Follows what happens to intents and tells what it means to their sessions: completed, paid, expired, each once. The cursor moves in the
/// transaction of what is told, so a restart goes on where it was.
/// </summary>
public sealed class CheckoutFollower(IDatabase database, ObjectIds ids, TimeProvider time)
{
    private const string Cursor = "sessions";

    /// <summary>Looks at events that came since the last call; returns how many.</summary>
    public async Task<int> FollowAsync(int limit, CancellationToken cancellationToken)
    {
        // Most calls find nothing, and reading costs the writer nothing.
        if (await database.ReadAsync(
            static async (transaction, token) => await transaction.QueryAsync(
                "SELECT 1 FROM outbox WHERE position > (SELECT COALESCE(MAX(position), 0) FROM checkout_cursor) LIMIT 1", SqlArguments.None, static row => row.Integer(0), token),
            cancellationToken) is [])
        {
            return 0;
        }

        return await database.WriteAsync((transaction, token) => FollowAsync(transaction, limit, token), cancellationToken);
    }

    private async ValueTask<int> FollowAsync(ISqlTransaction transaction, int limit, CancellationToken cancellationToken)
    {
        var after = await transaction.FirstOrDefaultAsync(
            "SELECT position FROM checkout_cursor WHERE name = @name", new SqlArguments { { "name", Cursor } }, static row => row.Integer(0), cancellationToken);
        var events = await transaction.QueryAsync(
            "SELECT position, kind, object_id FROM outbox WHERE position > @after ORDER BY position LIMIT @limit",
            new SqlArguments { { "after", after }, { "limit", limit } },
            static row => (Position: row.Integer(0), Kind: row.Text(1), ObjectId: row.Text(2)),
            cancellationToken);
        foreach (var told in events)
        {
            switch (told.Kind)
            {
                case "payment_intent.processing" or "payment_intent.amount_capturable_updated" or "payment_intent.succeeded":
                    await CompleteAsync(transaction, told.ObjectId, isPaid: told.Kind is "payment_intent.succeeded", cancellationToken);
                    break;
                case "payment_intent.canceled":
                    await ExpireAsync(transaction, told.ObjectId, cancellationToken);
                    break;
            }
        }

        if (events.Count > 0)
        {
            await transaction.ExecuteOneAsync(
                "INSERT INTO checkout_cursor (name, position) VALUES (@name, @position) ON CONFLICT (name) DO UPDATE SET position = excluded.position",
                new SqlArguments { { "name", Cursor }, { "position", events[^1].Position } },
                cancellationToken);
        }

        return events.Count;
    }

    private async ValueTask CompleteAsync(ISqlTransaction transaction, string intentId, bool isPaid, CancellationToken cancellationToken)
    {
        var found = await transaction.QueryAsync(
            "SELECT document, version, completed_at, paid_at, expired_at FROM checkout_sessions WHERE intent_id = @intent",
            new SqlArguments { { "intent", intentId } },
            static row => (Session: CheckoutService.ReadSession(row), Version: row.Integer(1), IsCompleted: !row.IsNull(2), IsPaid: !row.IsNull(3), IsExpired: !row.IsNull(4)),
            cancellationToken);
        if (found.Count == 0 || found[0].IsExpired || (found[0].IsCompleted && (!isPaid || found[0].IsPaid)))
            return;
        var (session, version, isCompleted, _, _) = found[0];
        var now = time.GetUtcNow();
        await transaction.ExecuteOneAsync(
            $"UPDATE checkout_sessions SET version = version + 1, {(isCompleted ? "" : "completed_at = @at,")} paid_at = @paid WHERE id = @id",
            isCompleted
                ? new SqlArguments { { "paid", now }, { "id", session.Id } }
                : new SqlArguments { { "at", now }, { "paid", isPaid ? now : (DateTimeOffset?)null }, { "id", session.Id } },
            cancellationToken);
        await TellAsync(transaction, session, version + 1, isCompleted ? CheckoutEvents.PaymentSucceeded : CheckoutEvents.Completed, cancellationToken);
    }

    private async ValueTask ExpireAsync(ISqlTransaction transaction, string intentId, CancellationToken cancellationToken)
    {
        var found = await transaction.QueryAsync(
            "SELECT document, version FROM checkout_sessions WHERE intent_id = @intent AND expired_at IS NULL AND completed_at IS NULL",
            new SqlArguments { { "intent", intentId } },
            static row => (Session: CheckoutService.ReadSession(row), Version: row.Integer(1)),
            cancellationToken);
        if (found.Count == 0)
            return;
        await transaction.ExecuteOneAsync(
            "UPDATE checkout_sessions SET version = version + 1, expired_at = @at WHERE id = @id",
            new SqlArguments { { "at", time.GetUtcNow() }, { "id", found[0].Session.Id } },
            cancellationToken);
        await TellAsync(transaction, found[0].Session, found[0].Version + 1, CheckoutEvents.Expired, cancellationToken);
    }

    private async ValueTask TellAsync(ISqlTransaction transaction, CheckoutSession session, long version, string kind, CancellationToken cancellationToken)
    {
        var file = await CheckoutService.WithPaymentAsync(transaction, session, cancellationToken);
        var document = new StoredCheckout.Event(StoredCheckout.CurrentFormat, file.Session, file.Payment);
        await OutboxLog.AddAsync(
            transaction,
            new OutboxEvent(
                0, ids.Next("evt"), session.StoreId, session.IsLive, kind, session.Id, version, time.GetUtcNow(), JsonSerializer.Serialize(document, CheckoutJson.Default.Event)),
            0,
            cancellationToken);
    }
}
