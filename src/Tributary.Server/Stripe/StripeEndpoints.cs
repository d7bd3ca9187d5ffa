using Tributary.Payments.Idempotency;
using Tributary.Server.Demo;
using Tributary.Storage.Relational;

namespace Tributary.Server.Stripe;

/// <summary>The routes of Stripe's dialect, below <c>/v1</c>.</summary>
internal static class StripeEndpoints
{
    public static void Map(IEndpointRouteBuilder app)
    {
        var routes = app.MapGroup("/v1");
        routes.MapPost("/payment_intents", static (HttpContext context, IntentHandlers handlers) => RunAsync(context, handlers.CreateAsync));
        routes.MapGet("/payment_intents", static (HttpContext context, IntentHandlers handlers) => RunAsync(context, handlers.ListAsync));
        routes.MapGet("/payment_intents/{id}", static (HttpContext context, string id, IntentHandlers handlers) =>
            RunAsync(context, (call, token) => handlers.RetrieveAsync(id, call, token)));
        routes.MapPost("/payment_intents/{id}/confirm", static (HttpContext context, string id, IntentHandlers handlers) =>
            RunAsync(context, (call, token) => handlers.ConfirmAsync(id, call, token)));
        routes.MapPost("/payment_intents/{id}/capture", static (HttpContext context, string id, IntentHandlers handlers) =>
            RunAsync(context, (call, token) => handlers.CaptureAsync(id, call, token)));
        routes.MapPost("/payment_intents/{id}/cancel", static (HttpContext context, string id, IntentHandlers handlers) =>
            RunAsync(context, (call, token) => handlers.CancelAsync(id, call, token)));
        routes.MapGet("/events", static (HttpContext context, EventHandlers handlers) => RunAsync(context, handlers.ListAsync));
        routes.MapGet("/events/{id}", static (HttpContext context, string id, EventHandlers handlers) =>
            RunAsync(context, (call, token) => handlers.RetrieveAsync(id, call, token)));
        routes.MapGet("/reviews", static (HttpContext context, ReviewHandlers handlers) => RunAsync(context, handlers.ListAsync));
        routes.MapGet("/reviews/{id}", static (HttpContext context, string id, ReviewHandlers handlers) =>
            RunAsync(context, (call, token) => handlers.RetrieveAsync(id, call, token)));
        routes.MapPost("/reviews/{id}/approve", static (HttpContext context, string id, ReviewHandlers handlers) =>
            RunAsync(context, (call, token) => handlers.ApproveAsync(id, call, token)));
        routes.MapPost("/webhook_endpoints", static (HttpContext context, WebhookEndpointHandlers handlers) => RunAsync(context, handlers.CreateAsync));
        routes.MapGet("/webhook_endpoints", static (HttpContext context, WebhookEndpointHandlers handlers) => RunAsync(context, handlers.ListAsync));
        routes.MapDelete("/webhook_endpoints/{id}", static (HttpContext context, string id, WebhookEndpointHandlers handlers) =>
            RunAsync(context, (call, token) => handlers.DeleteAsync(id, call, token)));
        TestHelperEndpoints.Map(routes);
        routes.Map("/{**rest}", static (HttpContext context) =>
            SendAsync(context, StripeErrors.UnknownRoute(context.Request.Method, context.Request.Path)));
    }

    internal static async Task RunAsync(HttpContext context, Func<StripeCall, CancellationToken, Task<StripeAnswer>> handle)
    {
        var cancellationToken = context.RequestAborted;
        var database = context.RequestServices.GetRequiredService<IDatabase>();
        var read = await StripeRequest.ReadAsync(context.Request, database, cancellationToken);
        if (!read.TryGet(out var request, out var rejection))
        {
            await SendAsync(context, rejection.Answer);
            return;
        }

        if (request.Idempotency is not { } key)
        {
            await SendAsync(context, await handle(new StripeCall(request, null), cancellationToken));
            return;
        }

        var store = context.RequestServices.GetRequiredService<IdempotencyStore>();
        var state = await database.WriteAsync((transaction, token) => store.EnterAsync(transaction, key, token), cancellationToken);
        switch (state)
        {
            case IdempotencyState.Answered answered:
                context.Response.Headers["Idempotent-Replayed"] = "true";
                await SendAsync(context, StripeAnswer.Unpack(answered.Answer));
                return;
            case IdempotencyState.Running:
                await SendAsync(context, StripeErrors.Running());
                return;
            case IdempotencyState.Mismatch:
                await SendAsync(context, StripeErrors.Mismatch());
                return;
        }

        var call = new StripeCall(request, ((IdempotencyState.Fresh)state).ObjectId);
        var answer = await handle(call, cancellationToken);
        if (!call.HasEffect)
            await database.WriteAsync((transaction, token) => RemoveAsync(transaction, key, token), CancellationToken.None);
        await SendAsync(context, answer);
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
        return context.Response.WriteAsync(answer.Body, context.RequestAborted);
    }
}
