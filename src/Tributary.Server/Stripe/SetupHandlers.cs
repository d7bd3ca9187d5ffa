using Tributary.Payments;
using Tributary.Payments.Customers;
using Tributary.Payments.Errors;
using Tributary.Payments.Identifiers;
using Tributary.Payments.Intents;
using Tributary.Payments.Rails.Card;
using Tributary.Primitives.Results;
using Tributary.Server.Stripe.Parameters;
using Tributary.Storage.Relational;

namespace Tributary.Server.Stripe;

/// <summary>
/// What the routes of setup intents do: a test card becomes a customer's, or is refused as it would be when it pays. Bitcoin cannot be set up.
/// </summary>
internal sealed class SetupHandlers(SetupStore setups, MethodStore methods, IDatabase database, ObjectIds ids, TimeProvider clock)
{
    private static readonly Dictionary<string, bool> s_usages = new(StringComparer.Ordinal) { ["off_session"] = false, ["on_session"] = true };
    private static readonly string[] s_reasons = ["abandoned", "duplicate", "requested_by_customer"];

    public async Task<StripeAnswer> CreateAsync(StripeCall call, CancellationToken cancellationToken)
    {
        var parameters = call.Parameters;
        var customer = parameters.Text("customer", 100);
        var description = parameters.Text("description", 1000);
        var metadata = parameters.Metadata();
        var isOnSession = parameters.Word("usage", s_usages) ?? false;
        var isConfirmed = parameters.Flag("confirm") ?? false;
        foreach (var type in parameters.Texts("payment_method_types", 10))
        {
            if (type is not "card")
                parameters.Refuse("parameter_invalid", "payment_method_types", $"Of '{type}' nothing can be kept: only card can be set up.");
        }

        parameters.Inner("automatic_payment_methods")?.Ignore("enabled", "allow_redirects");
        parameters.Ignore("return_url", "use_stripe_sdk");
        var chosen = ReadMethod(parameters);
        if (isConfirmed && chosen is null)
            parameters.Refuse("parameter_missing", "payment_method", "A setup intent is confirmed with a payment method: send payment_method.");
        if (parameters.Finish() is { } error)
            return StripeErrors.Of(error);
        if (PaymentChecks.Metadata(metadata) is { } wrong)
            return StripeErrors.Of(wrong);
        var key = call.Request.Key;
        var id = ids.Next("seti");
        var fresh = new SetupIntent
        {
            Id = id,
            StoreId = key.StoreId,
            IsLive = key.IsLive,
            Status = SetupStatus.RequiresPaymentMethod,
            CustomerId = customer,
            IsOnSession = isOnSession,
            Description = description,
            Metadata = metadata,
            ClientSecret = $"{id}_secret_{ids.Random(24)}",
            CreatedAt = clock.GetUtcNow(),
            Version = 1,
        };
        return await database.WriteAsync(
            async (transaction, token) =>
            {
                if (await CheckCustomerAsync(transaction, customer, call, token) is { } stranger)
                    return StripeErrors.Of(stranger);
                SavedMethod? method = null;
                if (chosen is not null && !(await ResolveAsync(transaction, chosen, customer, call, token)).TryGet(out method, out var unknown))
                    return StripeErrors.Of(unknown);
                var setup = method is null ? fresh : fresh with { MethodId = method.Id, Status = SetupStatus.RequiresConfirmation };
                await setups.WriteAsync(transaction, setup, "setup_intent.created", token);
                return isConfirmed ? await ConfirmAsync(transaction, setup, method!, call, token) : await AnswerAsync(transaction, setup, call, token);
            },
            cancellationToken);
    }

    public async Task<StripeAnswer> RetrieveAsync(string id, StripeCall call, CancellationToken cancellationToken)
    {
        call.Parameters.Ignore("client_secret");
        if (call.Parameters.Finish() is { } error)
            return StripeErrors.Of(error);
        var key = call.Request.Key;
        return await database.ReadAsync((transaction, token) => SetupStore.FindAsync(transaction, key.StoreId, key.IsLive, id, token), cancellationToken) is { } setup
            ? StripeSetups.Answer(setup)
            : Missing(id);
    }

    public async Task<StripeAnswer> ListAsync(StripeCall call, CancellationToken cancellationToken)
    {
        var parameters = call.Parameters;
        var page = StripePage.Read(parameters);
        var key = call.Request.Key;
        var query = new SetupQuery(key.StoreId, key.IsLive, page.Limit + 1)
        {
            CustomerId = parameters.Text("customer", 100),
            MethodId = parameters.Text("payment_method", 100),
            Created = page.Created,
            After = page.After,
            Before = page.Before,
        };
        if (parameters.Finish() is { } error)
            return StripeErrors.Of(error);
        var found = await database.ReadAsync(
            async (transaction, token) => page.Cursor is { } cursor && await SetupStore.FindAsync(transaction, key.StoreId, key.IsLive, cursor, token) is null
                ? null
                : await SetupStore.ListAsync(transaction, query, token),
            cancellationToken);
        return found is null ? Missing(page.Cursor!) : page.Answer("/v1/setup_intents", found, StripeSetups.Write);
    }

    public async Task<StripeAnswer> UpdateAsync(string id, StripeCall call, CancellationToken cancellationToken)
    {
        var parameters = call.Parameters;
        var customer = parameters.Text("customer", 100);
        var isDescribed = parameters.Has("description");
        var description = parameters.Text("description", 1000);
        var merge = parameters.Merge("metadata");
        var chosen = ReadMethod(parameters);
        return await ChangeAsync(
            id,
            call,
            async (transaction, setup, token) =>
            {
                if ((customer ?? chosen?.Text) is not null && setup.Status is SetupStatus.Succeeded or SetupStatus.Canceled)
                    return StripeErrors.Of(Unexpected(setup, "changed"));
                if (await CheckCustomerAsync(transaction, customer, call, token) is { } stranger)
                    return StripeErrors.Of(stranger);
                SavedMethod? method = null;
                if (chosen is not null && !(await ResolveAsync(transaction, chosen, customer ?? setup.CustomerId, call, token)).TryGet(out method, out var unknown))
                    return StripeErrors.Of(unknown);
                var after = setup with
                {
                    CustomerId = customer ?? setup.CustomerId,
                    Description = isDescribed ? description : setup.Description,
                    Metadata = merge(setup.Metadata),
                    MethodId = method?.Id ?? setup.MethodId,
                    Status = method is null ? setup.Status : SetupStatus.RequiresConfirmation,
                    Version = setup.Version + 1,
                };
                if (PaymentChecks.Metadata(after.Metadata) is { } wrong)
                    return StripeErrors.Of(wrong);
                await setups.WriteAsync(transaction, after, null, token);
                return await AnswerAsync(transaction, after, call, token);
            },
            cancellationToken);
    }

    public async Task<StripeAnswer> ConfirmAsync(string id, StripeCall call, CancellationToken cancellationToken)
    {
        var parameters = call.Parameters;
        parameters.Ignore("return_url", "use_stripe_sdk", "client_secret");
        var chosen = ReadMethod(parameters);
        return await ChangeAsync(
            id,
            call,
            async (transaction, setup, token) =>
            {
                if (setup.Status is SetupStatus.Succeeded or SetupStatus.Canceled)
                    return StripeErrors.Of(Unexpected(setup, "confirmed"));
                if (chosen is null && setup.MethodId is null)
                    return StripeErrors.Of(PaymentError.Invalid("parameter_missing", "payment_method", "A setup intent is confirmed with a payment method: send payment_method."));
                return (await ResolveAsync(transaction, chosen ?? new Chosen(setup.MethodId!, null), setup.CustomerId, call, token)).TryGet(out var method, out var unknown)
                    ? await ConfirmAsync(transaction, setup, method, call, token)
                    : StripeErrors.Of(unknown);
            },
            cancellationToken);
    }

    public async Task<StripeAnswer> CancelAsync(string id, StripeCall call, CancellationToken cancellationToken)
    {
        var reason = call.Parameters.Text("cancellation_reason", 100);
        if (reason is not null && !s_reasons.Contains(reason, StringComparer.Ordinal))
            call.Parameters.Refuse("parameter_invalid", "cancellation_reason", $"Invalid cancellation_reason: must be one of {string.Join(", ", s_reasons)}.");
        return await ChangeAsync(
            id,
            call,
            async (transaction, setup, token) =>
            {
                if (setup.Status is SetupStatus.Succeeded or SetupStatus.Canceled)
                    return StripeErrors.Of(Unexpected(setup, "canceled"));
                var after = setup with { Status = SetupStatus.Canceled, CancellationReason = reason, Version = setup.Version + 1 };
                await setups.WriteAsync(transaction, after, "setup_intent.canceled", token);
                return await AnswerAsync(transaction, after, call, token);
            },
            cancellationToken);
    }

    // A card that a processor would refuse to charge cannot be kept either.
    private async ValueTask<StripeAnswer> ConfirmAsync(ISqlTransaction transaction, SetupIntent setup, SavedMethod method, StripeCall call, CancellationToken cancellationToken)
    {
        var card = TestCard.FindByLastFour(method.CardLastFour);
        var next = setup with { Version = setup.Version + 1, LastError = null, LastRefused = null };
        if (card is null or { Code: not null })
        {
            var error = new PaymentError(PaymentErrorKind.Declined, card?.Code ?? "card_declined", null, card?.Message ?? "Your card was declined.") { DeclineCode = card?.DeclineCode };
            next = next with { Status = SetupStatus.RequiresPaymentMethod, MethodId = null, LastError = error, LastRefused = method };
            await setups.WriteAsync(transaction, next, "setup_intent.setup_failed", cancellationToken);
            var declined = StripeErrors.SetupDeclined(next);
            await call.AnswerAsync(transaction, next.Id, declined, cancellationToken);
            return declined;
        }

        if (setup.CustomerId is not null && method.CustomerId is null)
            await methods.WriteAsync(transaction, method with { CustomerId = setup.CustomerId, Version = method.Version + 1 }, "payment_method.attached", cancellationToken);
        next = next with { Status = SetupStatus.Succeeded, MethodId = method.Id };
        await setups.WriteAsync(transaction, next, "setup_intent.succeeded", cancellationToken);
        return await AnswerAsync(transaction, next, call, cancellationToken);
    }

    private async Task<StripeAnswer> ChangeAsync(
        string id, StripeCall call, Func<ISqlTransaction, SetupIntent, CancellationToken, ValueTask<StripeAnswer>> change, CancellationToken cancellationToken)
    {
        if (call.Parameters.Finish() is { } error)
            return StripeErrors.Of(error);
        var key = call.Request.Key;
        return await database.WriteAsync(
            async (transaction, token) => await SetupStore.FindAsync(transaction, key.StoreId, key.IsLive, id, token) is { } setup
                ? await change(transaction, setup, token)
                : Missing(id),
            cancellationToken);
    }

    private static async ValueTask<StripeAnswer> AnswerAsync(ISqlTransaction transaction, SetupIntent setup, StripeCall call, CancellationToken cancellationToken)
    {
        var answer = StripeSetups.Answer(setup);
        await call.AnswerAsync(transaction, setup.Id, answer, cancellationToken);
        return answer;
    }

    private static async ValueTask<PaymentError?> CheckCustomerAsync(ISqlTransaction transaction, string? id, StripeCall call, CancellationToken cancellationToken)
    {
        var key = call.Request.Key;
        return id is null || await CustomerStore.FindAsync(transaction, key.StoreId, key.IsLive, id, cancellationToken) is { DeletedAt: null }
            ? null
            : PaymentError.Missing("customer", id) with { Parameter = "customer" };
    }

    // The saved method that a request names, or a new one for a test card.
    private async ValueTask<Result<SavedMethod, PaymentError>> ResolveAsync(
        ISqlTransaction transaction, Chosen chosen, string? customerId, StripeCall call, CancellationToken cancellationToken)
    {
        var key = call.Request.Key;
        if (chosen.Card is { } card)
        {
            var fresh = new SavedMethod
            {
                Id = ids.Next("pm"),
                StoreId = key.StoreId,
                IsLive = key.IsLive,
                Rail = RailKind.Card,
                CardLastFour = card.LastFour,
                CreatedAt = clock.GetUtcNow(),
                Version = 1,
            };
            await methods.WriteAsync(transaction, fresh, null, cancellationToken);
            return fresh;
        }

        var method = await MethodStore.FindAsync(transaction, key.StoreId, key.IsLive, chosen.Text, cancellationToken);
        if (method is null or { IsDetached: true })
            return PaymentError.Invalid("resource_missing", "payment_method", $"No such PaymentMethod: '{chosen.Text}'");
        if (method.Rail != RailKind.Card)
            return PaymentError.Invalid("payment_method_not_available", "payment_method", "Only a card can be set up: every payment of bitcoin has its own invoice or address.");
        return method.CustomerId is null || string.Equals(method.CustomerId, customerId, StringComparison.Ordinal)
            ? method
            : PaymentError.Invalid("payment_method_unexpected_state", "payment_method", "The payment method belongs to another customer.");
    }

    private static Chosen? ReadMethod(ParameterReader parameters)
    {
        var named = parameters.Text("payment_method", 200);
        if (parameters.Inner("payment_method_data") is not { } data)
            return named is null ? null : new Chosen(named, StripeWords.TestPaymentMethods.TryGetValue(named, out var known) ? TestCard.Find(known) : null);
        var type = data.Text("type", 40);
        data.Require("type", type is not null);
        var given = data.Inner("card");
        var number = given?.Text("number", 40);
        if (given?.Text("token", 100) is { } token)
            number = StripeWords.TestTokens.GetValueOrDefault(token);
        given?.Ignore("exp_month", "exp_year", "cvc");
        data.Inner("billing_details")?.Ignore("name", "email", "phone", "address", "tax_id");
        var card = TestCard.Find(number);
        if (type is not null and not "card")
            data.Refuse("payment_method_not_available", "type", "Only a card can be set up: every payment of bitcoin has its own invoice or address.");
        else if (type is not null && card is null)
            data.Refuse("card_number_not_accepted", "card[number]", "Only the published test card numbers are accepted here, for example 4242 4242 4242 4242. Never send the number of a real card.");
        return card is null ? null : new Chosen("", card);
    }

    private static PaymentError Unexpected(SetupIntent setup, string done) => PaymentError.UnexpectedState(
        "setup_intent_unexpected_state", $"This setup intent has the status {StripeSetups.WordOf(setup.Status)} and can no longer be {done}.");

    private static StripeAnswer Missing(string id) => StripeErrors.Of(PaymentError.Missing("setupintent", id) with { Parameter = "intent" });

    /// <summary>What a request wants to be kept: a saved method's name, or a test card.</summary>
    private sealed record Chosen(string Text, TestCard? Card);
}
