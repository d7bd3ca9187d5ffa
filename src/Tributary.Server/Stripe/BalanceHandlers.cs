using Tributary.Payments.Balances;
using Tributary.Payments.Errors;
using Tributary.Payments.Ledger;
using Tributary.Payments.Money;
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
        var payout = parameters.Text("payout", 100);
        var type = parameters.Text("type", 100);
        if (type is not null && !StripeBalances.Types.ContainsKey(type))
            parameters.Refuse("parameter_invalid", "type", $"Invalid type: must be one of {string.Join(", ", StripeBalances.Types.Keys)}.");
        var code = parameters.Text("currency", 10);
        Currency currency = default;
        if (code is not null && !Currency.TryParse(code, out currency))
            parameters.Refuse("parameter_invalid", "currency", $"Invalid currency: {code}. A three-letter ISO code, or btc.");
        if (source is not null && payout is not null && !string.Equals(source, payout, StringComparison.Ordinal))
            parameters.Refuse("parameter_invalid", "payout", "The payout and the source are different objects.");
        if (parameters.Finish() is { } error)
            return StripeErrors.Of(error);
        if (page.Cursor is { } cursor && await FindAsync(cursor, call, cancellationToken) is null)
            return StripeErrors.Of(PaymentError.Missing("balance_transaction", cursor));
        var kind = type is null ? null : StripeBalances.Types[type];
        if (type is not null && kind is null)
            return page.Answer<BalanceTransaction>("/v1/balance_transactions", [], StripeBalances.Write);
        var key = call.Request.Key;
        var query = new BalanceQuery(key.StoreId, key.IsLive, page.Limit + 1)
        {
            Source = (source ?? payout) is { } of ? StripeCharges.IntentIdOf(of) : null,
            Kind = kind,
            Asset = code is null ? null : Asset.Of(currency),
            Created = page.Created,
            After = page.After,
            Before = page.Before,
        };
        var found = await database.ReadAsync((transaction, token) => BalanceTransactions.ListAsync(transaction, query, token), cancellationToken);
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
