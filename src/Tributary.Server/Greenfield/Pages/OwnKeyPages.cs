using System.Collections.Immutable;
using Tributary.Server.Greenfield.Access;
using Tributary.Server.Modes;
using Tributary.Server.Pages.Greenfield;
using Tributary.Server.Team;
using Tributary.Server.Web;
using Tributary.Storage.Relational;

namespace Tributary.Server.Greenfield.Pages;

/// <summary><c>/api-keys</c>: the keys of this dialect that a member has given out, to look at and to end.</summary>
internal static class OwnKeyPages
{
    private const int KeysMax = 200;

    public static void Map(IEndpointRouteBuilder app)
    {
        var pages = app.MapGroup("/api-keys").AsMemberPages();
        pages.MapGet("", ListAsync).Require(Permission.Keys);
        pages.MapPost("/{id}/revoke", RevokeAsync).Require(Permission.Keys);
    }

    /// <summary>"live" or "test" where the server has both; null where there is nothing to choose.</summary>
    internal static string? ModeOf(HttpContext context) =>
        context.RequestServices.GetRequiredService<HalfMode>() is { HasLive: true, IsLive: var isLive } ? isLive ? "live" : "test" : null;

    private static async Task<IResult> ListAsync(HttpContext context, IDatabase database, CancellationToken cancellationToken)
    {
        var member = CurrentMember.Of(context.User).Id;
        var keys = await database.ReadAsync((transaction, token) => GreenfieldKeyStore.ListAsync(transaction, member, KeysMax, token), cancellationToken);
        return Html.Page<OwnKeysPage>((nameof(OwnKeysPage.Keys), keys.ToImmutableArray()), (nameof(OwnKeysPage.Mode), ModeOf(context)));
    }

    private static async Task<IResult> RevokeAsync(string id, HttpContext context, GreenfieldKeyStore keys, IDatabase database, CancellationToken cancellationToken)
    {
        var member = CurrentMember.Of(context.User).Id;
        await database.WriteAsync((transaction, token) => keys.RevokeAsync(transaction, member, id, token), cancellationToken);
        return TypedResults.Redirect(ModeOf(context) is { } mode ? $"/api-keys?{ModeRouting.Parameter}={mode}" : "/api-keys");
    }
}
