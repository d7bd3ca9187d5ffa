using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Tributary.Payments.Checkout;
using Tributary.Payments.Intents;
using Tributary.Payments.Lnurl;
using Tributary.Server.Lnurl;
using Tributary.Server.Localisation;
using Tributary.Server.Pages.Checkout;
using Tributary.Server.Web;
using Tributary.Storage.Relational;

namespace Tributary.Server.Checkout;

/// <summary>
/// The pages that shoppers see: a session's, a bare intent's, a payment link's. Their forms act for whoever knows the address, which a forged
/// form of another site does not.
/// </summary>
internal static class CheckoutEndpoints
{
    public static void Map(IEndpointRouteBuilder app)
    {
        var sessions = app.MapGroup("/c/{id}/{secret}").AsShopperPages().AllowFrames().WithMetadata(RouteAccess.Secret);
        sessions.MapGet("", static (string id, string secret, string? pay, HttpRequest request, CheckoutPlaces places, CheckoutPages pages, CancellationToken token) =>
            WithAsync(places.OfSessionAsync(id, secret, request, token), request, place => pages.ShowAsync(place, pay, token)));
        sessions.MapGet("/events", static (string id, string secret, long? version, HttpRequest request, CheckoutPlaces places, IntentWatch watch, IHostApplicationLifetime lifetime, CancellationToken token) =>
            WithAsync(places.OfSessionAsync(id, secret, request, token), request, place => Task.FromResult<IResult>(Live(place, version, watch, lifetime, token))));
        sessions.MapGet("/receipt", static (string id, string secret, HttpRequest request, CheckoutPlaces places, CancellationToken token) =>
            WithAsync(places.OfSessionAsync(id, secret, request, token), request, static place => Task.FromResult(CheckoutPages.Receipt(place))));
        sessions.MapPost("/card", static (string id, string secret, [FromForm] string? number, [FromForm] string? expiry, [FromForm] string? cvc, HttpRequest request, CheckoutPlaces places, CheckoutPages pages, CancellationToken token) =>
            WithAsync(places.OfSessionAsync(id, secret, request, token), request, place => pages.PayByCardAsync(place, number, expiry, cvc, token))).DisableAntiforgery();

        sessions.MapGet("/authenticate", static (string id, string secret, HttpRequest request, CheckoutPlaces places, CancellationToken token) =>
            WithAsync(places.OfSessionAsync(id, secret, request, token), request, static place => Task.FromResult(CheckoutPages.Authenticate(place))));
        sessions.MapPost("/authenticate", static (string id, string secret, [FromForm] string? result, HttpRequest request, CheckoutPlaces places, CheckoutPages pages, CancellationToken token) =>
            WithAsync(places.OfSessionAsync(id, secret, request, token), request, place => pages.AuthenticateAsync(place, result, token))).DisableAntiforgery();
        sessions.MapPost("/demo-wallet", static (string id, string secret, string? pay, HttpRequest request, CheckoutPlaces places, CheckoutPages pages, CancellationToken token) =>
            WithAsync(places.OfSessionAsync(id, secret, request, token), request, place => pages.PayByDemoWalletAsync(place, pay, token))).DisableAntiforgery();
        sessions.MapPost("/mine", static (string id, string secret, HttpRequest request, CheckoutPlaces places, CheckoutPages pages, CancellationToken token) =>
            WithAsync(places.OfSessionAsync(id, secret, request, token), request, place => pages.MineAsync(place, token))).DisableAntiforgery();

        var intents = app.MapGroup("/pay/{id}").AsShopperPages().WithMetadata(RouteAccess.Secret);
        intents.MapGet("", static (string id, [FromQuery(Name = "client_secret")] string? secret, string? pay, HttpRequest request, CheckoutPlaces places, CheckoutPages pages, CancellationToken token) =>
            WithAsync(places.OfIntentAsync(id, secret, request, token), request, place => pages.ShowAsync(place, pay, token)));
        intents.MapGet("/events", static (string id, [FromQuery(Name = "client_secret")] string? secret, long? version, HttpRequest request, CheckoutPlaces places, IntentWatch watch, IHostApplicationLifetime lifetime, CancellationToken token) =>
            WithAsync(places.OfIntentAsync(id, secret, request, token), request, place => Task.FromResult<IResult>(Live(place, version, watch, lifetime, token))));
        intents.MapGet("/receipt", static (string id, [FromQuery(Name = "client_secret")] string? secret, HttpRequest request, CheckoutPlaces places, CancellationToken token) =>
            WithAsync(places.OfIntentAsync(id, secret, request, token), request, static place => Task.FromResult(CheckoutPages.Receipt(place))));
        intents.MapPost("/card", static (string id, [FromQuery(Name = "client_secret")] string? secret, [FromForm] string? number, [FromForm] string? expiry, [FromForm] string? cvc, HttpRequest request, CheckoutPlaces places, CheckoutPages pages, CancellationToken token) =>
            WithAsync(places.OfIntentAsync(id, secret, request, token), request, place => pages.PayByCardAsync(place, number, expiry, cvc, token))).DisableAntiforgery();

        intents.MapGet("/authenticate", static (string id, [FromQuery(Name = "client_secret")] string? secret, HttpRequest request, CheckoutPlaces places, CancellationToken token) =>
            WithAsync(places.OfIntentAsync(id, secret, request, token), request, static place => Task.FromResult(CheckoutPages.Authenticate(place))));
        intents.MapPost("/authenticate", static (string id, [FromQuery(Name = "client_secret")] string? secret, [FromForm] string? result, HttpRequest request, CheckoutPlaces places, CheckoutPages pages, CancellationToken token) =>
            WithAsync(places.OfIntentAsync(id, secret, request, token), request, place => pages.AuthenticateAsync(place, result, token))).DisableAntiforgery();
        intents.MapPost("/demo-wallet", static (string id, [FromQuery(Name = "client_secret")] string? secret, string? pay, HttpRequest request, CheckoutPlaces places, CheckoutPages pages, CancellationToken token) =>
            WithAsync(places.OfIntentAsync(id, secret, request, token), request, place => pages.PayByDemoWalletAsync(place, pay, token))).DisableAntiforgery();
        intents.MapPost("/mine", static (string id, [FromQuery(Name = "client_secret")] string? secret, HttpRequest request, CheckoutPlaces places, CheckoutPages pages, CancellationToken token) =>
            WithAsync(places.OfIntentAsync(id, secret, request, token), request, place => pages.MineAsync(place, token))).DisableAntiforgery();

        var links = app.MapGroup("/l/{id}").AsShopperPages().WithMetadata(RouteAccess.Public);
        links.MapGet("", ShowLinkAsync);
        links.MapPost("", FollowLinkAsync).DisableAntiforgery();
    }

    internal static async Task<IResult> WithAsync(Task<CheckoutPlace?> opened, HttpRequest request, Func<CheckoutPlace, Task<IResult>> answer) =>
        await opened is { } place ? await answer(place) : CheckoutPages.Missing(request);

    private static ServerSentEventsResult<string> Live(CheckoutPlace place, long? version, IntentWatch watch, IHostApplicationLifetime lifetime, CancellationToken cancellationToken)
    {
        var intent = place.Payment.Intent;
        return TypedResults.ServerSentEvents(ChangesAsync(intent.Id, version ?? intent.Version, intent.Version, watch, lifetime, cancellationToken));
    }

    private static async IAsyncEnumerable<SseItem<string>> ChangesAsync(
        string intentId, long seen, long current, IntentWatch watch, IHostApplicationLifetime lifetime, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        // At once, so that the browser knows that it is connected.
        yield return new SseItem<string>("", "open");
        await foreach (var version in watch.FollowAsync(intentId, seen, current, either.Token))
            yield return new SseItem<string>(version.ToString(CultureInfo.InvariantCulture), "change");
    }

    private static async Task<IResult> ShowLinkAsync(string id, HttpRequest request, CheckoutPlaces places, LnurlPlaces lnurl, IDatabase database, CancellationToken cancellationToken)
    {
        if (await FindLinkAsync(id, database, cancellationToken) is not { } link)
            return CheckoutPages.Missing(request);
        var texts = Texts.For(request);
        return new RazorComponentResult<LinkPage>(new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            [nameof(LinkPage.Link)] = link,
            [nameof(LinkPage.StoreName)] = await places.NameAsync(link.StoreId, cancellationToken),
            [nameof(LinkPage.WalletUri)] = link.Rails.IsEmpty || link.Rails.Contains(RailKind.Lightning) ? "lightning:" + LnurlText.Encode(lnurl.Of(link)) : null,
            [nameof(LinkPage.Texts)] = texts,
            [nameof(LinkPage.AskedLanguage)] = CheckoutPlaces.AskedLanguage(request, texts),
        });
    }

    private static async Task<IResult> FollowLinkAsync(string id, HttpRequest request, CheckoutService checkout, IDatabase database, CancellationToken cancellationToken)
    {
        if (await FindLinkAsync(id, database, cancellationToken) is not { } link)
            return CheckoutPages.Missing(request);
        if (!link.IsActive)
            return TypedResults.Redirect(link.Path);
        var made = await checkout.CreateAsync(
            new CheckoutRequest
            {
                StoreId = link.StoreId,
                IsLive = link.IsLive,
                Currency = link.Currency,
                Lines = link.Lines,
                SuccessUrl = link.SuccessUrl,
                Rails = link.Rails,
                Metadata = link.Metadata,
                PaymentLinkId = link.Id,
            },
            null,
            cancellationToken);
        if (!made.TryGet(out var file, out var error))
            return TypedResults.Text(error.Message, statusCode: StatusCodes.Status409Conflict);
        var language = CheckoutPlaces.AskedLanguage(request, Texts.For(request));
        return TypedResults.Redirect(file.Session.Path + (language is null ? "" : "?lang=" + language));
    }

    private static async Task<PaymentLink?> FindLinkAsync(string id, IDatabase database, CancellationToken cancellationToken) =>
        await database.ReadAsync((transaction, token) => PaymentLinkStore.FindAsync(transaction, id, token), cancellationToken);
}
