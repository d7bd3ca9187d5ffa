using Tributary.Payments.Intents;
using Tributary.Server.Checkout;
using Tributary.Server.Greenfield.Frame;
using Tributary.Server.Web;

namespace Tributary.Server.Greenfield.Pages;

/// <summary>The public pages of an invoice, which its name opens, and the script that shows them in a frame over a shop's page.</summary>
internal static class InvoicePages
{
    public static void Map(IEndpointRouteBuilder app)
    {
        var pages = app.MapGroup("").AsShopperPages().AllowFrames().WithMetadata(RouteAccess.Secret);
        pages.MapGet("/i/{id}", static (string id, string? pay, HttpRequest request, CheckoutPlaces places, CheckoutPages checkout, CancellationToken token) =>
            CheckoutEndpoints.WithAsync(places.OfInvoiceAsync(id, request, token), request, place => checkout.ShowAsync(place, pay, token)));
        pages.MapGet("/i/{id}/receipt", static (string id, HttpRequest request, CheckoutPlaces places, CancellationToken token) =>
            CheckoutEndpoints.WithAsync(places.OfInvoiceAsync(id, request, token), request, static place => Task.FromResult(CheckoutPages.Receipt(place))));
        pages.MapGet("/i/{id}/{method}", static (string id, string method, HttpRequest request, CheckoutPlaces places, CheckoutPages checkout, CancellationToken token) =>
            CheckoutEndpoints.WithAsync(places.OfInvoiceAsync(id, request, token), request, place => checkout.ShowAsync(place, TabOf(method), token)));

        // How scripts of older versions name the page.
        pages.MapGet("/invoice", static (string? id, HttpRequest request, CheckoutPlaces places, CancellationToken token) =>
            CheckoutEndpoints.WithAsync(places.OfInvoiceAsync(id ?? "", request, token), request, place => Task.FromResult<IResult>(
                TypedResults.Redirect(place.Invoice!.Path + (place.IsFramed ? "?view=modal" : "")))));
        app.MapGet("/modal/btcpay.js", static (HttpContext context) => WebFile.BtcpayJs.ServeUnnamed(context)).WithMetadata(RouteAccess.Public);
    }

    private static string? TabOf(string method) => MethodIds.Normalise(method) is { } id
        ? MethodIds.RailOf(id) switch { RailKind.Lightning => PayTab.Lightning, RailKind.OnChain => PayTab.OnChain, _ => null }
        : null;
}
