using Tributary.Payments.Errors;
using Tributary.Payments.Intents;
using Tributary.Payments.Outgoing;
using Tributary.Payments.Storage;
using Tributary.Primitives.Results;
using Tributary.Storage.Relational;

namespace Tributary.Payments.Refunds;

/// <summary>
/// Lets inputs act on refunds within a transaction of the caller. The refund itself is a part of the payment's file; beside it lie a row to find
/// it by and the transfers that the rails are asked about.
/// </summary>
public sealed class RefundStore(PaymentStore store, TimeProvider time)
{
    /// <summary>The payment that a refund belongs to; null where there is no such refund.</summary>
    public static ValueTask<PaymentFile?> FindFileAsync(ISqlTransaction transaction, string refundId, CancellationToken cancellationToken) =>
        FindFileAsync(transaction, "id", refundId, cancellationToken);

    /// <summary>The refund of a claim link; null where the link is none, or ended.</summary>
    public static async ValueTask<RefundView?> FindByClaimAsync(ISqlTransaction transaction, string token, CancellationToken cancellationToken) =>
        await FindFileAsync(transaction, "claim_token", token, cancellationToken) is { } file
            ? new RefundView(file, file.Refunds.First(refund => string.Equals(refund.ClaimToken, token, StringComparison.Ordinal)))
            : null;

    /// <summary>Refunds of a store, the newest first.</summary>
    public static async ValueTask<List<RefundView>> ListAsync(ISqlTransaction transaction, RefundQuery query, CancellationToken cancellationToken)
    {
        var isBackwards = query.Before is not null;
        var arguments = new SqlArguments { { "store", query.StoreId }, { "live", query.IsLive }, { "limit", query.Limit } };
        query.Created.AddTo(arguments);
        if (query.IntentId is not null)
            arguments.Add("intent", query.IntentId);
        if ((query.After ?? query.Before) is { } cursor)
            arguments.Add("cursor", cursor);
        var rows = await transaction.QueryAsync(
            $"""
            SELECT id, intent_id FROM refunds WHERE store_id = @store AND is_live = @live
            {query.Created.Condition("created_us")}
            {(query.IntentId is null ? "" : "AND intent_id = @intent")}
            {((query.After ?? query.Before) is null ? "" : $"AND (created_us, id) {(isBackwards ? ">" : "<")} (SELECT created_us, id FROM refunds WHERE id = @cursor AND store_id = @store AND is_live = @live)")}
            ORDER BY created_us {(isBackwards ? "ASC" : "DESC")}, id {(isBackwards ? "ASC" : "DESC")} LIMIT @limit
            """,
            arguments,
            static row => (Id: row.Text(0), IntentId: row.Text(1)),
            cancellationToken);
        if (isBackwards)
            rows.Reverse();
        var files = new Dictionary<string, PaymentFile>(StringComparer.Ordinal);
        var views = new List<RefundView>(rows.Count);
        foreach (var (id, intentId) in rows)
        {
            if (!files.TryGetValue(intentId, out var file))
                files.Add(intentId, file = await PaymentStore.FindAsync(transaction, intentId, cancellationToken) ?? throw new InvalidOperationException($"{intentId} is gone."));
            views.Add(new RefundView(file, file.FindRefund(id)!));
        }

        return views;
    }

    /// <summary>Refunds that nobody claimed in time.</summary>
    public static ValueTask<List<string>> FindDueAsync(ISqlTransaction transaction, DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
        transaction.QueryAsync(
            "SELECT id FROM refunds WHERE wake_at <= @now ORDER BY wake_at LIMIT @limit",
            new SqlArguments { { "now", now }, { "limit", limit } },
            static row => row.Text(0),
            cancellationToken);

    /// <summary>Lets an input act; an error writes nothing.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="file">The payment as it is in the transaction.</param>
    /// <param name="input">What happened.</param>
    /// <param name="reference">The rail's name for the input's transfer, where it is known beforehand.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask<Result<RefundView, PaymentError>> ApplyAsync(
        ISqlTransaction transaction, PaymentFile file, RefundInput input, string? reference, CancellationToken cancellationToken)
    {
        var handled = RefundMachine.Handle(file, input, time.GetUtcNow());
        if (!handled.TryGet(out var change, out var error))
            return error;
        var refund = change.Refund;
        if (change.IsNothing)
            return new RefundView(file, refund);
        var events = change.Events.Select(kind => kind == RefundEventKind.ChargeRefunded
            ? new FileEvent(RefundWords.Of(kind), change.File.Intent.ChargeId, change.File.Intent.Version)
            : new FileEvent(RefundWords.Of(kind), refund.Id, refund.Version));
        await store.WriteAsync(transaction, file, change.File, change.Ledger, [.. events], cancellationToken);
        await WriteRowAsync(transaction, file.Intent, refund, cancellationToken);
        if (refund.LastTransfer is { Status: RefundTransferStatus.Pending } transfer && !string.Equals(file.FindRefund(refund.Id)?.LastTransfer?.Id, transfer.Id, StringComparison.Ordinal))
        {
            await OutgoingTransfers.InsertAsync(
                transaction,
                new StoredTransfer(
                    transfer.Id, OutgoingKind.Refund, refund.Id, file.Intent.Id, transfer.Rail, transfer.Destination, reference, transfer.Amount, transfer.FeeMax, transfer.OriginAttemptId, transfer.CreatedAt),
                transfer.CreatedAt,
                cancellationToken);
        }

        return new RefundView(change.File, refund);
    }

    private static async ValueTask<PaymentFile?> FindFileAsync(ISqlTransaction transaction, string column, string value, CancellationToken cancellationToken)
    {
        var intentId = await transaction.FirstOrDefaultAsync(
            $"SELECT intent_id FROM refunds WHERE {column} = @value", new SqlArguments { { "value", value } }, static row => row.Text(0), cancellationToken);
        return intentId is null ? null : await PaymentStore.FindAsync(transaction, intentId, cancellationToken);
    }

    private static ValueTask WriteRowAsync(ISqlTransaction transaction, PaymentIntent intent, Refund refund, CancellationToken cancellationToken) =>
        transaction.ExecuteOneAsync(
            """
            INSERT INTO refunds (id, intent_id, store_id, is_live, status, created_us, claim_token, wake_at)
            VALUES (@id, @intent, @store, @live, @status, @created, @claim, @wake)
            ON CONFLICT (id) DO UPDATE SET status = @status, claim_token = @claim, wake_at = @wake
            """,
            new SqlArguments
            {
                { "id", refund.Id },
                { "intent", intent.Id },
                { "store", intent.StoreId },
                { "live", intent.IsLive },
                { "status", RefundWords.NameOf(refund.Status) },
                { "created", refund.CreatedAt.UtcTicks / TimeSpan.TicksPerMicrosecond },
                { "claim", refund.ClaimToken },
                { "wake", refund.Status == RefundStatus.RequiresAction ? refund.ExpiresAt : null },
            },
            cancellationToken);
}
