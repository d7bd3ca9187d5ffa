using System.Security.Cryptography;
using System.Text;
using Microsoft.Net.Http.Headers;
using Tributary.Payments.Access;
using Tributary.Payments.Idempotency;
using Tributary.Primitives.Results;
using Tributary.Server.Stripe.Parameters;
using Tributary.Storage.Relational;

namespace Tributary.Server.Stripe;

/// <summary>A request with its key recognised and its parameters read.</summary>
/// <param name="Key">Whose request it is.</param>
/// <param name="Parameters">What it asks for.</param>
/// <param name="Idempotency">The sender's key, of a request that changes something.</param>
internal sealed record StripeRequest(ApiKey Key, ParameterNode.Map Parameters, IdempotencyKey? Idempotency)
{
    /// <summary>How the asker names this server: where links in answers lead.</summary>
    public required string Origin { get; init; }

    private const int KeyTextMax = 255;

    /// <summary>Reads a request; an answer where it cannot be taken.</summary>
    public static async Task<Result<StripeRequest, Rejection>> ReadAsync(HttpRequest request, IDatabase database, StripeLimits limits, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (SecretOf(request) is not { } secret)
            return new Rejection(StripeErrors.NoKey());
        var key = await database.ReadAsync((transaction, token) => ApiKeyStore.FindAsync(transaction, secret, token), cancellationToken);
        if (key is null || key.ExpiresAt <= clock.GetUtcNow())
        {
            var isPatient = limits.TryStranger(request.HttpContext.Connection.RemoteIpAddress?.ToString() ?? "");
            return new Rejection(isPatient ? StripeErrors.WrongKey() : StripeErrors.TooMany());
        }

        if (!limits.TryKey(key.Id))
            return new Rejection(StripeErrors.TooMany());
        if (request.HttpContext.GetEndpoint()?.Metadata.GetMetadata<StripeRule>() is var rule && !IsAllowed(key, rule))
            return new Rejection(rule is null ? StripeErrors.NotAllowed(KeyResource.ApiKeys, KeyAccess.Write) : StripeErrors.NotAllowed(rule.Resource, rule.Access));

        var isRead = HttpMethods.IsGet(request.Method);
        var text = isRead ? request.QueryString.Value?.TrimStart('?') ?? "" : await ReadBodyAsync(request, cancellationToken);
        var isJson = !isRead && request.ContentType?.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) == true;
        var read = isJson && text.Length > 0 ? JsonParameters.Read(text) : FormParameters.Read(text);
        if (!read.TryGet(out var parameters, out var error))
            return new Rejection(StripeErrors.Of(error));

        var origin = $"{request.Scheme}://{request.Host.Value}";
        var name = request.Headers["Idempotency-Key"].ToString();
        if (isRead || name.Length == 0)
            return new StripeRequest(key, parameters, null) { Origin = origin };
        if (name.Length > KeyTextMax || name.Any(static letter => letter is < ' ' or > '~'))
            return new Rejection(StripeErrors.WrongIdempotencyKey(KeyTextMax));
        var fingerprint = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{request.Method} {request.Path}\n{text}")));
        return new StripeRequest(key, parameters, new IdempotencyKey($"{key.StoreId}/{(key.IsLive ? "live" : "test")}", name, fingerprint)) { Origin = origin };
    }

    // A route without a rule is for secret keys: whoever forgets one gives nothing away.
    private static bool IsAllowed(ApiKey key, StripeRule? rule) => rule is null
        ? key.Kind == KeyKind.Secret
        : key.Allows(rule.Resource, rule.Access) || (rule.IsForBrowsers && key.Kind == KeyKind.Publishable);

    // A bearer token, or basic authentication with the key as user name: both are what Stripe's clients and curl -u send.
    internal static string? SecretOf(HttpRequest request)
    {
        var header = request.Headers[HeaderNames.Authorization].ToString();
        if (header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
            return header["Bearer ".Length..].Trim() is { Length: > 0 } token ? token : null;
        if (!header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase))
            return null;
        var encoded = header["Basic ".Length..].Trim();
        var bytes = new byte[encoded.Length];
        if (!Convert.TryFromBase64String(encoded, bytes, out var length))
            return null;
        var user = Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2)[0];
        return user.Length > 0 ? user : null;
    }

    private static async Task<string> ReadBodyAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        // Kestrel bounds the body.
        using var reader = new StreamReader(request.Body, Encoding.UTF8);
        return await reader.ReadToEndAsync(cancellationToken);
    }
}
