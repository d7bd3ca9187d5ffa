using Tributary.Payments.Balances;
using Tributary.Payments.Errors;
using Tributary.Storage.Relational;

namespace Tributary.Server.Stripe;

/// <summary>What the routes of balances do.</summary>
internal sealed class BalanceHandlers(IDatabase database)
{
    public async Task<StripeAnswer> RetrieveAsync(StripeCall call, CancellationToken cancellationToken)
    {
        if (call.Parameters.Finish() is { } error)
            return StripeErrors.Of(error);
        var key = call.Request.Key;
        return StripeBalances.Answer(await database.ReadAsync((transaction, token) => StoreBalances.ReadAsync(transaction, key.StoreId, key.IsLive, token), cancellationToken), key.IsLive);
    }

    public async Task<StripeAnswer> ListAsync(StripeCall call, CancellationToken cancellationToken)
    {
        var parameters = call.Parameters;
        var page = StripePage.Read(parameters);
        var source = parameters.Text("source", 100);
        if (parameters.Finish() is { } error)
            return StripeErrors.Of(error);
        if (page.Cursor is { } cursor && await FindAsync(cursor, call, cancellationToken) is null)
            return StripeErrors.Of(PaymentError.Missing("balance_transaction", cursor));
        var key = call.Request.Key;
        var of = source is null ? null : StripeCharges.IntentIdOf(source);
        var found = await database.ReadAsync(
            (transaction, token) => BalanceTransactions.ListAsync(transaction, key.StoreId, key.IsLive, of, page.Created, page.After, page.Before, page.Limit + 1, token), cancellationToken);
        return page.Answer("/v1/balance_transactions", found, StripeBalances.Write);
    }

    public async Task<StripeAnswer> RetrieveOneAsync(string id, StripeCall call, CancellationToken cancellationToken)
    {
        if (call.Parameters.Finish() is { } error)
            return StripeErrors.Of(error);
        return await FindAsync(id, call, cancellationToken) is { } entry
            ? StripeAnswer.Of(StatusCodes.Status200OK, writer => StripeBalances.Write(writer, entry))
            : StripeErrors.Of(PaymentError.Missing("balance_transaction", id));
    }

    private async Task<BalanceTransaction?> FindAsync(string id, StripeCall call, CancellationToken cancellationToken) => await database.ReadAsync(
        (transaction, token) => BalanceTransactions.FindAsync(transaction, call.Request.Key.StoreId, call.Request.Key.IsLive, id, token), cancellationToken);
}
