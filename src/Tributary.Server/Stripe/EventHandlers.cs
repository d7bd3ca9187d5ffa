using Tributary.Payments.Errors;
using Tributary.Payments.Outbox;
using Tributary.Storage.Relational;

namespace Tributary.Server.Stripe;

/// <summary>What the routes of events do.</summary>
internal sealed class EventHandlers(IDatabase database)
{
    private const int KindsMax = 20;

    public async Task<StripeAnswer> ListAsync(StripeCall call, CancellationToken cancellationToken)
    {
        var parameters = call.Parameters;
        var page = StripePage.Read(parameters);
        var kind = parameters.Text("type", 100);
        var kinds = parameters.Texts("types", KindsMax);
        if (kind is not null && !kinds.IsEmpty)
            parameters.Refuse("parameter_invalid", "types", "type and types exclude each other.");
        var isDelivered = parameters.Flag("delivery_success");
        parameters.Ignore("expand");
        if (parameters.Finish() is { } error)
            return StripeErrors.Of(error);

        var key = call.Request.Key;
        long? position = null;
        if (page.Cursor is { } cursor)
        {
            if (await FindAsync(call, cursor, cancellationToken) is not { } found)
                return StripeErrors.Of(PaymentError.Missing("event", cursor));
            position = found.Position;
        }

        var query = new EventQuery(key.StoreId, key.IsLive, page.Limit + 1)
        {
            Kinds = kind is null ? kinds : [kind],
            Created = page.Created,
            IsDelivered = isDelivered,
            After = page.After is null ? null : position,
            Before = page.Before is null ? null : position,
        };
        return page.Answer("/v1/events", await database.ReadAsync((transaction, token) => ListAsync(transaction, query, token), cancellationToken), StripeEvents.Write);
    }

    public async Task<StripeAnswer> RetrieveAsync(string id, StripeCall call, CancellationToken cancellationToken)
    {
        call.Parameters.Ignore("expand");
        if (call.Parameters.Finish() is { } error)
            return StripeErrors.Of(error);
        return await FindAsync(call, id, cancellationToken) is { } told
            ? StripeAnswer.Of(StatusCodes.Status200OK, writer => StripeEvents.Write(writer, told))
            : StripeErrors.Of(PaymentError.Missing("event", id));
    }

    private async Task<OutboxEvent?> FindAsync(StripeCall call, string id, CancellationToken cancellationToken) => await database.ReadAsync(
        async (transaction, token) => await OutboxLog.FindAsync(transaction, call.Request.Key.StoreId, call.Request.Key.IsLive, id, token) is { } told
            ? await CompleteAsync(transaction, told, token)
            : null,
        cancellationToken);

    private static async ValueTask<List<OutboxEvent>> ListAsync(ISqlTransaction transaction, EventQuery query, CancellationToken cancellationToken)
    {
        var found = await OutboxLog.ListAsync(transaction, query, cancellationToken);
        for (var i = 0; i < found.Count; i++)
            found[i] = await CompleteAsync(transaction, found[i], cancellationToken);
        return found;
    }

    private static async ValueTask<OutboxEvent> CompleteAsync(ISqlTransaction transaction, OutboxEvent told, CancellationToken cancellationToken) =>
        await OutboxLog.WithPreviousAsync(transaction, told, cancellationToken) with { Pending = await OutboxLog.CountPendingAsync(transaction, told, cancellationToken) };
}
