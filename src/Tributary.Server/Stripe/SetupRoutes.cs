using Tributary.Payments.Access;

namespace Tributary.Server.Stripe;

/// <summary>The routes of setup intents.</summary>
internal static class SetupRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        const KeyResource methods = KeyResource.PaymentMethods;
        const string answer = "setup_intent";
        routes.MapPost("/setup_intents", static (HttpContext context, SetupHandlers handlers) => StripeEndpoints.RunAsync(context, handlers.CreateAsync)).Writes(methods, answer, "Create a setup intent");
        routes.MapGet("/setup_intents", static (HttpContext context, SetupHandlers handlers) => StripeEndpoints.RunAsync(context, handlers.ListAsync)).Lists(methods, answer, "List setup intents");
        routes.MapGet("/setup_intents/{id}", static (HttpContext context, string id, SetupHandlers handlers) =>
            StripeEndpoints.RunAsync(context, (call, token) => handlers.RetrieveAsync(id, call, token))).Reads(methods, answer, "Retrieve a setup intent");
        routes.MapPost("/setup_intents/{id}", static (HttpContext context, string id, SetupHandlers handlers) =>
            StripeEndpoints.RunAsync(context, (call, token) => handlers.UpdateAsync(id, call, token))).Writes(methods, answer, "Change a setup intent");
        routes.MapPost("/setup_intents/{id}/confirm", static (HttpContext context, string id, SetupHandlers handlers) =>
            StripeEndpoints.RunAsync(context, (call, token) => handlers.ConfirmAsync(id, call, token))).Writes(methods, answer, "Keep a card for later payments");
        routes.MapPost("/setup_intents/{id}/cancel", static (HttpContext context, string id, SetupHandlers handlers) =>
            StripeEndpoints.RunAsync(context, (call, token) => handlers.CancelAsync(id, call, token))).Writes(methods, answer, "Give a setup intent up");
    }
}
