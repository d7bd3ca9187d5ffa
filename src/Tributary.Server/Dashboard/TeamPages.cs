using Microsoft.AspNetCore.Mvc;
using Tributary.Payments.Checkout;
using Tributary.Payments.Identifiers;
using Tributary.Server.Pages.Dashboard;
using Tributary.Server.Team;
using Tributary.Server.Web;
using Tributary.Storage.Relational;

namespace Tributary.Server.Dashboard;

/// <summary>The team: who may come in, as what. There is always an owner: nobody changes or removes themselves.</summary>
internal static class TeamPages
{
    public static void Map(IEndpointRouteBuilder desk)
    {
        desk.MapGet("/team", static (HttpContext context, MemberRows rows, IDatabase database, CancellationToken token) =>
            ListAsync(null, null, null, context, rows, database, token)).Require(Permission.Team);
        desk.MapPost("/team/invite", InviteAsync).Require(Permission.Team);
        desk.MapPost("/team/{id}/role", ChangeRoleAsync).Require(Permission.Team);
        desk.MapPost("/team/{id}/remove", RemoveAsync).Require(Permission.Team);
    }

    private static async Task<IResult> ListAsync(
        string? problem, string? link, string? invited, HttpContext context, MemberRows rows, IDatabase database, CancellationToken cancellationToken)
    {
        var scope = DashboardScope.Of(context, "team");
        var members = await database.ReadAsync((transaction, token) => rows.ListAsync(transaction, scope.StoreId, token), cancellationToken);
        return Html.Page<TeamPage>(
            problem is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest,
            (nameof(TeamPage.Scope), scope),
            (nameof(TeamPage.Members), members),
            (nameof(TeamPage.Link), link),
            (nameof(TeamPage.Invited), invited),
            (nameof(TeamPage.Problem), problem));
    }

    private static async Task<IResult> InviteAsync(
        [FromForm] string? email, [FromForm] string? role, HttpContext context, Invitations invitations, MemberRows rows, IDatabase database, PublicAddress address, CancellationToken cancellationToken)
    {
        var scope = DashboardScope.Of(context, "team");
        var given = (email ?? "").Trim();
        if (CheckoutRules.CheckEmail(given) is { } wrong)
            return await ListAsync(wrong.Message, null, null, context, rows, database, cancellationToken);
        if (!TryRole(role, out var asked))
            return await ListAsync("Choose a role.", null, null, context, rows, database, cancellationToken);
        var secret = await database.WriteAsync(
            (transaction, token) => invitations.IssueAsync(transaction, new Invitation(scope.StoreId, given, asked), scope.Member.Id, token), cancellationToken);
        return await ListAsync(null, $"{address.Origin}/welcome/{secret}", given, context, rows, database, cancellationToken);
    }

    private static async Task<IResult> ChangeRoleAsync(
        string id, [FromForm] string? role, HttpContext context, MemberRows rows, IDatabase database, ObjectIds ids, CancellationToken cancellationToken)
    {
        var scope = DashboardScope.Of(context, "team");
        if (!TryRole(role, out var asked) || string.Equals(id, scope.Member.Id, StringComparison.Ordinal))
            return await ListAsync("Choose a role, of somebody else.", null, null, context, rows, database, cancellationToken);
        var isDone = await database.WriteAsync(
            async (transaction, token) =>
            {
                if (await rows.FindAsync(transaction, id, token) is not { } member || !string.Equals(member.StoreId, scope.StoreId, StringComparison.Ordinal))
                    return false;
                member.Role = asked;

                // Sessions know the old role: they end.
                member.SecurityStamp = ids.Random(32);
                return await rows.UpdateAsync(transaction, member, token);
            },
            cancellationToken);
        return isDone ? TypedResults.Redirect("/dashboard/team") : TypedResults.NotFound();
    }

    private static async Task<IResult> RemoveAsync(string id, HttpContext context, MemberRows rows, IDatabase database, CancellationToken cancellationToken)
    {
        var scope = DashboardScope.Of(context, "team");
        if (string.Equals(id, scope.Member.Id, StringComparison.Ordinal))
            return await ListAsync("Nobody removes themselves: another owner can.", null, null, context, rows, database, cancellationToken);
        var isDone = await database.WriteAsync(
            async (transaction, token) =>
            {
                if (await rows.FindAsync(transaction, id, token) is not { } member || !string.Equals(member.StoreId, scope.StoreId, StringComparison.Ordinal))
                    return false;
                await MemberRows.DeleteAsync(transaction, id, token);
                return true;
            },
            cancellationToken);
        return isDone ? TypedResults.Redirect("/dashboard/team") : TypedResults.NotFound();
    }

    private static bool TryRole(string? text, out MemberRole role) => Enum.TryParse(text, out role) && Enum.IsDefined(role);
}
