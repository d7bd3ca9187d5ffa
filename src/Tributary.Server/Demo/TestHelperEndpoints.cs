using Tributary.Payments.Access;
using Tributary.Server.Stripe;

namespace Tributary.Server.Demo;

/// <summary>
/// The routes below <c>/v1/test_helpers</c>: what a shopper and a miner would do. They are there for test keys on a chain whose coins are worth
/// nothing; to everyone else they do not exist.
/// </summary>
internal static class TestHelperEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/test_helpers/payment_intents/{id}/pay", static (HttpContext context, string id) =>
            RunAsync(context, (handlers, call, token) => handlers.PayAsync(id, call, token)))
            .Writes(KeyResource.PaymentIntents, "payment_intent", "Pay an intent as a shopper would; test keys only");
        routes.MapPost("/test_helpers/payment_intents/{id}/advance", static (HttpContext context, string id) =>
            RunAsync(context, (handlers, call, token) => handlers.AdvanceAsync(id, call, token)))
            .Writes(KeyResource.PaymentIntents, "payment_intent", "Let an intent's deadlines come nearer, as if time had passed; test keys only");
        routes.MapPost("/test_helpers/refunds/{id}/expire", static (HttpContext context, string id) =>
            RunAsync(context, (handlers, call, token) => handlers.ExpireAsync(id, call, token)))
            .Writes(KeyResource.Refunds, "refund", "Let a refund expire that nobody claimed; test keys only");
        routes.MapPost("/test_helpers/blocks", static (HttpContext context, CancellationToken _) =>
            RunAsync(context, static (handlers, call, token) => handlers.MineAsync(call, token)))
            .Writes(KeyResource.PaymentIntents, "blocks", "Mine blocks on the embedded chain; test keys only");
        routes.MapPost("/test_helpers/channels", static (HttpContext context, CancellationToken _) =>
            RunAsync(context, static (handlers, call, token) => handlers.OpenAsync(call, token)))
            .Writes(KeyResource.PaymentIntents, "channel", "Open a channel with the demo wallet; test keys only");
        routes.MapPost("/test_helpers/invoices", static (HttpContext context, CancellationToken _) =>
            RunAsync(context, static (handlers, call, token) => handlers.RequestAsync(call, token)))
            .Writes(KeyResource.PaymentIntents, "invoice", "Ask the demo wallet for an invoice; test keys only");
        routes.MapGet("/test_helpers/invoices/{hash}", static (HttpContext context, string hash) =>
            RunAsync(context, (handlers, call, token) => handlers.FindInvoiceAsync(hash, call, token)))
            .Reads(KeyResource.PaymentIntents, "invoice", "Retrieve an invoice of the demo wallet; test keys only");
    }

    private static Task RunAsync(HttpContext context, Func<TestHelperHandlers, StripeCall, CancellationToken, Task<StripeAnswer>> handle) =>
        StripeEndpoints.RunAsync(context, (call, token) =>
            !call.Request.Key.IsLive && context.RequestServices.GetService<TestHelperHandlers>() is { } handlers
                ? handle(handlers, call, token)
                : Task.FromResult(StripeErrors.UnknownRoute(context.Request.Method, context.Request.Path)));
}
