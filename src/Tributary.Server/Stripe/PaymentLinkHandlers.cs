using Tributary.Payments;
using Tributary.Payments.Checkout;
using Tributary.Payments.Errors;
using Tributary.Primitives.Results;
using Tributary.Server.Web;
using Tributary.Storage.Relational;

namespace Tributary.Server.Stripe;

/// <summary>What the routes of payment links do.</summary>
internal sealed class PaymentLinkHandlers(PaymentLinkStore links, IDatabase database, PublicAddress address)
{
    private const int PageMax = 100;
    private const int PageDefault = 10;

    public async Task<StripeAnswer> CreateAsync(StripeCall call, CancellationToken cancellationToken)
    {
        var parameters = call.Parameters;
        var (lines, currency) = LineItemParameters.Read(parameters);
        var completion = parameters.Inner("after_completion");
        completion?.Ignore("type", "hosted_confirmation");
        var key = call.Request.Key;
        var request = new PaymentLinkRequest
        {
            StoreId = key.StoreId,
            IsLive = key.IsLive,
            Currency = currency,
            Lines = lines,
            SuccessUrl = completion?.Inner("redirect")?.Text("url", CheckoutRules.UrlMax),
            Rails = IntentHandlers.ReadRails(parameters),
            Metadata = parameters.Metadata(),
        };
        parameters.Ignore("expand", "currency", "submit_type", "customer_creation", "billing_address_collection", "allow_promotion_codes");
        if (parameters.Finish() is { } error)
            return StripeErrors.Of(error);
        var origin = address.Origin;
        var created = await database.WriteAsync<Result<PaymentLink, PaymentError>>(
            async (transaction, token) =>
            {
                var made = await links.CreateAsync(transaction, request, token);
                if (made.TryGet(out var link, out _))
                    await call.AnswerAsync(transaction, link.Id, Answer(link, origin), token);
                return made;
            },
            cancellationToken);
        return created.TryGet(out var known, out var refused) ? Answer(known, origin) : StripeErrors.Of(refused);
    }

    public async Task<StripeAnswer> RetrieveAsync(string id, StripeCall call, CancellationToken cancellationToken)
    {
        call.Parameters.Ignore("expand");
        if (call.Parameters.Finish() is { } error)
            return StripeErrors.Of(error);
        return await FindAsync(id, call, cancellationToken) is { } link ? Answer(link, address.Origin) : Missing(id);
    }

    public async Task<StripeAnswer> ListAsync(StripeCall call, CancellationToken cancellationToken)
    {
        var parameters = call.Parameters;
        var limit = parameters.Integer("limit") ?? PageDefault;
        if (limit is < 1 or > PageMax)
            parameters.Refuse("parameter_invalid_integer", "limit", $"Invalid integer: limit must be from 1 to {PageMax}.");
        var after = parameters.Text("starting_after", 100);
        var isActive = parameters.Flag("active");
        parameters.Ignore("expand");
        if (parameters.Finish() is { } error)
            return StripeErrors.Of(error);
        if (after is not null && await FindAsync(after, call, cancellationToken) is null)
            return Missing(after);
        var key = call.Request.Key;
        var found = await database.ReadAsync(
            (transaction, token) => PaymentLinkStore.ListAsync(transaction, key.StoreId, key.IsLive, isActive, after, (int)limit + 1, token), cancellationToken);
        var origin = address.Origin;
        return StripeAnswer.Of(StatusCodes.Status200OK, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("object", "list");
            writer.WriteStartArray("data");
            foreach (var link in found.Take((int)limit))
                StripeCheckout.Write(writer, link, origin);
            writer.WriteEndArray();
            writer.WriteBoolean("has_more", found.Count > limit);
            writer.WriteString("url", "/v1/payment_links");
            writer.WriteEndObject();
        });
    }

    public async Task<StripeAnswer> ListLinesAsync(string id, StripeCall call, CancellationToken cancellationToken)
    {
        var page = StripePage.Read(call.Parameters);
        if (call.Parameters.Finish() is { } error)
            return StripeErrors.Of(error);
        return await FindAsync(id, call, cancellationToken) is { } link ? StripeLines.Page(page, link.Lines, link.Currency, $"/v1/payment_links/{id}/line_items") : Missing(id);
    }

    public async Task<StripeAnswer> UpdateAsync(string id, StripeCall call, CancellationToken cancellationToken)
    {
        var isActive = call.Parameters.Flag("active");
        var merge = call.Parameters.Merge("metadata");
        if (call.Parameters.Finish() is { } error)
            return StripeErrors.Of(error);
        if (await FindAsync(id, call, cancellationToken) is null)
            return Missing(id);
        var origin = address.Origin;
        return await database.WriteAsync(
            async (transaction, token) =>
            {
                if (await PaymentLinkStore.FindAsync(transaction, id, token) is not { } before)
                    return Missing(id);
                var link = before with { IsActive = isActive ?? before.IsActive, Metadata = merge(before.Metadata) };
                if (PaymentChecks.Metadata(link.Metadata) is { } wrong)
                    return StripeErrors.Of(wrong);
                await PaymentLinkStore.UpdateAsync(transaction, link, token);
                await call.AnswerAsync(transaction, id, Answer(link, origin), token);
                return Answer(link, origin);
            },
            cancellationToken);
    }

    private static StripeAnswer Answer(PaymentLink link, string origin) => StripeAnswer.Of(StatusCodes.Status200OK, writer => StripeCheckout.Write(writer, link, origin));

    private static StripeAnswer Missing(string id) => StripeErrors.Of(PaymentError.Missing("payment_link", id));

    private async Task<PaymentLink?> FindAsync(string id, StripeCall call, CancellationToken cancellationToken) =>
        await database.ReadAsync((transaction, token) => PaymentLinkStore.FindAsync(transaction, id, token), cancellationToken) is { } link
        && link.IsLive == call.Request.Key.IsLive
        && string.Equals(link.StoreId, call.Request.Key.StoreId, StringComparison.Ordinal)
            ? link
            : null;
}
