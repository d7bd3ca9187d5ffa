using Tributary.Payments.Errors;
using Tributary.Payments.Outbox;
using Tributary.Storage.Relational;

namespace Tributary.Server.Stripe;

/// <summary>What the routes of events do.</summary>
internal sealed class EventHandlers(IDatabase database)
{
    public async Task<StripeAnswer> ListAsync(StripeCall call, CancellationToken cancellationToken)
    {
        var parameters = call.Parameters;
        var page = StripePage.Read(parameters);
        var kind = parameters.Text("type", 100);
        parameters.Ignore("expand");
        if (page.Before is not null)
            parameters.Refuse("parameter_invalid", "ending_before", "Events are listed from the newest: page with starting_after.");
        if (parameters.Finish() is { } error)
            return StripeErrors.Of(error);

        var key = call.Request.Key;
        long? before = null;
        if (page.After is not null)
        {
            if (await FindAsync(call, page.After, cancellationToken) is not { } cursor)
                return StripeErrors.Of(PaymentError.Missing("event", page.After));
            before = cursor.Position;
        }

        var found = await database.ReadAsync(
            (transaction, token) => OutboxLog.ListAsync(transaction, key.StoreId, key.IsLive, kind, page.Created, before, page.Limit + 1, token), cancellationToken);
        return page.Answer("/v1/events", found, StripeEvents.Write);
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
