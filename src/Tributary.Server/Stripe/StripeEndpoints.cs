using Tributary.Payments.Access;
using Tributary.Payments.Idempotency;
using Tributary.Payments.Identifiers;
using Tributary.Server.Demo;
using Tributary.Server.Stripe.Parameters;
using Tributary.Server.Web;
using Tributary.Storage.Relational;

namespace Tributary.Server.Stripe;

/// <summary>The routes of Stripe's dialect, below <c>/v1</c>.</summary>
internal static class StripeEndpoints
{
    public static void Map(IEndpointRouteBuilder app)
    {
        var routes = app.MapGroup("/v1").WithMetadata(RouteAccess.ApiKey);
        MapIntents(routes);
        MapCustomers(routes);
        MapMoney(routes);
        MapOutgoing(routes);
        MapAccess(routes);
        SetupRoutes.Map(routes);
        CheckoutRoutes.Map(routes);
        TestHelperEndpoints.Map(routes);
        routes.MapGet("/openapi.json", static async (HttpContext context, StripeDocument document) =>
            await SendAsync(context, new StripeAnswer(StatusCodes.Status200OK, await document.GetAsync()))).WithMetadata(RouteAccess.Public);
        routes.Map("/{**rest}", static (HttpContext context) =>
            SendAsync(context, StripeRefusals.Answer(context.Request.Method, context.Request.Path)));
    }

    private static void MapIntents(IEndpointRouteBuilder routes)
    {
        const KeyResource intents = KeyResource.PaymentIntents;
        const string answer = "payment_intent";
        routes.MapPost("/payment_intents", static (HttpContext context, IntentHandlers handlers) => RunAsync(context, handlers.CreateAsync)).Writes(intents, answer, "Create a payment intent");
        routes.MapGet("/payment_intents", static (HttpContext context, IntentHandlers handlers) => RunAsync(context, handlers.ListAsync)).Lists(intents, answer, "List payment intents");
        routes.MapGet("/payment_intents/search", static (HttpContext context, IntentHandlers handlers) => RunAsync(context, handlers.SearchAsync)).Lists(intents, answer, "Search payment intents");
        routes.MapPost("/payment_intents/{id}", static (HttpContext context, string id, IntentHandlers handlers) => RunAsync(context, (call, token) => handlers.UpdateAsync(id, call, token)))
            .Writes(intents, answer, "Change a payment intent");
        routes.MapGet("/payment_intents/{id}", static (HttpContext context, string id, IntentHandlers handlers) => RunAsync(context, (call, token) => handlers.RetrieveAsync(id, call, token)))
            .ForBrowsers(KeyAccess.Read, answer, "Retrieve a payment intent");
        routes.MapPost("/payment_intents/{id}/confirm", static (HttpContext context, string id, IntentHandlers handlers) => RunAsync(context, (call, token) => handlers.ConfirmAsync(id, call, token)))
            .ForBrowsers(KeyAccess.Write, answer, "Confirm a payment intent");
        routes.MapPost("/payment_intents/{id}/capture", static (HttpContext context, string id, IntentHandlers handlers) => RunAsync(context, (call, token) => handlers.CaptureAsync(id, call, token)))
            .Writes(intents, answer, "Capture held money");
        routes.MapPost("/payment_intents/{id}/cancel", static (HttpContext context, string id, IntentHandlers handlers) => RunAsync(context, (call, token) => handlers.CancelAsync(id, call, token)))
            .Writes(intents, answer, "Cancel a payment intent");
        routes.MapGet("/charges", static (HttpContext context, ChargeHandlers handlers) => RunAsync(context, handlers.ListAsync)).Lists(KeyResource.Charges, "charge", "List charges");
        routes.MapGet("/charges/search", static (HttpContext context, ChargeHandlers handlers) => RunAsync(context, handlers.SearchAsync)).Lists(KeyResource.Charges, "charge", "Search charges");
        routes.MapGet("/charges/{id}", static (HttpContext context, string id, ChargeHandlers handlers) => RunAsync(context, (call, token) => handlers.RetrieveAsync(id, call, token)))
            .Reads(KeyResource.Charges, "charge", "Retrieve a charge");
    }

    private static void MapCustomers(IEndpointRouteBuilder routes)
    {
        const KeyResource customers = KeyResource.Customers;
        routes.MapPost("/customers", static (HttpContext context, CustomerHandlers handlers) => RunAsync(context, handlers.CreateAsync)).Writes(customers, "customer", "Create a customer");
        routes.MapGet("/customers", static (HttpContext context, CustomerHandlers handlers) => RunAsync(context, handlers.ListAsync)).Lists(customers, "customer", "List customers");
        routes.MapGet("/customers/search", static (HttpContext context, CustomerHandlers handlers) => RunAsync(context, handlers.SearchAsync)).Lists(customers, "customer", "Search customers");
        routes.MapGet("/customers/{id}", static (HttpContext context, string id, CustomerHandlers handlers) => RunAsync(context, (call, token) => handlers.RetrieveAsync(id, call, token)))
            .Reads(customers, "customer", "Retrieve a customer");
        routes.MapPost("/customers/{id}", static (HttpContext context, string id, CustomerHandlers handlers) => RunAsync(context, (call, token) => handlers.UpdateAsync(id, call, token)))
            .Writes(customers, "customer", "Change a customer");
        routes.MapDelete("/customers/{id}", static (HttpContext context, string id, CustomerHandlers handlers) => RunAsync(context, (call, token) => handlers.DeleteAsync(id, call, token)))
            .Writes(customers, "customer", "Delete a customer");
        const KeyResource methods = KeyResource.PaymentMethods;
        routes.MapGet("/customers/{id}/payment_methods", static (HttpContext context, string id, PaymentMethodHandlers handlers) => RunAsync(context, (call, token) => handlers.ListAsync(id, call, token)))
            .Lists(methods, "payment_method", "List what a customer pays with");
        routes.MapPost("/payment_methods", static (HttpContext context, PaymentMethodHandlers handlers) => RunAsync(context, handlers.CreateAsync)).Writes(methods, "payment_method", "Create a payment method");
        routes.MapGet("/payment_methods", static (HttpContext context, PaymentMethodHandlers handlers) => RunAsync(context, (call, token) => handlers.ListAsync(null, call, token)))
            .Lists(methods, "payment_method", "List payment methods");
        routes.MapGet("/payment_methods/{id}", static (HttpContext context, string id, PaymentMethodHandlers handlers) => RunAsync(context, (call, token) => handlers.RetrieveAsync(id, call, token)))
            .Reads(methods, "payment_method", "Retrieve a payment method");
        routes.MapPost("/payment_methods/{id}", static (HttpContext context, string id, PaymentMethodHandlers handlers) => RunAsync(context, (call, token) => handlers.UpdateAsync(id, call, token)))
            .Writes(methods, "payment_method", "Change a payment method");
        routes.MapPost("/payment_methods/{id}/attach", static (HttpContext context, string id, PaymentMethodHandlers handlers) => RunAsync(context, (call, token) => handlers.AttachAsync(id, call, token)))
            .Writes(methods, "payment_method", "Attach a payment method to a customer");
        routes.MapPost("/payment_methods/{id}/detach", static (HttpContext context, string id, PaymentMethodHandlers handlers) => RunAsync(context, (call, token) => handlers.DetachAsync(id, call, token)))
            .Writes(methods, "payment_method", "Take a payment method from its customer");
    }

    private static void MapMoney(IEndpointRouteBuilder routes)
    {
        const KeyResource refunds = KeyResource.Refunds;
        routes.MapPost("/refunds", static (HttpContext context, RefundHandlers handlers) => RunAsync(context, handlers.CreateAsync)).Writes(refunds, "refund", "Give money back");
        routes.MapGet("/refunds", static (HttpContext context, RefundHandlers handlers) => RunAsync(context, handlers.ListAsync)).Lists(refunds, "refund", "List refunds");
        routes.MapGet("/refunds/{id}", static (HttpContext context, string id, RefundHandlers handlers) => RunAsync(context, (call, token) => handlers.RetrieveAsync(id, call, token)))
            .Reads(refunds, "refund", "Retrieve a refund");
        routes.MapPost("/refunds/{id}", static (HttpContext context, string id, RefundHandlers handlers) => RunAsync(context, (call, token) => handlers.UpdateAsync(id, call, token)))
            .Writes(refunds, "refund", "Change a refund's metadata");
        routes.MapPost("/refunds/{id}/cancel", static (HttpContext context, string id, RefundHandlers handlers) => RunAsync(context, (call, token) => handlers.CancelAsync(id, call, token)))
            .Writes(refunds, "refund", "Take a refund back that nobody has claimed");
        routes.MapPost("/refunds/{id}/approve", static (HttpContext context, string id, RefundHandlers handlers) => RunAsync(context, (call, token) => handlers.ApproveAsync(id, call, token)))
            .Writes(KeyResource.Approvals, "refund", "Agree to a refund above the limit");
        routes.MapGet("/psbts", static (HttpContext context, PsbtHandlers handlers) => RunAsync(context, handlers.ListAsync)).Lists(refunds, "psbt", "List transactions of refunds that wait for a signature");
        routes.MapGet("/psbts/{id}", static (HttpContext context, string id, PsbtHandlers handlers) => RunAsync(context, (call, token) => handlers.RetrieveAsync(id, call, token)))
            .Reads(refunds, "psbt", "Retrieve a transaction that waits for a signature");
        routes.MapPost("/psbts/{id}", static (HttpContext context, string id, PsbtHandlers handlers) => RunAsync(context, (call, token) => handlers.SubmitAsync(id, call, token)))
            .Writes(refunds, "psbt", "Hand in a transaction that was signed");
        const KeyResource reviews = KeyResource.Reviews;
        routes.MapGet("/reviews", static (HttpContext context, ReviewHandlers handlers) => RunAsync(context, handlers.ListAsync)).Lists(reviews, "review", "List open reviews");
        routes.MapGet("/reviews/{id}", static (HttpContext context, string id, ReviewHandlers handlers) => RunAsync(context, (call, token) => handlers.RetrieveAsync(id, call, token)))
            .Reads(reviews, "review", "Retrieve a review");
        routes.MapPost("/reviews/{id}/approve", static (HttpContext context, string id, ReviewHandlers handlers) => RunAsync(context, (call, token) => handlers.ApproveAsync(id, call, token)))
            .Writes(reviews, "review", "Approve a payment in review");
        const KeyResource disputes = KeyResource.Disputes;
        routes.MapGet("/disputes", static (HttpContext context, DisputeHandlers handlers) => RunAsync(context, handlers.ListAsync)).Lists(disputes, "dispute", "List disputes");
        routes.MapGet("/disputes/{id}", static (HttpContext context, string id, DisputeHandlers handlers) => RunAsync(context, (call, token) => handlers.RetrieveAsync(id, call, token)))
            .Reads(disputes, "dispute", "Retrieve a dispute");
        routes.MapPost("/disputes/{id}", static (HttpContext context, string id, DisputeHandlers handlers) => RunAsync(context, (call, token) => handlers.UpdateAsync(id, call, token)))
            .Writes(disputes, "dispute", "Answer a dispute with evidence");
        routes.MapPost("/disputes/{id}/close", static (HttpContext context, string id, DisputeHandlers handlers) => RunAsync(context, (call, token) => handlers.CloseAsync(id, call, token)))
            .Writes(disputes, "dispute", "Give in to a dispute");
    }

    private static void MapOutgoing(IEndpointRouteBuilder routes)
    {
        const KeyResource payouts = KeyResource.Payouts;
        routes.MapPost("/payouts", static (HttpContext context, PayoutHandlers handlers) => RunAsync(context, handlers.CreateAsync)).Writes(payouts, "payout", "Send the store's money away");
        routes.MapGet("/payouts", static (HttpContext context, PayoutHandlers handlers) => RunAsync(context, handlers.ListAsync)).Lists(payouts, "payout", "List payouts");
        routes.MapGet("/payouts/{id}", static (HttpContext context, string id, PayoutHandlers handlers) => RunAsync(context, (call, token) => handlers.RetrieveAsync(id, call, token)))
            .Reads(payouts, "payout", "Retrieve a payout");
        routes.MapPost("/payouts/{id}", static (HttpContext context, string id, PayoutHandlers handlers) => RunAsync(context, (call, token) => handlers.UpdateAsync(id, call, token)))
            .Writes(payouts, "payout", "Change a payout's metadata");
        routes.MapPost("/payouts/{id}/cancel", static (HttpContext context, string id, PayoutHandlers handlers) => RunAsync(context, (call, token) => handlers.CancelAsync(id, call, token)))
            .Writes(payouts, "payout", "Take a payout back that no rail has heard of");
        routes.MapPost("/payouts/{id}/approve", static (HttpContext context, string id, PayoutHandlers handlers) => RunAsync(context, (call, token) => handlers.ApproveAsync(id, call, token)))
            .Writes(KeyResource.Approvals, "payout", "Agree to a payout above the limit");
        routes.MapGet("/outgoing_policy", static (HttpContext context, PayoutHandlers handlers) => RunAsync(context, handlers.RetrievePolicyAsync))
            .Reads(KeyResource.Approvals, "outgoing_policy", "What the store allows of outgoing money");
        routes.MapPost("/outgoing_policy", static (HttpContext context, PayoutHandlers handlers) => RunAsync(context, handlers.UpdatePolicyAsync))
            .Writes(KeyResource.Approvals, "outgoing_policy", "Change limits, cap and destination, or stop all outgoing money");
        const KeyResource balance = KeyResource.Balance;
        routes.MapGet("/balance", static (HttpContext context, BalanceHandlers handlers) => RunAsync(context, handlers.RetrieveAsync)).Reads(balance, "balance", "What the store owns");
        foreach (var path in (ReadOnlySpan<string>)["/balance_transactions", "/balance/history"])
        {
            routes.MapGet(path, static (HttpContext context, BalanceHandlers handlers) => RunAsync(context, handlers.ListAsync)).Lists(balance, "balance_transaction", "List what changed the balance");
            routes.MapGet(path + "/{id}", static (HttpContext context, string id, BalanceHandlers handlers) => RunAsync(context, (call, token) => handlers.RetrieveOneAsync(id, call, token)))
                .Reads(balance, "balance_transaction", "Retrieve a change of the balance");
        }
    }

    private static void MapAccess(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/events", static (HttpContext context, EventHandlers handlers) => RunAsync(context, handlers.ListAsync)).Lists(KeyResource.Events, "event", "List events");
        routes.MapGet("/events/{id}", static (HttpContext context, string id, EventHandlers handlers) => RunAsync(context, (call, token) => handlers.RetrieveAsync(id, call, token)))
            .Reads(KeyResource.Events, "event", "Retrieve an event");
        const KeyResource hooks = KeyResource.WebhookEndpoints;
        routes.MapPost("/webhook_endpoints", static (HttpContext context, WebhookEndpointHandlers handlers) => RunAsync(context, handlers.CreateAsync)).Writes(hooks, "webhook_endpoint", "Create a webhook endpoint");
        routes.MapGet("/webhook_endpoints", static (HttpContext context, WebhookEndpointHandlers handlers) => RunAsync(context, handlers.ListAsync)).Lists(hooks, "webhook_endpoint", "List webhook endpoints");
        routes.MapGet("/webhook_endpoints/{id}", static (HttpContext context, string id, WebhookEndpointHandlers handlers) => RunAsync(context, (call, token) => handlers.RetrieveAsync(id, call, token)))
            .Reads(hooks, "webhook_endpoint", "Retrieve a webhook endpoint");
        routes.MapPost("/webhook_endpoints/{id}", static (HttpContext context, string id, WebhookEndpointHandlers handlers) => RunAsync(context, (call, token) => handlers.UpdateAsync(id, call, token)))
            .Writes(hooks, "webhook_endpoint", "Change a webhook endpoint");
        routes.MapDelete("/webhook_endpoints/{id}", static (HttpContext context, string id, WebhookEndpointHandlers handlers) => RunAsync(context, (call, token) => handlers.DeleteAsync(id, call, token)))
            .Writes(hooks, "deleted", "Delete a webhook endpoint");
        const KeyResource keys = KeyResource.ApiKeys;
        routes.MapPost("/api_keys", static (HttpContext context, KeyHandlers handlers) => RunAsync(context, handlers.CreateAsync)).Writes(keys, "api_key", "Make a key");
        routes.MapGet("/api_keys", static (HttpContext context, KeyHandlers handlers) => RunAsync(context, handlers.ListAsync)).Lists(keys, "api_key", "List keys");
        routes.MapGet("/api_keys/{id}", static (HttpContext context, string id, KeyHandlers handlers) => RunAsync(context, (call, token) => handlers.RetrieveAsync(id, call, token)))
            .Reads(keys, "api_key", "Retrieve a key, without its secret");
        routes.MapPost("/api_keys/{id}/roll", static (HttpContext context, string id, KeyHandlers handlers) => RunAsync(context, (call, token) => handlers.RollAsync(id, call, token)))
            .Writes(keys, "api_key", "Replace a key by another with the same rights");
        routes.MapDelete("/api_keys/{id}", static (HttpContext context, string id, KeyHandlers handlers) => RunAsync(context, (call, token) => handlers.RevokeAsync(id, call, token)))
            .Writes(keys, "deleted", "Revoke a key");
    }

    /// <summary>Reads a request, asks whether its key may do this, and carries it out; the answer of a repeated one is the first one's.</summary>
    internal static async Task RunAsync(HttpContext context, Func<StripeCall, CancellationToken, Task<StripeAnswer>> handle)
    {
        var cancellationToken = context.RequestAborted;
        if (context.Items.TryGetValue(typeof(ParameterRecord), out var record))
        {
            var described = new StripeRequest(new ApiKey("described", "described", false), new ParameterNode.Map(), null) { Origin = "" };
            await handle(new StripeCall(described, null, (ParameterRecord)record!), cancellationToken);
            return;
        }

        var database = context.RequestServices.GetRequiredService<IDatabase>();
        var services = context.RequestServices;
        context.Response.Headers["Request-Id"] = services.GetRequiredService<ObjectIds>().Next("req");
        context.Response.Headers["Stripe-Version"] = StripeEvents.ApiVersion;
        var read = await StripeRequest.ReadAsync(
            context.Request, database, services.GetRequiredService<StripeLimits>(), services.GetRequiredService<TimeProvider>(), cancellationToken);
        if (!read.TryGet(out var request, out var rejection))
        {
            await SendAsync(context, rejection.Answer);
            return;
        }

        if (request.Idempotency is not { } key)
        {
            var asked = new StripeCall(request, null);
            await SendAsync(context, await FinishAsync(services, await handle(asked, cancellationToken), asked, cancellationToken));
            return;
        }

        context.Response.Headers["Idempotency-Key"] = key.Name;
        var store = services.GetRequiredService<IdempotencyStore>();
        var state = await database.WriteAsync((transaction, token) => store.EnterAsync(transaction, key, token), cancellationToken);
        switch (state)
        {
            case IdempotencyState.Answered answered:
                context.Response.Headers["Idempotent-Replayed"] = "true";
                await SendAsync(context, await FinishAsync(services, StripeAnswer.Unpack(answered.Answer), new StripeCall(request, null), cancellationToken));
                return;
            case IdempotencyState.Running:
                await SendAsync(context, StripeErrors.Running());
                return;
            case IdempotencyState.Mismatch:
                await SendAsync(context, StripeErrors.Mismatch());
                return;
        }

        var call = new StripeCall(request, ((IdempotencyState.Fresh)state).ObjectId);
        StripeAnswer answer;
        try
        {
            answer = await handle(call, cancellationToken);
        }
        catch
        {
            // The client went away, or something failed: who repeats the request need not wait until this run counts as dead.
            await database.WriteAsync((transaction, token) => store.FreeAsync(transaction, key, token), CancellationToken.None);
            throw;
        }

        if (!call.HasEffect)
            await database.WriteAsync((transaction, token) => RemoveAsync(transaction, key, token), CancellationToken.None);
        await SendAsync(context, await FinishAsync(services, answer, call, cancellationToken));
    }

    private static async Task<StripeAnswer> FinishAsync(IServiceProvider services, StripeAnswer answer, StripeCall call, CancellationToken cancellationToken)
    {
        var expanded = await services.GetRequiredService<StripeExpansion>().ExpandAsync(answer, call.Expansions, call, cancellationToken);
        return call.Request.Key.Kind == KeyKind.Publishable ? StripeBrowsers.Reduce(expanded) : expanded;
    }

    private static async ValueTask<bool> RemoveAsync(ISqlTransaction transaction, IdempotencyKey key, CancellationToken cancellationToken)
    {
        await IdempotencyStore.RemoveAsync(transaction, key, cancellationToken);
        return true;
    }

    private static Task SendAsync(HttpContext context, StripeAnswer answer)
    {
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = "no-store";

        // The buckets refill all the time: a second is enough.
        if (answer.Status == StatusCodes.Status429TooManyRequests)
        {
            context.Response.Headers.RetryAfter = "1";
            context.Response.Headers["Stripe-Rate-Limited-Reason"] = "global-rate";
        }

        return context.Response.WriteAsync(answer.Body, context.RequestAborted);
    }
}
