using Tributary.Payments.Access;
using Tributary.Server.Pages.Dashboard;
using Tributary.Server.Team;
using Tributary.Server.Web;
using Tributary.Storage.Relational;

namespace Tributary.Server.Dashboard;

/// <summary>API keys of the store: issued once in clear, known by their names after that.</summary>
internal static class KeyPages
{
    private const int KeysMax = 100;

    public static void Map(IEndpointRouteBuilder desk)
    {
        desk.MapGet("/keys", static (HttpContext context, IDatabase database, CancellationToken token) => ListAsync(null, null, context, database, token)).Require(Permission.Keys);
        desk.MapPost("/keys", CreateAsync).Require(Permission.Keys);
        desk.MapPost("/keys/{id}/revoke", RevokeAsync).Require(Permission.Keys);
    }

    private static async Task<IResult> ListAsync(string? problem, string? secret, HttpContext context, IDatabase database, CancellationToken cancellationToken)
    {
        var scope = DashboardScope.Of(context, "keys");
        var keys = await database.ReadAsync((transaction, token) => ApiKeyLines.ListAsync(transaction, scope.StoreId, scope.IsLive, KeysMax, token), cancellationToken);
        return Html.Page<KeysPage>(
            problem is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest,
            (nameof(KeysPage.Scope), scope),
            (nameof(KeysPage.Keys), keys),
            (nameof(KeysPage.Secret), secret),
            (nameof(KeysPage.Problem), problem));
    }

    private static async Task<IResult> CreateAsync(HttpContext context, ApiKeyStore store, IDatabase database, CancellationToken cancellationToken)
    {
        var scope = DashboardScope.Of(context, "keys");
        var issued = await database.WriteAsync<IssuedApiKey?>(
            async (transaction, token) => (await ApiKeyLines.ListAsync(transaction, scope.StoreId, scope.IsLive, KeysMax, token)).Count < KeysMax
                ? await store.IssueAsync(transaction, scope.StoreId, scope.IsLive, token)
                : null,
            cancellationToken);
        return issued is null
            ? await ListAsync($"A store has at most {KeysMax} keys; revoke one that is not used.", null, context, database, cancellationToken)
            : await ListAsync(null, issued.Secret, context, database, cancellationToken);
    }

    private static async Task<IResult> RevokeAsync(string id, HttpContext context, ApiKeyStore store, IDatabase database, CancellationToken cancellationToken)
    {
        var scope = DashboardScope.Of(context, "keys");
        var isDone = await database.WriteAsync(
            async (transaction, token) =>
                (await ApiKeyLines.ListAsync(transaction, scope.StoreId, scope.IsLive, KeysMax, token)).Exists(key => string.Equals(key.Id, id, StringComparison.Ordinal))
                && await store.RevokeAsync(transaction, id, token),
            cancellationToken);
        return isDone ? TypedResults.Redirect("/dashboard/keys") : TypedResults.NotFound();
    }
}
