using Tributary.Payments.Errors;
using Tributary.Payments.Intents;
using Tributary.Payments.Storage;
using Tributary.Primitives.Results;
using Tributary.Storage.Relational;

namespace Tributary.Payments.Disputes;

/// <summary>Lets inputs act on disputes within a transaction of the caller.</summary>
public sealed class DisputeStore(PaymentStore store, TimeProvider time)
{
    /// <summary>A dispute by its name; null where there is none.</summary>
    public static async ValueTask<DisputeView?> FindAsync(ISqlTransaction transaction, string disputeId, CancellationToken cancellationToken)
    {
        var intentId = await transaction.FirstOrDefaultAsync(
            "SELECT intent_id FROM disputes WHERE id = @id", new SqlArguments { { "id", disputeId } }, static row => row.Text(0), cancellationToken);
        var file = intentId is null ? null : await PaymentStore.FindAsync(transaction, intentId, cancellationToken);
        return file?.FindDispute(disputeId) is { } dispute ? new DisputeView(file, dispute) : null;
    }

    /// <summary>Disputes of a store, the newest first.</summary>
    public static async ValueTask<List<DisputeView>> ListAsync(ISqlTransaction transaction, DisputeQuery query, CancellationToken cancellationToken)
    {
        var list = new ObjectList("disputes", query.StoreId, query.IsLive, query.Limit) { Created = query.Created, After = query.After, Before = query.Before };
        if (query.IntentId is not null)
            list.Where("intent_id", query.IntentId);
        var views = new List<DisputeView>();
        foreach (var id in await list.ReadIdsAsync(transaction, cancellationToken))
            views.Add((await FindAsync(transaction, id, cancellationToken))!);
        return views;
    }

    /// <summary>Disputes that nobody answered in time.</summary>
    public static ValueTask<List<string>> FindDueAsync(ISqlTransaction transaction, DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
        transaction.QueryAsync(
            "SELECT id FROM disputes WHERE wake_at <= @now ORDER BY wake_at LIMIT @limit",
            new SqlArguments { { "now", now }, { "limit", limit } },
            static row => row.Text(0),
            cancellationToken);

    /// <summary>Lets an input act; an error writes nothing.</summary>
    public async ValueTask<Result<DisputeView, PaymentError>> ApplyAsync(ISqlTransaction transaction, PaymentFile file, DisputeInput input, CancellationToken cancellationToken)
    {
        var handled = DisputeMachine.Handle(file, input, time.GetUtcNow());
        if (!handled.TryGet(out var change, out var error))
            return error;
        if (!change.IsNothing)
            await WriteAsync(transaction, store, file, change, cancellationToken);
        return new DisputeView(change.File, change.Dispute);
    }

    /// <summary>Writes a change: the payment's file, the ledger, the events and the row to find it by.</summary>
    internal static async ValueTask WriteAsync(ISqlTransaction transaction, PaymentStore store, PaymentFile before, DisputeChange change, CancellationToken cancellationToken)
    {
        var dispute = change.Dispute;
        var intent = change.File.Intent;
        await store.WriteAsync(
            transaction, before, change.File, change.Ledger, [.. change.Events.Select(kind => new FileEvent(DisputeWords.Of(kind), dispute.Id, dispute.Version))], cancellationToken);
        await transaction.ExecuteOneAsync(
            """
            INSERT INTO disputes (id, intent_id, store_id, is_live, status, created_us, wake_at) VALUES (@id, @intent, @store, @live, @status, @created, @wake)
            ON CONFLICT (id) DO UPDATE SET status = @status, wake_at = @wake
            """,
            new SqlArguments
            {
                { "id", dispute.Id },
                { "intent", intent.Id },
                { "store", intent.StoreId },
                { "live", intent.IsLive },
                { "status", DisputeWords.Of(dispute.Status) },
                { "created", dispute.CreatedAt.UtcTicks / TimeSpan.TicksPerMicrosecond },
                { "wake", dispute.Status == DisputeStatus.NeedsResponse ? dispute.DueBy : null },
            },
            cancellationToken);
    }
}
