using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Tributary.Payments.Errors;
using Tributary.Payments.Refunds;
using Tributary.Server.Localisation;
using Tributary.Server.Pages.Checkout;
using Tributary.Server.Web;

namespace Tributary.Server.Checkout;

/// <summary>Where a shopper says where a refund goes: the page behind a claim link. The address alone lets in, as the link was sent to the shopper alone.</summary>
internal static class ClaimEndpoints
{
    private const int DestinationMax = 4000;

    public static void Map(IEndpointRouteBuilder app)
    {
        var claims = app.MapGroup("/r/{token}").AsShopperPages().WithMetadata(RouteAccess.Secret);
        claims.MapGet("", ShowAsync);
        claims.MapPost("", ClaimAsync).DisableAntiforgery();
    }

    private static async Task<IResult> ShowAsync(string token, HttpRequest request, RefundService refunds, CheckoutPlaces places, CancellationToken cancellationToken) =>
        await PageAsync(token, await refunds.FindByClaimAsync(token, cancellationToken), null, null, request, refunds, places, cancellationToken);

    private static async Task<IResult> ClaimAsync(
        string token, [FromForm] string? destination, HttpRequest request, RefundService refunds, CheckoutPlaces places, CancellationToken cancellationToken)
    {
        var texts = Texts.For(request);
        var given = (destination ?? "").Trim();
        PaymentError? error = null;
        if (given.Length is 0 or > DestinationMax)
            error = PaymentError.Invalid("destination_invalid", "destination", texts["claim.empty"]);
        else if (!(await refunds.ClaimAsync(token, Strip(given), cancellationToken)).TryGet(out var claimed, out error))
            error = error with { Message = texts.Find("claim." + error.Code, error.Message) };
        else
            await refunds.SendAsync(claimed, cancellationToken);
        if (error is null)
            return TypedResults.Redirect($"/r/{token}{Query(request, texts)}");
        return await PageAsync(token, await refunds.FindByClaimAsync(token, cancellationToken), given, error, request, refunds, places, cancellationToken);
    }

    // What wallets copy has a scheme before it.
    private static string Strip(string destination)
    {
        foreach (var scheme in (string[])["lightning:", "bitcoin:"])
        {
            if (destination.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
                return destination[scheme.Length..].Split('?')[0];
        }

        return destination;
    }

    private static string Query(HttpRequest request, Texts texts) => CheckoutPlaces.AskedLanguage(request, texts) is { } tag ? "?lang=" + tag : "";

    private static async Task<IResult> PageAsync(
        string token, RefundView? view, string? given, PaymentError? error, HttpRequest request, RefundService refunds, CheckoutPlaces places, CancellationToken cancellationToken)
    {
        var texts = Texts.For(request);
        return new RazorComponentResult<ClaimPage>(new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            [nameof(ClaimPage.Texts)] = texts,
            [nameof(ClaimPage.Action)] = $"/r/{token}{Query(request, texts)}",
            [nameof(ClaimPage.Path)] = $"/r/{token}",
            [nameof(ClaimPage.Refund)] = view?.Refund,
            [nameof(ClaimPage.StoreName)] = view is null ? null : await places.NameAsync(view.File.Intent.StoreId, cancellationToken),
            [nameof(ClaimPage.LightningAmount)] = view is null ? 0 : refunds.LightningAmountOf(view.Refund),
            [nameof(ClaimPage.Given)] = given,
            [nameof(ClaimPage.Problem)] = error?.Message,
        })
        {
            StatusCode = view is null ? StatusCodes.Status404NotFound : error is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest,
        };
    }
}
