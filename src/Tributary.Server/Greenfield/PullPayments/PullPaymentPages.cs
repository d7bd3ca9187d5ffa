using Microsoft.AspNetCore.Mvc;
using Tributary.Lightning.Invoices;
using Tributary.Payments.Intents;
using Tributary.Payments.Lnurl;
using Tributary.Payments.Money;
using Tributary.Payments.PullPayments;
using Tributary.Server.Checkout;
using Tributary.Server.Greenfield.Frame;
using Tributary.Server.Lnurl;
using Tributary.Server.Localisation;
using Tributary.Server.Pages.Checkout;
using Tributary.Server.Web;

namespace Tributary.Server.Greenfield.PullPayments;

/// <summary>The page on which people claim, and the way by which a wallet does so alone (LUD-03). The address lets in.</summary>
internal static class PullPaymentPages
{
    private const int DestinationMax = 4000;
    private const int AmountMax = 30;

    public static void Map(IEndpointRouteBuilder app)
    {
        var pages = app.MapGroup("/pull-payments/{id}").AsShopperPages().WithMetadata(RouteAccess.Secret);
        pages.MapGet("", static (string id, HttpRequest request, PullPaymentService service, CheckoutPlaces places, PublicAddress address, TimeProvider clock, CancellationToken token) =>
            ShowAsync(id, null, null, null, request, service, places, address, clock, token));
        pages.MapPost("", ClaimAsync).DisableAntiforgery();
        var wallets = app.MapGroup("/lnurl/withdraw/{id}").AddEndpointFilter(LnurlEndpoints.AdmitAsync).WithMetadata(RouteAccess.Secret);
        wallets.MapGet("", OfferAsync);
        wallets.MapGet("/claim", WithdrawAsync);
    }

    /// <summary>What a wallet opens to take the money; null where none can.</summary>
    public static string? UrlOf(PullPayment pull, string origin) => PullPaymentHandlers.IsWithdrawable(pull) ? $"{origin}/lnurl/withdraw/{pull.Id}" : null;

    private static async Task<IResult> ShowAsync(
        string id, string? problem, string? destination, string? amount, HttpRequest request, PullPaymentService service, CheckoutPlaces places, PublicAddress address, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (await service.FindAsync(id, cancellationToken) is not { } view)
            return CheckoutPages.Missing(request);
        var texts = Texts.For(request);
        var isOpen = view.IsOpenAt(clock.GetUtcNow());
        var lnurl = isOpen && UrlOf(view.PullPayment, address.Origin) is { } url ? LnurlText.Encode(url) : null;
        return Html.Page<PullPaymentPage>(
            problem is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest,
            (nameof(PullPaymentPage.Texts), texts),
            (nameof(PullPaymentPage.View), view),
            (nameof(PullPaymentPage.StoreName), await places.NameAsync(view.PullPayment.StoreId, cancellationToken)),
            (nameof(PullPaymentPage.Action), view.PullPayment.Path + Query(request, texts)),
            (nameof(PullPaymentPage.IsOpen), isOpen),
            (nameof(PullPaymentPage.Problem), problem),
            (nameof(PullPaymentPage.Destination), destination),
            (nameof(PullPaymentPage.Amount), amount),
            (nameof(PullPaymentPage.WalletUri), lnurl is null ? null : "lightning:" + lnurl),
            (nameof(PullPaymentPage.Code), lnurl is null ? null : QrSvg.Draw("LIGHTNING:" + lnurl)));
    }

    private static async Task<IResult> ClaimAsync(
        string id, [FromForm] string? destination, [FromForm] string? amount, HttpRequest request, PullPaymentService service, CheckoutPlaces places, PublicAddress address, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (await service.FindAsync(id, cancellationToken) is not { } view)
            return CheckoutPages.Missing(request);
        var texts = Texts.For(request);
        var given = (destination ?? "").Trim();
        CurrencyAmount? asked = null;
        string? problem = null;
        if (given.Length is 0 or > DestinationMax)
            problem = texts["claim.empty"];
        else if (amount?.Trim() is { Length: > 0 } text && view.Refund is null)
        {
            if (text.Length <= AmountMax && GreenfieldAmounts.TryParse(text, view.PullPayment.Amount.Currency, out var read, out problem))
                asked = read;
            else
                problem ??= texts["claim.empty"];
        }

        if (problem is null)
        {
            var claimed = await service.ClaimAsync(new ClaimRequest { PullPaymentId = id, Destination = given, Amount = asked }, cancellationToken);
            if (claimed.TryGet(out _, out var error))
                return TypedResults.Redirect(view.PullPayment.Path + Query(request, texts));
            problem = texts.Find("claim." + error.Code, error.Message);
        }

        return await ShowAsync(id, problem, given.Length <= DestinationMax ? given : "", amount, request, service, places, address, clock, cancellationToken);
    }

    // LUD-03: what a wallet may take.
    private static async Task<IResult> OfferAsync(string id, PullPaymentService service, PublicAddress address, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (await FindAsync(id, service, cancellationToken) is not { } view)
            return LnurlEndpoints.Unknown();
        if (!view.IsOpenAt(clock.GetUtcNow()))
            return LnurlEndpoints.Failure("Nothing can be claimed here now.");
        var most = view.Left.ToMilliSatoshis().Value;
        var pull = view.PullPayment;
        return TypedResults.Json(
            new LnurlWire.WithdrawRequest($"{address.Origin}/lnurl/withdraw/{pull.Id}/claim", pull.Id, pull.Name, view.Refund is null ? Math.Min(most, 1000) : most, most),
            LnurlWireJson.Default.WithdrawRequest);
    }

    private static async Task<IResult> WithdrawAsync(string id, string? k1, string? pr, PullPaymentService service, CancellationToken cancellationToken)
    {
        if (await FindAsync(id, service, cancellationToken) is not { } view || !string.Equals(k1, view.PullPayment.Id, StringComparison.Ordinal))
            return LnurlEndpoints.Unknown();
        if (pr is null || !Invoice.Parse(pr).TryGet(out var invoice, out _) || invoice.Terms.Amount is null)
            return LnurlEndpoints.Failure("An invoice with an amount is needed, as pr=…");
        var claimed = await service.ClaimAsync(new ClaimRequest { PullPaymentId = id, Destination = invoice.Text, Rail = RailKind.Lightning }, cancellationToken);
        return claimed.TryGet(out _, out var error) ? TypedResults.Json(new LnurlWire.Done(), LnurlWireJson.Default.Done) : LnurlEndpoints.Failure(error.Message);
    }

    private static async Task<PullPaymentView?> FindAsync(string id, PullPaymentService service, CancellationToken cancellationToken) =>
        await service.FindAsync(id, cancellationToken) is { } view && PullPaymentHandlers.IsWithdrawable(view.PullPayment) ? view : null;

    private static string Query(HttpRequest request, Texts texts) => CheckoutPlaces.AskedLanguage(request, texts) is { } tag ? "?lang=" + tag : "";
}
