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
            RunAsync(context, (handlers, call, token) => handlers.PayAsync(id, call, token)));
        routes.MapPost("/test_helpers/blocks", static (HttpContext context, CancellationToken _) =>
            RunAsync(context, static (handlers, call, token) => handlers.MineAsync(call, token)));
    }

    private static Task RunAsync(HttpContext context, Func<TestHelperHandlers, StripeCall, CancellationToken, Task<StripeAnswer>> handle) =>
        StripeEndpoints.RunAsync(context, (call, token) =>
            !call.Request.Key.IsLive && context.RequestServices.GetService<TestHelperHandlers>() is { } handlers
                ? handle(handlers, call, token)
                : Task.FromResult(StripeErrors.UnknownRoute(context.Request.Method, context.Request.Path)));
}
