using Tributary.Payments;
using Tributary.Payments.Customers;
using Tributary.Payments.Errors;
using Tributary.Payments.Identifiers;
using Tributary.Payments.Intents;
using Tributary.Payments.Rails.Card;
using Tributary.Payments.Storage;
using Tributary.Storage.Relational;

namespace Tributary.Server.Stripe;

/// <summary>
/// What the routes of payment methods do. Stripe's names for test cards stand for new methods; a method that was used without being saved is read
/// by the name of its attempt.
/// </summary>
internal sealed class PaymentMethodHandlers(MethodStore store, IDatabase database, ObjectIds ids, TimeProvider clock)
{
    public async Task<StripeAnswer> CreateAsync(StripeCall call, CancellationToken cancellationToken)
    {
        var parameters = call.Parameters;
        var rail = parameters.Word("type", StripeWords.Rails);
        parameters.Require("type", rail is not null);
        var card = parameters.Inner("card");
        var number = card?.Text("number", 40);
        var token = card?.Text("token", 100);
        card?.Ignore("exp_month", "exp_year", "cvc");
        parameters.Inner("billing_details")?.Ignore("name", "email", "phone", "address", "tax_id");
        foreach (var name in StripeWords.Rails.Keys.Where(static name => name is not "card"))
            parameters.Inner(name);
        var metadata = parameters.Metadata();
        parameters.Ignore("allow_redisplay");
        if (token is not null)
            number = StripeWords.TestTokens.GetValueOrDefault(token);
        if (rail == RailKind.Card && TestCard.Find(number) is null)
            parameters.Refuse("card_number_not_accepted", "card[number]", "Only the published test card numbers are accepted here, for example 4242 4242 4242 4242. Never send the number of a real card.");
        if (parameters.Finish() is { } error)
            return StripeErrors.Of(error);
        if (PaymentChecks.Metadata(metadata) is { } wrong)
            return StripeErrors.Of(wrong);
        var method = Fresh(call, rail!.Value, TestCard.Find(number)?.LastFour) with { Metadata = metadata };
        return await database.WriteAsync((transaction, cancel) => WriteAsync(transaction, method, null, call, cancel), cancellationToken);
    }

    public async Task<StripeAnswer> RetrieveAsync(string id, StripeCall call, CancellationToken cancellationToken)
    {
        if (call.Parameters.Finish() is { } error)
            return StripeErrors.Of(error);
        return await FindAsync(database, id, call, cancellationToken) is { } write ? StripeAnswer.Of(StatusCodes.Status200OK, write) : StripeErrors.Of(PaymentError.Missing("payment_method", id));
    }

    public async Task<StripeAnswer> ListAsync(string? customerId, StripeCall call, CancellationToken cancellationToken)
    {
        var parameters = call.Parameters;
        var page = StripePage.Read(parameters);
        var customer = customerId ?? parameters.Text("customer", 100);
        var rail = parameters.Word("type", StripeWords.Rails);
        if (parameters.Finish() is { } error)
            return StripeErrors.Of(error);
        var key = call.Request.Key;
        if (customer is not null && await database.ReadAsync((transaction, token) => CustomerStore.FindAsync(transaction, key.StoreId, key.IsLive, customer, token), cancellationToken) is null)
            return StripeErrors.Of(PaymentError.Missing("customer", customer) with { Parameter = "customer" });
        if (page.Cursor is { } cursor && await database.ReadAsync((transaction, token) => MethodStore.FindAsync(transaction, key.StoreId, key.IsLive, cursor, token), cancellationToken) is null)
            return StripeErrors.Of(PaymentError.Missing("payment_method", cursor));
        var found = await database.ReadAsync(
            (transaction, token) => MethodStore.ListAsync(transaction, key.StoreId, key.IsLive, customer, rail?.ToString(), page.After, page.Before, page.Limit + 1, token), cancellationToken);
        return page.Answer(customerId is null ? "/v1/payment_methods" : $"/v1/customers/{customerId}/payment_methods", found, StripePaymentMethods.Write);
    }

    public async Task<StripeAnswer> AttachAsync(string id, StripeCall call, CancellationToken cancellationToken)
    {
        var customer = call.Parameters.Text("customer", 100);
        call.Parameters.Require("customer", customer is not null);
        if (call.Parameters.Finish() is { } error)
            return StripeErrors.Of(error);
        var key = call.Request.Key;
        return await database.WriteAsync(
            async (transaction, token) =>
            {
                if (await CustomerStore.FindAsync(transaction, key.StoreId, key.IsLive, customer!, token) is not { DeletedAt: null })
                    return StripeErrors.Of(PaymentError.Missing("customer", customer!) with { Parameter = "customer" });
                var isTestName = StripeWords.TestPaymentMethods.TryGetValue(id, out var number);
                var known = isTestName
                    ? Fresh(call, RailKind.Card, TestCard.Find(number)!.LastFour) with { Version = 0 }
                    : await MethodStore.FindAsync(transaction, key.StoreId, key.IsLive, id, token);
                if (known is null)
                    return StripeErrors.Of(PaymentError.Missing("payment_method", id));
                if (known.IsDetached || (known.CustomerId is not null && !string.Equals(known.CustomerId, customer, StringComparison.Ordinal)))
                    return StripeErrors.Of(PaymentError.UnexpectedState("payment_method_unexpected_state", "The payment method was attached to a customer before: make another one."));
                return await WriteAsync(transaction, known with { CustomerId = customer, Version = known.Version + 1 }, "payment_method.attached", call, token);
            },
            cancellationToken);
    }

    public Task<StripeAnswer> DetachAsync(string id, StripeCall call, CancellationToken cancellationToken) => ChangeAsync(
        id,
        call,
        static method => method.CustomerId is null
            ? PaymentError.UnexpectedState("payment_method_unexpected_state", "The payment method you provided is not attached to a customer so detachment is impossible.")
            : null,
        static method => method with { CustomerId = null, IsDetached = true },
        "payment_method.detached",
        cancellationToken);

    public Task<StripeAnswer> UpdateAsync(string id, StripeCall call, CancellationToken cancellationToken)
    {
        var merge = call.Parameters.Merge("metadata");
        call.Parameters.Inner("billing_details")?.Ignore("name", "email", "phone", "address", "tax_id");
        call.Parameters.Ignore("allow_redisplay");
        return ChangeAsync(
            id, call, method => PaymentChecks.Metadata(merge(method.Metadata)), method => method with { Metadata = merge(method.Metadata) }, "payment_method.updated", cancellationToken);
    }

    /// <summary>Writes a method, saved or used; null where the store has none of that name.</summary>
    public static async Task<Action<System.Text.Json.Utf8JsonWriter>?> FindAsync(IDatabase database, string id, StripeCall call, CancellationToken cancellationToken)
    {
        var key = call.Request.Key;
        return await database.ReadAsync<Action<System.Text.Json.Utf8JsonWriter>?>(
            async (transaction, token) =>
            {
                if (await MethodStore.FindAsync(transaction, key.StoreId, key.IsLive, id, token) is { } saved)
                    return writer => StripePaymentMethods.Write(writer, saved);
                if (!id.StartsWith("pm_", StringComparison.Ordinal))
                    return null;
                var attemptId = "att_" + id[3..];
                var file = await PaymentStore.FindByAttemptAsync(transaction, attemptId, token);
                if (file is null || !call.Owns(file))
                    return null;
                return writer => StripePaymentMethods.Write(writer, file.FindAttempt(attemptId)!, file.Intent.IsLive);
            },
            cancellationToken);
    }

    private async Task<StripeAnswer> ChangeAsync(
        string id, StripeCall call, Func<SavedMethod, PaymentError?> check, Func<SavedMethod, SavedMethod> change, string kind, CancellationToken cancellationToken)
    {
        if (call.Parameters.Finish() is { } error)
            return StripeErrors.Of(error);
        var key = call.Request.Key;
        return await database.WriteAsync(
            async (transaction, token) =>
            {
                if (await MethodStore.FindAsync(transaction, key.StoreId, key.IsLive, id, token) is not { } method)
                    return StripeErrors.Of(PaymentError.Missing("payment_method", id));
                return check(method) is { } wrong
                    ? StripeErrors.Of(wrong)
                    : await WriteAsync(transaction, change(method) with { Version = method.Version + 1 }, kind, call, token);
            },
            cancellationToken);
    }

    private SavedMethod Fresh(StripeCall call, RailKind rail, string? lastFour) => new()
    {
        Id = ids.Next("pm"),
        StoreId = call.Request.Key.StoreId,
        IsLive = call.Request.Key.IsLive,
        Rail = rail,
        CardLastFour = lastFour,
        CreatedAt = clock.GetUtcNow(),
        Version = 1,
    };

    private async ValueTask<StripeAnswer> WriteAsync(ISqlTransaction transaction, SavedMethod method, string? kind, StripeCall call, CancellationToken cancellationToken)
    {
        await store.WriteAsync(transaction, method, kind, cancellationToken);
        var answer = StripeAnswer.Of(StatusCodes.Status200OK, writer => StripePaymentMethods.Write(writer, method));
        await call.AnswerAsync(transaction, method.Id, answer, cancellationToken);
        return answer;
    }
}
