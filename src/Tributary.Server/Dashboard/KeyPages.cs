using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Mvc;
using Tributary.Payments.Access;
using Tributary.Payments.Ledger;
using Tributary.Payments.Money;
using Tributary.Server.Pages.Dashboard;
using Tributary.Server.Team;
using Tributary.Server.Web;
using Tributary.Storage.Relational;

namespace Tributary.Server.Dashboard;

/// <summary>API keys of the store: what each may do and send away, issued once in clear, known by their names after that.</summary>
internal static class KeyPages
{
    private const int KeysMax = 100;
    private const int NameMax = 100;
    private const int RollHoursMax = 7 * 24;

    public static void Map(IEndpointRouteBuilder desk)
    {
        desk.MapGet("/keys", static (HttpContext context, IDatabase database, CancellationToken token) => ListAsync(new KeyForm(), context, database, token)).Require(Permission.Keys);
        desk.MapPost("/keys", CreateAsync).Require(Permission.Keys);
        desk.MapPost("/keys/{id}/roll", RollAsync).Require(Permission.Keys);
        desk.MapPost("/keys/{id}/revoke", RevokeAsync).Require(Permission.Keys);
    }

    /// <summary>A resource in plain words: "Payment intents".</summary>
    internal static string Words(KeyResource resource)
    {
        var words = new StringBuilder();
        foreach (var c in resource.ToString())
        {
            if (char.IsUpper(c) && words.Length > 0)
                words.Append(' ').Append(char.ToLowerInvariant(c));
            else
                words.Append(c);
        }

        return resource == KeyResource.ApiKeys ? "API keys" : words.ToString();
    }

    private static async Task<IResult> ListAsync(KeyForm form, HttpContext context, IDatabase database, CancellationToken cancellationToken)
    {
        var scope = DashboardScope.Of(context, "keys");
        var keys = await database.ReadAsync((transaction, token) => ApiKeyStore.ListAsync(transaction, scope.StoreId, scope.IsLive, KeysMax, token), cancellationToken);
        return Html.Page<KeysPage>(
            form.Problem is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest, (nameof(KeysPage.Scope), scope), (nameof(KeysPage.Keys), keys), (nameof(KeysPage.Form), form));
    }

    private static async Task<IResult> CreateAsync(HttpContext context, ApiKeyStore store, ActivityLog log, IDatabase database, CancellationToken cancellationToken)
    {
        var scope = DashboardScope.Of(context, "keys");
        var form = Read(await context.Request.ReadFormAsync(cancellationToken));
        if (form.Problem is not null || !TryReadLimit(form, out var limits))
            return await ListAsync(form with { Problem = form.Problem ?? "Write the limit like 100 and choose its currency; bitcoin in whole satoshis." }, context, database, cancellationToken);
        var order = new KeyOrder
        {
            StoreId = scope.StoreId,
            IsLive = scope.IsLive,
            Kind = form.Kind,
            Name = form.Name,
            Grants = form.Kind == KeyKind.Restricted ? form.Grants : form.Grants.Clear(),
            SpendingPerDay = limits,
        };
        var issued = await database.WriteAsync<IssuedApiKey?>(
            async (transaction, token) =>
            {
                if ((await ApiKeyStore.ListAsync(transaction, scope.StoreId, scope.IsLive, KeysMax, token)).Count == KeysMax)
                    return null;
                var made = await store.IssueAsync(transaction, order, token);
                await log.WriteAsync(transaction, scope, $"Made a {form.Kind.ToString().ToLowerInvariant()} key", made.Key.Id, form.Name ?? "", token);
                return made;
            },
            cancellationToken);
        return issued is null
            ? await ListAsync(form with { Problem = $"A store has at most {KeysMax} keys; revoke one that is not used." }, context, database, cancellationToken)
            : await ListAsync(new KeyForm { Secret = issued.Secret, Issued = issued.Key }, context, database, cancellationToken);
    }

    private static async Task<IResult> RollAsync(
        string id, [FromForm] string? hours, HttpContext context, ApiKeyStore store, ActivityLog log, IDatabase database, TimeProvider clock, CancellationToken cancellationToken)
    {
        var scope = DashboardScope.Of(context, "keys");
        if (!int.TryParse(hours, NumberStyles.None, CultureInfo.InvariantCulture, out var given) || given > RollHoursMax)
            return await ListAsync(new KeyForm { Problem = $"The old key works for 0 to {RollHoursMax} hours more." }, context, database, cancellationToken);
        var issued = await database.WriteAsync<IssuedApiKey?>(
            async (transaction, token) =>
            {
                if (await ApiKeyStore.FindByIdAsync(transaction, scope.StoreId, scope.IsLive, id, token) is not { } key)
                    return null;
                var made = await store.RollAsync(transaction, key, clock.GetUtcNow() + TimeSpan.FromHours(given), token);
                await log.WriteAsync(transaction, scope, "Rolled a key", id, $"the old one ends in {given} h; the new one is {made.Key.Id}", token);
                return made;
            },
            cancellationToken);
        return issued is null ? TypedResults.NotFound() : await ListAsync(new KeyForm { Secret = issued.Secret, Issued = issued.Key }, context, database, cancellationToken);
    }

    private static async Task<IResult> RevokeAsync(string id, HttpContext context, ApiKeyStore store, ActivityLog log, IDatabase database, CancellationToken cancellationToken)
    {
        var scope = DashboardScope.Of(context, "keys");
        var isDone = await database.WriteAsync(
            async (transaction, token) =>
            {
                if (await ApiKeyStore.FindByIdAsync(transaction, scope.StoreId, scope.IsLive, id, token) is not { } key || !await store.RevokeAsync(transaction, id, token))
                    return false;
                await log.WriteAsync(transaction, scope, "Revoked a key", id, key.Name ?? "", token);
                return true;
            },
            cancellationToken);
        return isDone ? TypedResults.Redirect("/dashboard/keys") : TypedResults.NotFound();
    }

    private static KeyForm Read(IFormCollection form)
    {
        var name = form["name"].ToString().Trim();
        var grants = ImmutableSortedDictionary.CreateBuilder<KeyResource, KeyAccess>();
        foreach (var resource in Enum.GetValues<KeyResource>())
        {
            if (Enum.TryParse<KeyAccess>(form["grant_" + resource].ToString(), out var access) && Enum.IsDefined(access) && access != KeyAccess.None)
                grants[resource] = access;
        }

        var isKnown = Enum.TryParse<KeyKind>(form["kind"].ToString(), out var kind) && Enum.IsDefined(kind);
        var read = new KeyForm
        {
            Name = name.Length == 0 ? null : name,
            Kind = kind,
            Grants = grants.ToImmutable(),
            Limit = form["limit"].ToString().Trim(),
            LimitCurrency = form["currency"].ToString().Trim(),
        };
        var problem = !isKnown ? "Choose a kind of key."
            : name.Length > NameMax ? $"A name has at most {NameMax} characters."
            : kind == KeyKind.Restricted && read.Grants.IsEmpty ? "A restricted key needs at least one permission."
            : kind != KeyKind.Restricted && read.Limit.Length > 0 ? "Only a restricted key has a spending limit."
            : null;
        return read with { Problem = problem };
    }

    private static bool TryReadLimit(KeyForm form, out ImmutableSortedDictionary<string, long> limits)
    {
        limits = ImmutableSortedDictionary.Create<string, long>(StringComparer.Ordinal);
        if (form.Limit is not { Length: > 0 })
            return true;
        if (!Currency.TryParse(form.LimitCurrency, out var currency) || !MoneyInput.TryReadWhole(form.Limit, currency, out var limit) || limit > CurrencyAmount.LargestOf(currency))
            return false;
        limits = limits.Add(Asset.Of(currency).Code, currency.IsBitcoin ? limit * 1000 : limit);
        return true;
    }
}
