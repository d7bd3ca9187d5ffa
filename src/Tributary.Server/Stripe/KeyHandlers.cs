using System.Collections.Immutable;
using System.Text.Json;
using Tributary.Payments.Access;
using Tributary.Payments.Errors;
using Tributary.Payments.Ledger;
using Tributary.Payments.Money;
using Tributary.Server.Stripe.Parameters;
using Tributary.Storage.Relational;

namespace Tributary.Server.Stripe;

/// <summary>What the routes of API keys do. Stripe has these in its dashboard only; here they are routes, so that a team's tools can use them.</summary>
internal sealed class KeyHandlers(ApiKeyStore store, IDatabase database, TimeProvider clock)
{
    private const int KeysMax = 100;
    private const long RollSecondsMax = 7 * 86_400;

    private static readonly Dictionary<string, KeyKind> s_kinds = new(StringComparer.Ordinal)
    {
        ["secret"] = KeyKind.Secret,
        ["restricted"] = KeyKind.Restricted,
        ["publishable"] = KeyKind.Publishable,
    };

    private static readonly Dictionary<string, KeyAccess> s_access = new(StringComparer.Ordinal)
    {
        ["none"] = KeyAccess.None,
        ["read"] = KeyAccess.Read,
        ["write"] = KeyAccess.Write,
    };

    public async Task<StripeAnswer> CreateAsync(StripeCall call, CancellationToken cancellationToken)
    {
        var parameters = call.Parameters;
        var kind = parameters.Word("type", s_kinds) ?? KeyKind.Restricted;
        var name = parameters.Text("name", 100);
        var grants = ImmutableSortedDictionary<KeyResource, KeyAccess>.Empty;
        var given = parameters.Inner("permissions");
        foreach (var resource in Enum.GetValues<KeyResource>())
        {
            if (given?.Word(WordOf(resource), s_access) is { } access and not KeyAccess.None)
                grants = grants.SetItem(resource, access);
        }

        var limits = ReadLimits(parameters);
        if (kind != KeyKind.Restricted && (!grants.IsEmpty || !limits.IsEmpty))
            parameters.Refuse("parameter_invalid", "permissions", "Only a restricted key has permissions and limits.");
        if (parameters.Finish() is { } error)
            return StripeErrors.Of(error);
        var key = call.Request.Key;

        // A key makes no key that may do more than itself.
        if (key.Kind != KeyKind.Secret && (kind == KeyKind.Secret || grants.Any(grant => !key.Allows(grant.Key, grant.Value)) || !key.SpendingPerDay.IsEmpty))
            return StripeErrors.Of(new PaymentError(PaymentErrorKind.Forbidden, "more_permissions_required", "permissions", "A restricted key cannot make a key that may do more than itself."));
        var order = new KeyOrder { StoreId = key.StoreId, IsLive = key.IsLive, Kind = kind, Name = name, Grants = grants, SpendingPerDay = limits };
        var created = await database.WriteAsync<StripeAnswer?>(
            async (transaction, token) =>
            {
                if ((await ApiKeyStore.ListAsync(transaction, key.StoreId, key.IsLive, KeysMax, token)).Count == KeysMax)
                    return null;
                return await IssuedAsync(transaction, await store.IssueAsync(transaction, order, token), call, token);
            },
            cancellationToken);
        return created ?? StripeErrors.Of(PaymentError.Invalid("limit_exceeded", null, $"A store has at most {KeysMax} keys; revoke one that is not used."));
    }

    public async Task<StripeAnswer> ListAsync(StripeCall call, CancellationToken cancellationToken)
    {
        if (call.Parameters.Finish() is { } error)
            return StripeErrors.Of(error);
        var key = call.Request.Key;
        var keys = await database.ReadAsync((transaction, token) => ApiKeyStore.ListAsync(transaction, key.StoreId, key.IsLive, KeysMax, token), cancellationToken);
        return StripeAnswer.Of(StatusCodes.Status200OK, writer => StripePage.WriteList(writer, "/v1/api_keys", keys, hasMore: false, static (writer, key) => Write(writer, key, null)));
    }

    public Task<StripeAnswer> RetrieveAsync(string id, StripeCall call, CancellationToken cancellationToken) => WithKeyAsync(
        id, call, static (_, key, _) => ValueTask.FromResult(StripeAnswer.Of(StatusCodes.Status200OK, writer => Write(writer, key, null))), cancellationToken);

    public Task<StripeAnswer> RollAsync(string id, StripeCall call, CancellationToken cancellationToken)
    {
        var seconds = call.Parameters.Integer("expires_in") ?? 0;
        if (seconds is < 0 or > RollSecondsMax)
            call.Parameters.Refuse("parameter_invalid_integer", "expires_in", "A rolled key works for at most seven days more.");
        return WithKeyAsync(
            id,
            call,
            async (transaction, key, token) => !IsWithin(key, call.Request.Key)
                ? MoreThanItself()
                : await IssuedAsync(transaction, await store.RollAsync(transaction, key, clock.GetUtcNow() + TimeSpan.FromSeconds(seconds), token), call, token),
            cancellationToken);
    }

    public Task<StripeAnswer> RevokeAsync(string id, StripeCall call, CancellationToken cancellationToken) => WithKeyAsync(
        id,
        call,
        async (transaction, key, token) =>
        {
            await store.RevokeAsync(transaction, key.Id, token);
            var answer = StripeAnswer.Of(StatusCodes.Status200OK, writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("id", key.Id);
                writer.WriteString("object", "api_key");
                writer.WriteBoolean("deleted", true);
                writer.WriteEndObject();
            });
            await call.AnswerAsync(transaction, key.Id, answer, token);
            return answer;
        },
        cancellationToken);

    /// <summary>A resource's word in permissions: "payment_intents".</summary>
    public static string WordOf(KeyResource resource) => JsonNamingPolicy.SnakeCaseLower.ConvertName(resource.ToString());

    private static bool IsWithin(ApiKey key, ApiKey asker) =>
        asker.Kind == KeyKind.Secret || string.Equals(asker.Id, key.Id, StringComparison.Ordinal) || (key.Kind == KeyKind.Restricted && asker.SpendingPerDay.IsEmpty && key.Grants.All(grant => asker.Allows(grant.Key, grant.Value)));

    private static StripeAnswer MoreThanItself() => StripeErrors.Of(
        new PaymentError(PaymentErrorKind.Forbidden, "more_permissions_required", null, "A restricted key cannot get at a key that may do more than itself."));

    private static async ValueTask<StripeAnswer> IssuedAsync(ISqlTransaction transaction, IssuedApiKey issued, StripeCall call, CancellationToken cancellationToken)
    {
        // The secret goes out once and is kept nowhere, so a repetition is told the key without it.
        await call.AnswerAsync(transaction, issued.Key.Id, StripeAnswer.Of(StatusCodes.Status200OK, writer => Write(writer, issued.Key, null)), cancellationToken);
        return StripeAnswer.Of(StatusCodes.Status200OK, writer => Write(writer, issued.Key, issued.Secret));
    }

    private static ImmutableSortedDictionary<string, long> ReadLimits(ParameterReader parameters)
    {
        var limits = ImmutableSortedDictionary.CreateBuilder<string, long>(StringComparer.Ordinal);
        foreach (var (name, text) in parameters.Dictionary("spending_limits"))
        {
            var isBitcoin = string.Equals(name, "btc", StringComparison.OrdinalIgnoreCase);
            if (!Currency.TryParse(name, out var currency) || !long.TryParse(text, out var amount) || amount < 0 || amount > CurrencyAmount.LargestOf(currency))
                parameters.Refuse("parameter_invalid", "spending_limits", $"A limit is like spending_limits[{name}]=5000: a currency, and an amount of a day in its minor units.");
            else
                limits[Asset.Of(currency).Code] = isBitcoin ? amount * 1000 : amount;
        }

        return limits.ToImmutable();
    }

    private async Task<StripeAnswer> WithKeyAsync(
        string id, StripeCall call, Func<ISqlTransaction, ApiKey, CancellationToken, ValueTask<StripeAnswer>> act, CancellationToken cancellationToken)
    {
        if (call.Parameters.Finish() is { } error)
            return StripeErrors.Of(error);
        var asker = call.Request.Key;
        return await database.WriteAsync(
            async (transaction, token) => await ApiKeyStore.FindByIdAsync(transaction, asker.StoreId, asker.IsLive, id, token) is { } key
                ? await act(transaction, key, token)
                : StripeErrors.Of(PaymentError.Missing("api_key", id)),
            cancellationToken);
    }

    private static void Write(Utf8JsonWriter writer, ApiKey key, string? secret)
    {
        writer.WriteStartObject();
        writer.WriteString("id", key.Id);
        writer.WriteString("object", "api_key");
        writer.WriteNumber("created", key.CreatedAt.ToUnixTimeSeconds());
        writer.Time("expires_at", key.ExpiresAt);
        writer.WriteBoolean("livemode", key.IsLive);
        writer.Text("name", key.Name);
        writer.WriteStartObject("permissions");
        foreach (var (resource, access) in key.Grants)
            writer.WriteString(WordOf(resource), access == KeyAccess.Write ? "write" : "read");
        writer.WriteEndObject();
        if (secret is not null)
            writer.WriteString("secret", secret);
        writer.WriteStartObject("spending_limits");
        foreach (var (asset, limit) in key.SpendingPerDay)
            writer.WriteNumber(asset is "msat" ? "btc" : asset, asset is "msat" ? limit / 1000 : limit);
        writer.WriteEndObject();
        writer.WriteString("type", s_kinds.First(pair => pair.Value == key.Kind).Key);
        writer.WriteEndObject();
    }
}
