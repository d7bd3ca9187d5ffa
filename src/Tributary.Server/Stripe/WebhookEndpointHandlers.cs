using System.Text.Json;
using Tributary.Payments;
using Tributary.Payments.Errors;
using Tributary.Payments.Webhooks;
using Tributary.Server.Webhooks;
using Tributary.Storage.Relational;

namespace Tributary.Server.Stripe;

/// <summary>What the routes of webhook endpoints do.</summary>
internal sealed class WebhookEndpointHandlers(WebhookStore store, IDatabase database)
{
    private const int EndpointsMax = 100;
    private const int KindsMax = 100;

    public async Task<StripeAnswer> CreateAsync(StripeCall call, CancellationToken cancellationToken)
    {
        var parameters = call.Parameters;
        var url = parameters.Text("url", 2000);
        parameters.Require("url", url is not null);
        var kinds = parameters.Texts("enabled_events", KindsMax);
        parameters.Require("enabled_events", kinds.Length > 0);
        if (kinds.Any(static kind => kind.Length is 0 or > 100 || kind.Contains(' ', StringComparison.Ordinal)))
            parameters.Refuse("parameter_invalid", "enabled_events", "An event's kind is like payment_intent.succeeded; * stands for all.");
        var description = parameters.Text("description", 500);
        var metadata = parameters.Metadata();

        // Events have one form, and the answer says which.
        parameters.Ignore("api_version", "connect", "expand");
        var key = call.Request.Key;
        Uri? target = null;
        if (url is not null && WebhookTargets.Check(url, key.IsLive, out target) is { } problem)
            parameters.Refuse("url_invalid", "url", problem);
        if (parameters.Finish() is { } error)
            return StripeErrors.Of(error);
        if (PaymentChecks.Metadata(metadata) is { } wrong)
            return StripeErrors.Of(wrong);

        var created = await database.WriteAsync<StripeAnswer?>(
            async (transaction, token) =>
            {
                if ((await WebhookStore.ListAsync(transaction, key.StoreId, key.IsLive, EndpointsMax, token)).Count == EndpointsMax)
                    return null;
                var (endpoint, secret) = await store.CreateAsync(transaction, key.StoreId, key.IsLive, target!, kinds, description, token);
                endpoint = endpoint with { Metadata = metadata };
                await WebhookStore.UpdateAsync(transaction, endpoint, token);
                var answer = StripeAnswer.Of(StatusCodes.Status200OK, writer => Write(writer, endpoint, secret));
                await call.AnswerAsync(transaction, endpoint.Id, answer, token);
                return answer;
            },
            cancellationToken);
        return created ?? StripeErrors.Of(PaymentError.Invalid("limit_exceeded", null, $"A store has at most {EndpointsMax} webhook endpoints; delete one that is not used."));
    }

    public async Task<StripeAnswer> RetrieveAsync(string id, StripeCall call, CancellationToken cancellationToken)
    {
        if (call.Parameters.Finish() is { } error)
            return StripeErrors.Of(error);
        var key = call.Request.Key;
        return await database.ReadAsync((transaction, token) => WebhookStore.FindAsync(transaction, key.StoreId, key.IsLive, id, token), cancellationToken) is { IsGreenfield: false } endpoint
            ? StripeAnswer.Of(StatusCodes.Status200OK, writer => Write(writer, endpoint, null))
            : StripeErrors.Of(PaymentError.Missing("webhook_endpoint", id));
    }

    public async Task<StripeAnswer> UpdateAsync(string id, StripeCall call, CancellationToken cancellationToken)
    {
        var parameters = call.Parameters;
        var key = call.Request.Key;
        Uri? target = null;
        if (parameters.Text("url", 2000) is { } url && WebhookTargets.Check(url, key.IsLive, out target) is { } problem)
            parameters.Refuse("url_invalid", "url", problem);
        var kinds = parameters.Texts("enabled_events", KindsMax);
        if (kinds.Any(static kind => kind.Length is 0 or > 100 || kind.Contains(' ', StringComparison.Ordinal)))
            parameters.Refuse("parameter_invalid", "enabled_events", "An event's kind is like payment_intent.succeeded; * stands for all.");
        var isDescribed = parameters.Has("description");
        var description = parameters.Text("description", 500);
        var isDisabled = parameters.Flag("disabled");
        var merge = parameters.Merge("metadata");
        if (parameters.Finish() is { } error)
            return StripeErrors.Of(error);
        return await database.WriteAsync(
            async (transaction, token) =>
            {
                if (await WebhookStore.FindAsync(transaction, key.StoreId, key.IsLive, id, token) is not { IsGreenfield: false } before)
                    return StripeErrors.Of(PaymentError.Missing("webhook_endpoint", id));
                var endpoint = before with
                {
                    Url = target ?? before.Url,
                    Kinds = kinds.Length > 0 ? kinds : before.Kinds,
                    Description = isDescribed ? description : before.Description,
                    IsDisabled = isDisabled ?? before.IsDisabled,
                    Metadata = merge(before.Metadata),
                };
                if (PaymentChecks.Metadata(endpoint.Metadata) is { } wrong)
                    return StripeErrors.Of(wrong);
                await WebhookStore.UpdateAsync(transaction, endpoint, token);
                var answer = StripeAnswer.Of(StatusCodes.Status200OK, writer => Write(writer, endpoint, null));
                await call.AnswerAsync(transaction, id, answer, token);
                return answer;
            },
            cancellationToken);
    }

    public async Task<StripeAnswer> ListAsync(StripeCall call, CancellationToken cancellationToken)
    {
        var page = StripePage.Read(call.Parameters);
        if (call.Parameters.Finish() is { } error)
            return StripeErrors.Of(error);
        var key = call.Request.Key;
        var all = await database.ReadAsync(
            (transaction, token) => WebhookStore.ListAsync(transaction, key.StoreId, key.IsLive, EndpointsMax, token), cancellationToken);
        var endpoints = all.Where(endpoint => !endpoint.IsGreenfield && page.Created.Contains(endpoint.CreatedAt)).ToList();
        var at = endpoints.FindIndex(endpoint => string.Equals(endpoint.Id, page.Cursor, StringComparison.Ordinal));
        if (page.Cursor is { } cursor && at < 0)
            return StripeErrors.Of(PaymentError.Missing("webhook_endpoint", cursor));
        List<WebhookEndpoint> found = page.Before is null ? [.. endpoints.Skip(at + 1).Take(page.Limit + 1)] : [.. endpoints.Take(at).TakeLast(page.Limit + 1)];
        return page.Answer("/v1/webhook_endpoints", found, static (writer, endpoint) => Write(writer, endpoint, null));
    }

    public async Task<StripeAnswer> DeleteAsync(string id, StripeCall call, CancellationToken cancellationToken)
    {
        if (call.Parameters.Finish() is { } error)
            return StripeErrors.Of(error);
        var key = call.Request.Key;
        var isDeleted = await database.WriteAsync(
            async (transaction, token) => await WebhookStore.FindAsync(transaction, key.StoreId, key.IsLive, id, token) is { IsGreenfield: false }
                && await store.DeleteAsync(transaction, key.StoreId, key.IsLive, id, token),
            cancellationToken);
        return isDeleted
            ? StripeAnswer.Of(StatusCodes.Status200OK, writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("id", id);
                writer.WriteString("object", "webhook_endpoint");
                writer.WriteBoolean("deleted", true);
                writer.WriteEndObject();
            })
            : StripeErrors.Of(PaymentError.Missing("webhook_endpoint", id));
    }

    private static void Write(Utf8JsonWriter writer, WebhookEndpoint endpoint, string? secret)
    {
        writer.WriteStartObject();
        writer.WriteString("id", endpoint.Id);
        writer.WriteString("object", "webhook_endpoint");
        writer.WriteString("api_version", StripeEvents.ApiVersion);
        writer.WriteNull("application");
        writer.WriteNumber("created", endpoint.CreatedAt.ToUnixTimeSeconds());
        if (endpoint.Description is null)
            writer.WriteNull("description");
        else
            writer.WriteString("description", endpoint.Description);
        writer.WriteStartArray("enabled_events");
        foreach (var kind in endpoint.Kinds)
            writer.WriteStringValue(kind);
        writer.WriteEndArray();
        writer.WriteBoolean("livemode", endpoint.IsLive);
        writer.Metadata(endpoint.Metadata);
        if (secret is not null)
            writer.WriteString("secret", secret);
        writer.WriteString("status", endpoint.IsDisabled ? "disabled" : "enabled");
        writer.WriteString("url", endpoint.Url.AbsoluteUri);
        writer.WriteEndObject();
    }
}
