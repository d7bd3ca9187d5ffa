using System.Collections.Immutable;
using Tributary.Payments.Checkout;
using Tributary.Payments.Customers;
using Tributary.Payments.Errors;
using Tributary.Payments.Intents;
using Tributary.Server.Stripe.Parameters;
using Tributary.Server.Web;
using Tributary.Storage.Relational;

namespace Tributary.Server.Stripe;

/// <summary>What the routes of checkout sessions do.</summary>
internal sealed class CheckoutHandlers(CheckoutService checkout, IDatabase database, TimeProvider clock, PublicAddress address)
{
    public async Task<StripeAnswer> CreateAsync(StripeCall call, CancellationToken cancellationToken)
    {
        var request = Read(call);
        if (call.Parameters.Finish() is { } error)
            return StripeErrors.Of(error);
        if (request.CustomerId is { } customer && !await IsCustomerAsync(customer, call, cancellationToken))
            return StripeErrors.Of(PaymentError.Missing("customer", customer) with { Parameter = "customer" });
        var origin = address.Origin;
        var created = await checkout.CreateAsync(
            request, (transaction, file, token) => call.AnswerAsync(transaction, file.Session.Id, Answer(file, origin), token), cancellationToken);
        return created.TryGet(out var made, out var refused) ? Answer(made, origin) : StripeErrors.Of(refused);
    }

    public async Task<StripeAnswer> RetrieveAsync(string id, StripeCall call, CancellationToken cancellationToken)
    {
        var expand = call.Parameters.Texts("expand", 10);
        if (call.Parameters.Finish() is { } error)
            return StripeErrors.Of(error);
        if (await FindAsync(id, call, cancellationToken) is not { } file)
            return Missing(id);
        return StripeAnswer.Of(StatusCodes.Status200OK, writer => StripeCheckout.Write(
            writer, file, address.Origin, expand.Contains("payment_intent", StringComparer.Ordinal), expand.Contains("line_items", StringComparer.Ordinal)));
    }

    public async Task<StripeAnswer> ListAsync(StripeCall call, CancellationToken cancellationToken)
    {
        var parameters = call.Parameters;
        var page = StripePage.Read(parameters);
        var key = call.Request.Key;
        var query = new CheckoutQuery(key.StoreId, key.IsLive, page.Limit + 1)
        {
            IntentId = parameters.Text("payment_intent", 100),
            PaymentLinkId = parameters.Text("payment_link", 100),
            Created = page.Created,
            After = page.After,
            Before = page.Before,
        };
        parameters.Ignore("expand");
        if (parameters.Finish() is { } error)
            return StripeErrors.Of(error);
        if (page.Cursor is { } cursor && await FindAsync(cursor, call, cancellationToken) is null)
            return Missing(cursor);
        var files = await checkout.ListAsync(query, cancellationToken);
        var origin = address.Origin;
        return page.Answer("/v1/checkout/sessions", files, (writer, file) => StripeCheckout.Write(writer, file, origin));
    }

    public async Task<StripeAnswer> ListLinesAsync(string id, StripeCall call, CancellationToken cancellationToken)
    {
        var page = StripePage.Read(call.Parameters);
        if (call.Parameters.Finish() is { } error)
            return StripeErrors.Of(error);
        if (await FindAsync(id, call, cancellationToken) is not { } file)
            return Missing(id);
        return StripeLines.Page(page, file.Session.Lines, file.Session.Currency, $"/v1/checkout/sessions/{id}/line_items");
    }

    public async Task<StripeAnswer> ExpireAsync(string id, StripeCall call, CancellationToken cancellationToken)
    {
        call.Parameters.Ignore("expand");
        if (call.Parameters.Finish() is { } error)
            return StripeErrors.Of(error);
        if (await FindAsync(id, call, cancellationToken) is null)
            return Missing(id);
        var expired = await checkout.ExpireAsync(id, cancellationToken);
        return expired.TryGet(out var file, out var refused) ? Answer(file, address.Origin) : StripeErrors.Of(refused);
    }

    public async Task<StripeAnswer> UpdateAsync(string id, StripeCall call, CancellationToken cancellationToken)
    {
        var merge = call.Parameters.Merge("metadata");
        if (call.Parameters.Finish() is { } error)
            return StripeErrors.Of(error);
        if (await FindAsync(id, call, cancellationToken) is null)
            return Missing(id);
        var origin = address.Origin;
        var updated = await checkout.UpdateAsync(id, merge, (transaction, file, token) => call.AnswerAsync(transaction, id, Answer(file, origin), token), cancellationToken);
        return updated.TryGet(out var file, out var refused) ? Answer(file, origin) : StripeErrors.Of(refused);
    }

    private async Task<bool> IsCustomerAsync(string id, StripeCall call, CancellationToken cancellationToken)
    {
        var key = call.Request.Key;
        return await database.ReadAsync((transaction, token) => CustomerStore.FindAsync(transaction, key.StoreId, key.IsLive, id, token), cancellationToken) is { DeletedAt: null };
    }

    private CheckoutRequest Read(StripeCall call)
    {
        var parameters = call.Parameters;
        if (parameters.Text("mode", 20) is { } mode && mode is not "payment")
            parameters.Refuse("parameter_invalid", "mode", "Only mode=payment is taken: there are no subscriptions here.");
        if (parameters.Text("ui_mode", 20) is { } shown && shown is not ("hosted" or "hosted_page"))
            parameters.Refuse("parameter_invalid", "ui_mode", "Only ui_mode=hosted is taken.");
        var (lines, currency) = LineItemParameters.Read(parameters);
        var expiresAt = parameters.Integer("expires_at");
        TimeSpan? lifetime = null;
        if (expiresAt is { } seconds)
        {
            var now = clock.GetUtcNow();
            if (seconds < now.ToUnixTimeSeconds() || seconds > now.ToUnixTimeSeconds() + (2 * 24 * 3600))
                parameters.Refuse("parameter_invalid_integer", "expires_at", "A session lives between 30 minutes and 24 hours.");
            else
                lifetime = DateTimeOffset.FromUnixTimeSeconds(seconds) - now + TimeSpan.FromSeconds(1);
        }

        // The second that a request takes must not refuse the bounds that the documentation names.
        if (lifetime > CheckoutRules.LifetimeMax && lifetime <= CheckoutRules.LifetimeMax + TimeSpan.FromSeconds(5))
            lifetime = CheckoutRules.LifetimeMax;
        if (lifetime < CheckoutRules.LifetimeMin && lifetime >= CheckoutRules.LifetimeMin - TimeSpan.FromSeconds(30))
            lifetime = CheckoutRules.LifetimeMin;
        var intent = parameters.Inner("payment_intent_data");
        var key = call.Request.Key;
        var request = new CheckoutRequest
        {
            StoreId = key.StoreId,
            IsLive = key.IsLive,
            Currency = currency,
            Lines = lines,
            SuccessUrl = parameters.Text("success_url", CheckoutRules.UrlMax),
            CancelUrl = parameters.Text("cancel_url", CheckoutRules.UrlMax),
            CustomerId = parameters.Text("customer", 100),
            CustomerEmail = parameters.Text("customer_email", 254),
            ClientReferenceId = parameters.Text("client_reference_id", 200),
            ReceiptEmail = intent?.Text("receipt_email", 512),
            IntentShipping = intent is null ? null : ShippingParameters.Read(intent),
            StatementDescriptor = intent?.Text("statement_descriptor", 22),
            Metadata = parameters.Metadata(),
            Rails = IntentHandlers.ReadRails(parameters),
            CaptureMethod = intent?.Word("capture_method", StripeWords.CaptureMethods) ?? CaptureMethod.Automatic,
            IntentDescription = intent?.Text("description", 1000),
            IntentMetadata = intent?.Metadata() ?? ImmutableSortedDictionary<string, string>.Empty,
            Lifetime = lifetime,
        };
        intent?.Ignore("statement_descriptor_suffix");
        var expiration = parameters.Inner("after_expiration")?.Inner("recovery");
        if (expiration?.Flag("enabled") == true)
            expiration.Refuse("parameter_invalid", "enabled", "A session that has expired is not recovered here: create another one, or give the shopper a payment link, which does not expire.");
        expiration?.Ignore("allow_promotion_codes");
        parameters.Ignore("expand", "locale", "submit_type", "customer_creation", "billing_address_collection", "allow_promotion_codes", "automatic_tax", "payment_method_collection");
        return request;
    }

    private static StripeAnswer Answer(CheckoutFile file, string origin) =>
        StripeAnswer.Of(StatusCodes.Status200OK, writer => StripeCheckout.Write(writer, file, origin));

    private static StripeAnswer Missing(string id) => StripeErrors.Of(PaymentError.Missing("checkout.session", id));

    private async Task<CheckoutFile?> FindAsync(string id, StripeCall call, CancellationToken cancellationToken) =>
        await checkout.FindAsync(id, cancellationToken) is { } file && call.Owns(file.Payment) ? file : null;
}
