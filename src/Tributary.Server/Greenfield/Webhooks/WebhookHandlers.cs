using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Tributary.Payments.Invoices;
using Tributary.Payments.Webhooks;
using Tributary.Server.Greenfield.Frame;
using Tributary.Server.Webhooks;
using Tributary.Storage.Relational;

namespace Tributary.Server.Greenfield.Webhooks;

/// <summary>What the routes of webhooks do. Endpoints and deliveries are those of the other dialect; kinds and form of the events are BTCPay's.</summary>
internal sealed class WebhookHandlers(WebhookStore store, IDatabase database, TimeProvider clock)
{
    private const int EndpointsMax = 100;
    private const int DeliveriesDefault = 50;
    private const int DeliveriesMax = 1000;
    private const int SecretMin = 8;
    private const int SecretMax = 200;

    /// <summary>What a request says of an endpoint.</summary>
    private sealed record Choice(Uri? Url, ImmutableArray<string> Kinds, bool? IsEnabled, bool? IsRetried, string? Secret);

    public async Task<GreenfieldAnswer> ListAsync(GreenfieldCall call, CancellationToken cancellationToken)
    {
        if (call.Finish() is { } refusal)
            return refusal;
        var endpoints = await database.ReadAsync(
            (transaction, token) => WebhookStore.ListAsync(transaction, call.StoreId, call.IsLive, EndpointsMax, token), cancellationToken);
        return GreenfieldAnswer.List(endpoints.Where(static endpoint => endpoint.IsGreenfield), static (writer, endpoint) => Write(writer, endpoint, null));
    }

    public async Task<GreenfieldAnswer> CreateAsync(GreenfieldCall call, CancellationToken cancellationToken)
    {
        var choice = Read(call);
        if (call.Record is null && !call.Body.Has("url"))
            call.Refuse("url", "This is required.");
        if (call.Finish() is { } refusal)
            return refusal;
        return await database.WriteAsync(
            async (transaction, token) =>
            {
                if ((await WebhookStore.ListAsync(transaction, call.StoreId, call.IsLive, EndpointsMax, token)).Count == EndpointsMax)
                    return GreenfieldErrors.Of(StatusCodes.Status400BadRequest, "too-many-webhooks", $"A store has at most {EndpointsMax} webhooks; delete one that is not used.");
                var (endpoint, secret) = await store.CreateAsync(transaction, call.StoreId, call.IsLive, choice.Url!, KindsOf(choice), null, choice.Secret, token);
                endpoint = With(endpoint, choice);
                await WebhookStore.UpdateAsync(transaction, endpoint, token);
                return GreenfieldAnswer.Of(writer => Write(writer, endpoint, secret));
            },
            cancellationToken);
    }

    public async Task<GreenfieldAnswer> RetrieveAsync(GreenfieldCall call, CancellationToken cancellationToken)
    {
        if (call.Finish() is { } refusal)
            return refusal;
        return await database.ReadAsync((transaction, token) => FindAsync(call, transaction, token), cancellationToken) is { } endpoint
            ? GreenfieldAnswer.Of(writer => Write(writer, endpoint, null))
            : GreenfieldErrors.Missing("webhook");
    }

    public async Task<GreenfieldAnswer> UpdateAsync(GreenfieldCall call, CancellationToken cancellationToken)
    {
        var choice = Read(call);
        if (call.Finish() is { } refusal)
            return refusal;
        return await database.WriteAsync(
            async (transaction, token) =>
            {
                if (await FindAsync(call, transaction, token) is not { } before)
                    return GreenfieldErrors.Missing("webhook");
                var endpoint = With(before with { Url = choice.Url ?? before.Url, Kinds = choice.Kinds.IsEmpty ? before.Kinds : choice.Kinds }, choice);
                await WebhookStore.UpdateAsync(transaction, endpoint, token);
                if (choice.Secret is { } secret)
                    await store.ChangeSecretAsync(transaction, endpoint.Id, secret, token);
                return GreenfieldAnswer.Of(writer => Write(writer, endpoint, null));
            },
            cancellationToken);
    }

    public async Task<GreenfieldAnswer> DeleteAsync(GreenfieldCall call, CancellationToken cancellationToken)
    {
        if (call.Finish() is { } refusal)
            return refusal;
        return await database.WriteAsync(
            async (transaction, token) => await FindAsync(call, transaction, token) is { } endpoint && await store.DeleteAsync(transaction, endpoint.StoreId, endpoint.IsLive, endpoint.Id, token)
                ? GreenfieldAnswer.Done
                : GreenfieldErrors.Missing("webhook"),
            cancellationToken);
    }

    public async Task<GreenfieldAnswer> DeliveriesAsync(GreenfieldCall call, CancellationToken cancellationToken)
    {
        var count = call.Query.Integer("count", 1, DeliveriesMax) ?? DeliveriesDefault;
        if (call.Finish() is { } refusal)
            return refusal;
        var found = await database.ReadAsync(
            async (transaction, token) => await FindAsync(call, transaction, token) is { } endpoint
                ? await DeliveryLog.OfEndpointAsync(transaction, endpoint.StoreId, endpoint.IsLive, endpoint.Id, null, null, (int)count, token)
                : null,
            cancellationToken);
        return found is null ? GreenfieldErrors.Missing("webhook") : GreenfieldAnswer.List(found.Where(static line => line.Tries > 0), WriteDelivery);
    }

    public async Task<GreenfieldAnswer> DeliveryAsync(GreenfieldCall call, CancellationToken cancellationToken)
    {
        if (call.Finish() is { } refusal)
            return refusal;
        return await FindDeliveryAsync(call, cancellationToken) is { } found
            ? GreenfieldAnswer.Of(writer => WriteDelivery(writer, found.Line))
            : GreenfieldErrors.Missing("webhookdelivery");
    }

    /// <summary>The body as it is sent.</summary>
    public async Task<GreenfieldAnswer> RequestAsync(GreenfieldCall call, CancellationToken cancellationToken)
    {
        if (call.Finish() is { } refusal)
            return refusal;
        return await FindDeliveryAsync(call, cancellationToken) is { } found
            ? new GreenfieldAnswer(StatusCodes.Status200OK, Encoding.UTF8.GetBytes(GreenfieldEvents.Body(found.Line.Id, found.Line.EndpointId, found.Line.Tries > 1, found.Event)))
            : GreenfieldErrors.Missing("webhookdelivery");
    }

    /// <summary>Sends a delivery again; the answer is its name, as a JSON text.</summary>
    public async Task<GreenfieldAnswer> RedeliverAsync(GreenfieldCall call, CancellationToken cancellationToken)
    {
        if (call.Finish() is { } refusal)
            return refusal;
        var now = clock.GetUtcNow();
        var id = call.Route("deliveryId");
        var isRepeated = await database.WriteAsync(
            async (transaction, token) => await FindAsync(call, transaction, token) is { } endpoint
                && await DeliveryLog.FindAsync(transaction, endpoint, id, token) is not null
                && await DeliveryLog.RepeatAsync(transaction, endpoint.StoreId, endpoint.IsLive, id, now, token),
            cancellationToken);
        return isRepeated ? GreenfieldAnswer.Of(writer => writer.WriteStringValue(id)) : GreenfieldErrors.Missing("webhookdelivery");
    }

    private static async ValueTask<WebhookEndpoint?> FindAsync(GreenfieldCall call, ISqlTransaction transaction, CancellationToken cancellationToken) =>
        await WebhookStore.FindAsync(transaction, call.Route("webhookId"), cancellationToken) is { IsGreenfield: true } endpoint && endpoint.IsLive == call.IsLive && call.Owns(endpoint.StoreId)
            ? endpoint
            : null;

    private async Task<(DeliveryLine Line, Tributary.Payments.Outbox.OutboxEvent Event)?> FindDeliveryAsync(GreenfieldCall call, CancellationToken cancellationToken) => await database.ReadAsync(
        async (transaction, token) => await FindAsync(call, transaction, token) is { } endpoint ? await DeliveryLog.FindAsync(transaction, endpoint, call.Route("deliveryId"), token) : null,
        cancellationToken);

    private static Choice Read(GreenfieldCall call)
    {
        var body = call.Body;
        Uri? url = null;
        if (body.Text("url", 2000) is { } text && WebhookTargets.Check(text, call.IsLive, out url) is { } problem)
            body.Refuse("url", problem);
        var secret = body.Text("secret", SecretMax);
        if (secret is { Length: > 0 and < SecretMin })
            body.Refuse("secret", $"A secret has at least {SecretMin} characters.");
        return new Choice(url, ReadKinds(body), body.Flag("enabled"), body.Flag("automaticRedelivery"), string.IsNullOrEmpty(secret) ? null : secret);
    }

    private static ImmutableArray<string> ReadKinds(GreenfieldBody body)
    {
        var events = body.Inner("authorizedEvents");
        var isEverything = events.Flag("everything");
        var names = events.Texts("specificEvents", 100, 100) ?? [];
        if (isEverything is null && names.Count == 0)
            return [];
        if (isEverything == true)
            return [InvoiceEventKinds.Everything];
        if (names.Any(static name => name.Length == 0 || !name.All(char.IsAsciiLetterOrDigit)))
            events.Refuse("specificEvents", "An event's name is like InvoiceSettled.");
        return names.Count == 0 ? [InvoiceEventKinds.Nothing] : [.. names.Distinct(StringComparer.Ordinal).Select(static name => InvoiceEventKinds.Prefix + name)];
    }

    private static ImmutableArray<string> KindsOf(Choice choice) => choice.Kinds.IsEmpty ? [InvoiceEventKinds.Everything] : choice.Kinds;

    private static WebhookEndpoint With(WebhookEndpoint endpoint, Choice choice) => endpoint with
    {
        IsDisabled = choice.IsEnabled is { } isEnabled ? !isEnabled : endpoint.IsDisabled,
        Metadata = choice.IsRetried switch
        {
            true => endpoint.Metadata.Remove(WebhookEndpoint.TriedOnce),
            false => endpoint.Metadata.SetItem(WebhookEndpoint.TriedOnce, "true"),
            null => endpoint.Metadata,
        },
    };

    private static void Write(Utf8JsonWriter writer, WebhookEndpoint endpoint, string? secret)
    {
        var isEverything = endpoint.Kinds.Contains(InvoiceEventKinds.Everything, StringComparer.Ordinal);
        writer.WriteStartObject();
        writer.WriteString("id", endpoint.Id);
        writer.WriteBoolean("enabled", !endpoint.IsDisabled);
        writer.WriteBoolean("automaticRedelivery", !endpoint.Metadata.ContainsKey(WebhookEndpoint.TriedOnce));
        writer.WriteString("url", endpoint.Url.AbsoluteUri);
        writer.WriteStartObject("authorizedEvents");
        writer.WriteBoolean("everything", isEverything);
        writer.Texts(
            "specificEvents",
            endpoint.Kinds.Where(static kind => kind is not (InvoiceEventKinds.Everything or InvoiceEventKinds.Nothing)).Select(static kind => kind[InvoiceEventKinds.Prefix.Length..]));
        writer.WriteEndObject();
        if (secret is not null)
            writer.WriteString("secret", secret);
        writer.WriteEndObject();
    }

    // The log keeps what the target said last: a number is its status, anything else why there was none.
    private static void WriteDelivery(Utf8JsonWriter writer, DeliveryLine line)
    {
        var code = long.TryParse(line.Outcome, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : (long?)null;
        writer.WriteStartObject();
        writer.WriteString("id", line.Id);
        writer.Time("timestamp", line.EventAt);
        writer.Time("deliveryTime", line.DoneAt ?? line.EventAt);
        writer.Integer("httpCode", code);
        writer.Text("errorMessage", line.DoneAt is not null ? null : code is null ? line.Outcome : $"The target answered {code}.");
        writer.WriteString("status", line.DoneAt is not null ? "HttpSuccess" : code is null ? "Failed" : "HttpError");
        writer.WriteEndObject();
    }
}
