using Tributary.Payments;
using Tributary.Payments.Errors;
using Tributary.Payments.Intents;
using Tributary.Payments.Search;
using Tributary.Payments.Storage;
using Tributary.Storage.Relational;

namespace Tributary.Server.Stripe;

/// <summary>What the routes of charges do: they are read only, since intents make them.</summary>
internal sealed class ChargeHandlers(PaymentService payments, IDatabase database)
{
    public async Task<StripeAnswer> RetrieveAsync(string id, StripeCall call, CancellationToken cancellationToken)
    {
        if (call.Parameters.Finish() is { } error)
            return StripeErrors.Of(error);
        return await FindAsync(id, call, cancellationToken) is { } file
            ? StripeAnswer.Of(StatusCodes.Status200OK, writer => StripeCharges.Write(writer, file, call.Origin))
            : StripeErrors.Of(PaymentError.Missing("charge", id));
    }

    public async Task<StripeAnswer> ListAsync(StripeCall call, CancellationToken cancellationToken)
    {
        var parameters = call.Parameters;
        var page = StripePage.Read(parameters);
        var customer = parameters.Text("customer", 100);
        var intent = parameters.Text("payment_intent", 100);
        if (parameters.Finish() is { } error)
            return StripeErrors.Of(error);
        if (page.Cursor is { } cursor && await FindAsync(cursor, call, cancellationToken) is null)
            return StripeErrors.Of(PaymentError.Missing("charge", cursor));
        if (intent is not null)
        {
            var one = await FindAsync(intent, call, cancellationToken);
            return page.Answer<PaymentFile>("/v1/charges", one is null || page.Cursor is not null ? [] : [one], (writer, file) => StripeCharges.Write(writer, file, call.Origin));
        }

        var key = call.Request.Key;
        var query = new IntentQuery(key.StoreId, key.IsLive, page.Limit + 1)
        {
            CustomerId = customer,
            Created = page.Created,
            After = page.After is null ? null : StripeCharges.IntentIdOf(page.After),
            Before = page.Before is null ? null : StripeCharges.IntentIdOf(page.Before),
            IsCharged = true,
        };
        var found = await database.ReadAsync((transaction, token) => PaymentStore.ListAsync(transaction, query, token), cancellationToken);
        return page.Answer("/v1/charges", found, (writer, file) => StripeCharges.Write(writer, file, call.Origin));
    }

    public Task<StripeAnswer> SearchAsync(StripeCall call, CancellationToken cancellationToken) => StripeSearch.RunAsync(
        call,
        SearchTable.Charges,
        "/v1/charges/search",
        database,
        static async (transaction, id, _, token) => (await PaymentStore.FindAsync(transaction, id, token))!,
        (writer, file) => StripeCharges.Write(writer, file, call.Origin),
        cancellationToken);

    private async Task<PaymentFile?> FindAsync(string id, StripeCall call, CancellationToken cancellationToken) =>
        await payments.FindAsync(StripeCharges.IntentIdOf(id), cancellationToken) is { } file && call.Owns(file) && StripeCharges.IsOne(file) ? file : null;
}
