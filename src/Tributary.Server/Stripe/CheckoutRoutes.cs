namespace Tributary.Server.Stripe;

/// <summary>The routes of checkout sessions and payment links.</summary>
internal static class CheckoutRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/checkout/sessions", static (HttpContext context, CheckoutHandlers handlers) => StripeEndpoints.RunAsync(context, handlers.CreateAsync));
        routes.MapGet("/checkout/sessions", static (HttpContext context, CheckoutHandlers handlers) => StripeEndpoints.RunAsync(context, handlers.ListAsync));
        routes.MapGet("/checkout/sessions/{id}", static (HttpContext context, string id, CheckoutHandlers handlers) =>
            StripeEndpoints.RunAsync(context, (call, token) => handlers.RetrieveAsync(id, call, token)));
        routes.MapGet("/checkout/sessions/{id}/line_items", static (HttpContext context, string id, CheckoutHandlers handlers) =>
            StripeEndpoints.RunAsync(context, (call, token) => handlers.ListLinesAsync(id, call, token)));
        routes.MapPost("/checkout/sessions/{id}/expire", static (HttpContext context, string id, CheckoutHandlers handlers) =>
            StripeEndpoints.RunAsync(context, (call, token) => handlers.ExpireAsync(id, call, token)));
        routes.MapPost("/payment_links", static (HttpContext context, PaymentLinkHandlers handlers) => StripeEndpoints.RunAsync(context, handlers.CreateAsync));
        routes.MapGet("/payment_links", static (HttpContext context, PaymentLinkHandlers handlers) => StripeEndpoints.RunAsync(context, handlers.ListAsync));
        routes.MapGet("/payment_links/{id}", static (HttpContext context, string id, PaymentLinkHandlers handlers) =>
            StripeEndpoints.RunAsync(context, (call, token) => handlers.RetrieveAsync(id, call, token)));
        routes.MapGet("/payment_links/{id}/line_items", static (HttpContext context, string id, PaymentLinkHandlers handlers) =>
            StripeEndpoints.RunAsync(context, (call, token) => handlers.ListLinesAsync(id, call, token)));
        routes.MapPost("/payment_links/{id}", static (HttpContext context, string id, PaymentLinkHandlers handlers) =>
            StripeEndpoints.RunAsync(context, (call, token) => handlers.UpdateAsync(id, call, token)));
    }
}
