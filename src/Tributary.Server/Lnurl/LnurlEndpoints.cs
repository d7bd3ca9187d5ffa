using System.Globalization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using Tributary.Payments.Access;
using Tributary.Payments.Checkout;
using Tributary.Payments.Errors;
using Tributary.Payments.Lnurl;
using Tributary.Payments.Risk;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;
using Tributary.Server.Web;
using Tributary.Storage.Relational;

namespace Tributary.Server.Lnurl;

/// <summary>
/// LNURL for paying: Lightning Addresses (LUD-16) and payment links (LUD-06). Wallets read the body and not the status (LUD-01), and show the reason
/// that stands in it. Wallets within browsers may ask from anywhere: there is nothing here that a cookie would open.
/// </summary>
internal static class LnurlEndpoints
{
    public static void Map(IEndpointRouteBuilder app)
    {
        var lnurl = app.MapGroup("").AddEndpointFilter(AdmitAsync).WithMetadata(RouteAccess.Public);
        lnurl.MapGet("/.well-known/lnurlp/{name}", NameAsync);
        lnurl.MapGet("/lnurl/pay/{name}", PayNameAsync);
        lnurl.MapGet("/lnurl/link/{id}", LinkAsync);
        lnurl.MapGet("/lnurl/link/{id}/invoice", PayLinkAsync);
        lnurl.MapGet("/lnurl/verify/{hash}", VerifyAsync);
    }

    private static async Task<IResult> NameAsync(string name, LnurlPayService service, LnurlPlaces places, IDatabase database, CancellationToken cancellationToken)
    {
        if (await FindAsync(name, places, database, cancellationToken) is not var (found, store))
            return Unknown();
        if (!(await service.RangeAsync(found, cancellationToken)).TryGet(out var range, out var error))
            return Failure(error);
        return Answer(
            new LnurlWire.PayRequest(places.Callback(found), range.Min.Value, range.Max.Value, MetadataOf(found, store, places).Text)
            {
                CommentAllowed = found.CommentLengthMax > 0 ? found.CommentLengthMax : null,
                PayerData = found.AsksPayer ? new LnurlWire.PayerData(Field(found.AskName), Field(found.AskEmail)) : null,
            },
            LnurlWireJson.Default.PayRequest);
    }

    private static async Task<IResult> PayNameAsync(
        string name, string? amount, string? comment, string? payerdata, HttpContext context, LnurlPayService service, LnurlPlaces places, IDatabase database, CancellationToken cancellationToken)
    {
        if (await FindAsync(name, places, database, cancellationToken) is not var (found, store))
            return Unknown();
        if (!long.TryParse(amount, NumberStyles.None, CultureInfo.InvariantCulture, out var milliSatoshis) || milliSatoshis < 1)
            return Failure("The amount is a number of millisatoshis, like amount=100000 for 100 sat.");
        PayerData? payer = null;
        if (found.AsksPayer && !PayerData.Read(payerdata, found).TryGet(out payer, out var unsaid))
            return Failure(unsaid);

        // What nobody asked for is not kept, and the invoice does not commit to it (LUD-18, section 3).
        var metadata = MetadataOf(found, store, places);
        var requested = await service.RequestAsync(
            found, new MilliSatoshis(milliSatoshis), string.IsNullOrEmpty(comment) ? null : comment, payer, metadata, places.Identifier(found), CluesOf(context), cancellationToken);
        return requested.TryGet(out var invoice, out var error) ? Answer(invoice, found.SuccessMessage, isDisposable: false, places) : Failure(error);
    }

    private static async Task<IResult> LinkAsync(string id, LnurlPayService service, LnurlPlaces places, LnurlQuotes quotes, IDatabase database, CancellationToken cancellationToken)
    {
        if (await FindLinkAsync(id, database, cancellationToken) is not var (link, store))
            return Unknown();
        if (!(await service.PriceAsync(link, cancellationToken)).TryGet(out var quote, out var error))
            return Failure(error);
        return Answer(
            new LnurlWire.PayRequest(places.Callback(link, quotes.Seal(link, quote)), quote.Bitcoin.Value, quote.Bitcoin.Value, MetadataOf(link, store).Text),
            LnurlWireJson.Default.PayRequest);
    }

    private static async Task<IResult> PayLinkAsync(
        string id, string? quote, string? amount, HttpContext context, LnurlPayService service, LnurlPlaces places, LnurlQuotes quotes, IDatabase database, CancellationToken cancellationToken)
    {
        if (await FindLinkAsync(id, database, cancellationToken) is not var (link, store))
            return Unknown();
        if (quotes.Open(link, quote) is not { } shown)
            return Failure("This is no price of this link: scan the code again.");
        if (!string.Equals(amount, shown.Bitcoin.Value.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal))
            return Failure($"This costs {shown.Bitcoin.Value} msat.");
        var requested = await service.RequestAsync(link, shown, MetadataOf(link, store), CluesOf(context), cancellationToken);
        return requested.TryGet(out var invoice, out var error) ? Answer(invoice, null, isDisposable: null, places) : Failure(error);
    }

    // LUD-21: whoever has the invoice may ask whether it was paid.
    private static async Task<IResult> VerifyAsync(string hash, LnurlPayService service, CancellationToken cancellationToken) =>
        Bytes32.TryParse(LnurlPlaces.HashOf(hash), out var paymentHash) && await service.FindAsync(paymentHash, cancellationToken) is { } invoice
            ? Answer(Verification(invoice, service), LnurlWireJson.Default.Verification)
            : Unknown();

    private static LnurlWire.Verification Verification(LnurlInvoice invoice, LnurlPayService service)
    {
        var proof = service.ProofOf(invoice);
        return new LnurlWire.Verification(proof is not null, proof?.ToString(), invoice.Text);
    }

    private static JsonHttpResult<LnurlWire.Invoice> Answer(LnurlInvoice invoice, string? message, bool? isDisposable, LnurlPlaces places)
    {
        var action = message is null
            ? new LnurlWire.SuccessAction("url") { Description = "Thank you! Your receipt:", Url = places.Receipt(invoice) }
            : new LnurlWire.SuccessAction("message") { Message = message };
        return Answer(new LnurlWire.Invoice(invoice.Text, action, places.Verify(invoice)) { Disposable = isDisposable }, LnurlWireJson.Default.Invoice);
    }

    private static PayMetadata MetadataOf(LightningName name, string store, LnurlPlaces places) => PayMetadata.Of(name.Description ?? $"Payment to {store}", null, places.Identifier(name));

    private static PayMetadata MetadataOf(PaymentLink link, string store)
    {
        var lines = string.Join(", ", link.Lines.Select(static line => line.Quantity == 1 ? line.Name : $"{line.Quantity} × {line.Name}"));
        return PayMetadata.Of($"{store}: {lines} ({LnurlPayService.PriceOf(link)})", null, null);
    }

    private static LnurlWire.PayerField? Field(PayerDataRule rule) => rule == PayerDataRule.None ? null : new LnurlWire.PayerField(rule == PayerDataRule.Mandatory);

    // A name that nobody has and one that was given up look the same.
    private static async Task<(LightningName Name, string Store)?> FindAsync(string name, LnurlPlaces places, IDatabase database, CancellationToken cancellationToken)
    {
        if (places.Registered(name)?.ToLowerInvariant() is not { } text || !LightningNames.IsName(text))
            return null;
        return await database.ReadAsync<(LightningName, string)?>(
            async (transaction, token) => await LightningNames.FindAsync(transaction, text, token) is { } found
                ? (found, await StoreNames.FindAsync(transaction, found.StoreId, token) ?? "this store")
                : null,
            cancellationToken);
    }

    private static async Task<(PaymentLink Link, string Store)?> FindLinkAsync(string id, IDatabase database, CancellationToken cancellationToken) =>
        await database.ReadAsync<(PaymentLink, string)?>(
            async (transaction, token) => await PaymentLinkStore.FindAsync(transaction, id, token) is { IsActive: true } link
                ? (link, await StoreNames.FindAsync(transaction, link.StoreId, token) ?? "This store")
                : null,
            cancellationToken);

    private static RiskClues CluesOf(HttpContext context) => new() { IpAddress = context.Connection.RemoteIpAddress?.ToString() };

    /// <summary>Lets wallets within browsers ask from anywhere, and strangers not too often.</summary>
    internal static async ValueTask<object?> AdmitAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var headers = context.HttpContext.Response.Headers;
        headers.AccessControlAllowOrigin = "*";
        headers[HeaderNames.CacheControl] = "no-store";
        if (context.HttpContext.RequestServices.GetRequiredService<LnurlLimits>().Try(context.HttpContext.Connection.RemoteIpAddress?.ToString() ?? ""))
            return await next(context);
        headers.RetryAfter = "1";
        return Failure("Too many requests: try again in a moment.", StatusCodes.Status429TooManyRequests);
    }

    private static JsonHttpResult<T> Answer<T>(T answer, JsonTypeInfo<T> type) => TypedResults.Json(answer, type);

    internal static JsonHttpResult<LnurlWire.Failure> Unknown() => Failure("Nobody is paid under this name here.", StatusCodes.Status404NotFound);

    private static JsonHttpResult<LnurlWire.Failure> Failure(PaymentError error) => Failure(error.Message);

    internal static JsonHttpResult<LnurlWire.Failure> Failure(string reason, int status = StatusCodes.Status200OK) =>
        TypedResults.Json(new LnurlWire.Failure(reason), LnurlWireJson.Default.Failure, statusCode: status);
}
