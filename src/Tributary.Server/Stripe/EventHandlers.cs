using Tributary.Payments.Errors;
using Tributary.Payments.Outbox;
using Tributary.Storage.Relational;

namespace Tributary.Server.Stripe;

/// <summary>What the routes of events do.</summary>
internal sealed class EventHandlers(IDatabase database)
{
    private const int PageMax = 100;
    private const int PageDefault = 10;

    public async Task<StripeAnswer> ListAsync(StripeCall call, CancellationToken cancellationToken)
    {
        var parameters = call.Parameters;
        var limit = parameters.Integer("limit") ?? PageDefault;
        if (limit is < 1 or > PageMax)
            parameters.Refuse("parameter_invalid_integer", "limit", $"Invalid integer: limit must be from 1 to {PageMax}.");
        var kind = parameters.Text("type", 100);
        var after = parameters.Text("starting_after", 100);
        parameters.Ignore("expand");
        if (parameters.Finish() is { } error)
            return StripeErrors.Of(error);

        var key = call.Request.Key;
        long? before = null;
        if (after is not null)
        {
            if (await FindAsync(call, after, cancellationToken) is not { } cursor)
                return StripeErrors.Of(PaymentError.Missing("event", after));
            before = cursor.Position;
        }

        var found = await database.ReadAsync(
            (transaction, token) => OutboxLog.ListAsync(transaction, key.StoreId, key.IsLive, kind, before, (int)limit + 1, token), cancellationToken);
        var hasMore = found.Count > limit;
        return StripeAnswer.Of(StatusCodes.Status200OK, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("object", "list");
            writer.WriteStartArray("data");
            foreach (var told in found.Take((int)limit))
                StripeEvents.Write(writer, told);
            writer.WriteEndArray();
            writer.WriteBoolean("has_more", hasMore);
            writer.WriteString("url", "/v1/events");
            writer.WriteEndObject();
        });
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
        (transaction, token) => OutboxLog.FindAsync(transaction, call.Request.Key.StoreId, call.Request.Key.IsLive, id, token), cancellationToken);
}
