using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Tributary.Payments.Checkout;
using Tributary.Payments.Money;
using Tributary.Server.Localisation;
using Tributary.Server.Pages.Shop;
using Tributary.Server.Payments;
using Tributary.Server.Web;

namespace Tributary.Server.Shop;

/// <summary>
/// The demo shop, which is a whole integration: it makes a checkout session, sends the shopper there, and looks at the session when the shopper
/// comes back. It sells in test mode only.
/// </summary>
internal static class ShopEndpoints
{
    public static void Map(IEndpointRouteBuilder app)
    {
        var shop = app.MapGroup("/shop").WithMetadata(RouteAccess.Public);
        shop.MapGet("", static () => new RazorComponentResult<ShopPage>());
        shop.MapPost("/buy", BuyAsync).DisableAntiforgery();
        shop.MapGet("/thanks", ThankAsync);
    }

    private static async Task<IResult> BuyAsync([FromForm] string? sku, CheckoutService checkout, PublicAddress address, CancellationToken cancellationToken)
    {
        if (Product.All.FirstOrDefault(product => string.Equals(product.Sku, sku, StringComparison.Ordinal)) is not { } product)
            return TypedResults.Redirect("/shop");
        var made = await checkout.CreateAsync(
            new CheckoutRequest
            {
                StoreId = PaymentStart.FirstStore,
                IsLive = false,
                Currency = Currency.Of("eur"),
                Lines = [new CheckoutLine(product.Name, product.About, product.Cents, 1)],
                SuccessUrl = address.Origin + "/shop/thanks?session_id={CHECKOUT_SESSION_ID}",
                CancelUrl = address.Origin + "/shop",
            },
            null,
            cancellationToken);
        return TypedResults.Redirect(made.Value.Session.Path);
    }

    private static async Task<IResult> ThankAsync([FromQuery(Name = "session_id")] string? sessionId, CheckoutService checkout, CancellationToken cancellationToken)
    {
        // A shopper can type any address, so the shop believes the session and not the visit.
        var file = sessionId is { Length: <= 100 } ? await checkout.FindAsync(sessionId, cancellationToken) : null;
        if (file is null || file.Session.IsLive || file.Status != CheckoutStatus.Complete)
            return TypedResults.Redirect("/shop");
        return new RazorComponentResult<ThanksPage>(new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            [nameof(ThanksPage.Item)] = file.Session.Lines[0].Name,
            [nameof(ThanksPage.Amount)] = MoneyText.Of(file.Payment.Intent.Amount, Texts.English),
            [nameof(ThanksPage.IsPaid)] = file.IsPaid,
        });
    }
}
