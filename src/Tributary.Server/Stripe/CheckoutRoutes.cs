using Tributary.Payments.Access;

namespace Tributary.Server.Stripe;

/// <summary>The routes of checkout sessions and payment links.</summary>
internal static class CheckoutRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/checkout/sessions", static (HttpContext context, CheckoutHandlers handlers) => StripeEndpoints.RunAsync(context, handlers.CreateAsync)).Writes(KeyResource.CheckoutSessions, "checkout.session", "Create a checkout session");
        routes.MapGet("/checkout/sessions", static (HttpContext context, CheckoutHandlers handlers) => StripeEndpoints.RunAsync(context, handlers.ListAsync)).Lists(KeyResource.CheckoutSessions, "checkout.session", "List checkout sessions");
        routes.MapGet("/checkout/sessions/{id}", static (HttpContext context, string id, CheckoutHandlers handlers) =>
            StripeEndpoints.RunAsync(context, (call, token) => handlers.RetrieveAsync(id, call, token))).Reads(KeyResource.CheckoutSessions, "checkout.session", "Retrieve a checkout session");
        routes.MapPost("/checkout/sessions/{id}", static (HttpContext context, string id, CheckoutHandlers handlers) =>
            StripeEndpoints.RunAsync(context, (call, token) => handlers.UpdateAsync(id, call, token))).Writes(KeyResource.CheckoutSessions, "checkout.session", "Change a checkout session's metadata");
        routes.MapGet("/checkout/sessions/{id}/line_items", static (HttpContext context, string id, CheckoutHandlers handlers) =>
            StripeEndpoints.RunAsync(context, (call, token) => handlers.ListLinesAsync(id, call, token))).Lists(KeyResource.CheckoutSessions, "item", "List what is bought");
        routes.MapPost("/checkout/sessions/{id}/expire", static (HttpContext context, string id, CheckoutHandlers handlers) =>
            StripeEndpoints.RunAsync(context, (call, token) => handlers.ExpireAsync(id, call, token))).Writes(KeyResource.CheckoutSessions, "checkout.session", "End an open checkout session");
        routes.MapPost("/payment_links", static (HttpContext context, PaymentLinkHandlers handlers) => StripeEndpoints.RunAsync(context, handlers.CreateAsync)).Writes(KeyResource.PaymentLinks, "payment_link", "Create a payment link");
        routes.MapGet("/payment_links", static (HttpContext context, PaymentLinkHandlers handlers) => StripeEndpoints.RunAsync(context, handlers.ListAsync)).Lists(KeyResource.PaymentLinks, "payment_link", "List payment links");
        routes.MapGet("/payment_links/{id}", static (HttpContext context, string id, PaymentLinkHandlers handlers) =>
            StripeEndpoints.RunAsync(context, (call, token) => handlers.RetrieveAsync(id, call, token))).Reads(KeyResource.PaymentLinks, "payment_link", "Retrieve a payment link");
        routes.MapGet("/payment_links/{id}/line_items", static (HttpContext context, string id, PaymentLinkHandlers handlers) =>
            StripeEndpoints.RunAsync(context, (call, token) => handlers.ListLinesAsync(id, call, token))).Lists(KeyResource.PaymentLinks, "item", "List what a link sells");
        routes.MapPost("/payment_links/{id}", static (HttpContext context, string id, PaymentLinkHandlers handlers) =>
            StripeEndpoints.RunAsync(context, (call, token) => handlers.UpdateAsync(id, call, token))).Writes(KeyResource.PaymentLinks, "payment_link", "Open or close a payment link");
    }
}
