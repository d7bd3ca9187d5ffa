using Microsoft.AspNetCore.Mvc;
using Tributary.Payments.Checkout;
using Tributary.Payments.Identifiers;
using Tributary.Server.Mail;
using Tributary.Server.Pages.Dashboard;
using Tributary.Server.Team;
using Tributary.Server.Web;
using Tributary.Storage.Relational;

namespace Tributary.Server.Dashboard;

/// <summary>The team: who may come in, as what. There is always an owner: nobody changes or removes themselves.</summary>
internal static class TeamPages
{
    private const int PageSize = 100;
    private const string LastOwner = "There has to be an owner: make somebody else one first.";

    public static void Map(IEndpointRouteBuilder desk)
    {
        desk.MapGet("/team", static (HttpContext context, MemberRows rows, Invitations invitations, IDatabase database, CancellationToken token) =>
            ListAsync(null, null, null, context, rows, invitations, database, token)).Require(Permission.Team);
        desk.MapPost("/team/invite", InviteAsync).Require(Permission.Team);
        desk.MapPost("/team/revoke", RevokeAsync).Require(Permission.Team);
        desk.MapPost("/team/{id}/role", ChangeRoleAsync).Require(Permission.Team);
        desk.MapPost("/team/{id}/reset", ResetAsync).Require(Permission.Team);
        desk.MapPost("/team/{id}/remove", RemoveAsync).Require(Permission.Team);
        desk.MapGet("/activity", ActivityAsync).Require(Permission.Team);
    }

    private static async Task<IResult> ListAsync(
        string? problem, string? link, string? invited, HttpContext context, MemberRows rows, Invitations invitations, IDatabase database, CancellationToken cancellationToken)
    {
        var scope = DashboardScope.Of(context, "team");
        var (members, pending) = await database.ReadAsync(
            async (transaction, token) => (await rows.ListAsync(transaction, scope.StoreId, token), await invitations.ListAsync(transaction, scope.StoreId, token)), cancellationToken);
        return Html.Page<TeamPage>(
            problem is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest,
            (nameof(TeamPage.Scope), scope),
            (nameof(TeamPage.Members), members),
            (nameof(TeamPage.Pending), pending),
            (nameof(TeamPage.Link), link),
            (nameof(TeamPage.Invited), invited),
            (nameof(TeamPage.Problem), problem));
    }

    private static async Task<IResult> InviteAsync(
        [FromForm] string? email, [FromForm] string? role, HttpContext context, Invitations invitations, MemberRows rows, ActivityLog log, MailQueue mail, IDatabase database, PublicAddress address, CancellationToken cancellationToken)
    {
        var scope = DashboardScope.Of(context, "team");
        var given = (email ?? "").Trim();
        if (CheckoutRules.CheckEmail(given) is { } wrong)
            return await ListAsync(wrong.Message, null, null, context, rows, invitations, database, cancellationToken);
        if (!TryRole(role, out var asked))
            return await ListAsync("Choose a role.", null, null, context, rows, invitations, database, cancellationToken);
        var secret = await database.WriteAsync(
            async (transaction, token) =>
            {
                await log.WriteAsync(transaction, scope, "Invited somebody", given, asked.ToString(), token);
                var fresh = await invitations.IssueAsync(transaction, new Invitation(scope.StoreId, given, asked), scope.Member.Id, token);
                await mail.AddAsync(
                    transaction,
                    new MailDraft(
                        "invitation:" + fresh[..12],
                        scope.StoreId,
                        given,
                        "You are invited to a team",
                        $"{scope.Member.Email} invites you to join as {asked.ToString().ToLowerInvariant()}.\n\nChoose a password here within seven days; the link works once:\n\n{address.Origin}/welcome/{fresh}\n"),
                    token);
                return fresh;
            },
            cancellationToken);
        return await ListAsync(null, $"{address.Origin}/welcome/{secret}", given, context, rows, invitations, database, cancellationToken);
    }

    // For a member who lost their password, where there is no mail or it does not come. The second factor stays, so this lets nobody in alone.
    private static async Task<IResult> ResetAsync(
        string id, HttpContext context, PasswordResets resets, MemberRows rows, Invitations invitations, ActivityLog log, IDatabase database, PublicAddress address, CancellationToken cancellationToken)
    {
        var scope = DashboardScope.Of(context, "team");
        var (email, secret) = await database.WriteAsync<(string?, string?)>(
            async (transaction, token) =>
            {
                if (await FindAsync(transaction, rows, id, scope, token) is not { } member)
                    return (null, null);
                var fresh = await resets.IssueAsync(transaction, member.Id, token);
                if (fresh is not null)
                    await log.WriteAsync(transaction, scope, "Made a password link", member.Email, "", token);
                return (member.Email, fresh);
            },
            cancellationToken);
        if (email is null)
            return TypedResults.NotFound();
        return secret is null
            ? await ListAsync("There are three links for this member within the last hour already.", null, null, context, rows, invitations, database, cancellationToken)
            : await ListAsync(null, $"{address.Origin}/reset/{secret}", email, context, rows, invitations, database, cancellationToken);
    }

    private static async Task<IResult> RevokeAsync([FromForm] string? name, HttpContext context, ActivityLog log, IDatabase database, CancellationToken cancellationToken)
    {
        var scope = DashboardScope.Of(context, "team");
        var isDone = await database.WriteAsync(
            async (transaction, token) =>
            {
                if (!await Invitations.RevokeAsync(transaction, scope.StoreId, name ?? "", token))
                    return false;
                await log.WriteAsync(transaction, scope, "Took an invitation back", "", "", token);
                return true;
            },
            cancellationToken);
        return isDone ? TypedResults.Redirect("/dashboard/team") : TypedResults.NotFound();
    }

    private static async Task<IResult> ChangeRoleAsync(
        string id, [FromForm] string? role, HttpContext context, MemberRows rows, Invitations invitations, ActivityLog log, IDatabase database, ObjectIds ids, CancellationToken cancellationToken)
    {
        var scope = DashboardScope.Of(context, "team");
        if (!TryRole(role, out var asked) || string.Equals(id, scope.Member.Id, StringComparison.Ordinal))
            return await ListAsync("Choose a role, of somebody else.", null, null, context, rows, invitations, database, cancellationToken);
        var problem = await database.WriteAsync<string?>(
            async (transaction, token) =>
            {
                if (await FindAsync(transaction, rows, id, scope, token) is not { } member)
                    return "";
                if (asked != MemberRole.Owner && await MemberRows.IsLastOwnerAsync(transaction, member, token))
                    return LastOwner;
                await log.WriteAsync(transaction, scope, "Changed a role", member.Email, $"{member.Role} to {asked}", token);
                member.Role = asked;

                // Sessions know the old role: they end.
                member.SecurityStamp = ids.Random(32);
                return await rows.UpdateAsync(transaction, member, token) ? null : "Somebody else changed this member at the same moment. Try again.";
            },
            cancellationToken);
        return await DoneAsync(problem, context, rows, invitations, database, cancellationToken);
    }

    private static async Task<IResult> RemoveAsync(
        string id, HttpContext context, MemberRows rows, Invitations invitations, ActivityLog log, IDatabase database, CancellationToken cancellationToken)
    {
        var scope = DashboardScope.Of(context, "team");
        if (string.Equals(id, scope.Member.Id, StringComparison.Ordinal))
            return await ListAsync("Nobody removes themselves: another owner can.", null, null, context, rows, invitations, database, cancellationToken);
        var problem = await database.WriteAsync<string?>(
            async (transaction, token) =>
            {
                if (await FindAsync(transaction, rows, id, scope, token) is not { } member)
                    return "";
                if (await MemberRows.IsLastOwnerAsync(transaction, member, token))
                    return LastOwner;
                await log.WriteAsync(transaction, scope, "Removed a member", member.Email, member.Role.ToString(), token);
                await MemberRows.DeleteAsync(transaction, id, token);
                return null;
            },
            cancellationToken);
        return await DoneAsync(problem, context, rows, invitations, database, cancellationToken);
    }

    private static async Task<IResult> ActivityAsync(string? after, HttpContext context, IDatabase database, CancellationToken cancellationToken)
    {
        var scope = DashboardScope.Of(context, "activity");
        var (entries, names) = await database.ReadAsync(
            async (transaction, token) =>
            {
                var found = await ActivityLog.ListAsync(transaction, scope.StoreId, after is { Length: <= 100 } ? after : null, PageSize + 1, token);
                return (found, await ActorNames.ReadAsync(TeamDirectory.Of(context), transaction, found.Select(static entry => entry.Actor), token));
            },
            cancellationToken);
        return Html.Page<ActivityPage>(
            (nameof(ActivityPage.Scope), scope),
            (nameof(ActivityPage.Entries), entries.Take(PageSize).ToList()),
            (nameof(ActivityPage.HasMore), entries.Count > PageSize),
            (nameof(ActivityPage.Names), names));
    }

    // The member of the page as this transaction finds them. The asker may have been removed meanwhile: then nothing is done.
    private static async ValueTask<Member?> FindAsync(ISqlTransaction transaction, MemberRows rows, string id, DashboardScope scope, CancellationToken cancellationToken) =>
        await rows.FindAsync(transaction, scope.Member.Id, cancellationToken) is { Role: MemberRole.Owner }
        && await rows.FindAsync(transaction, id, cancellationToken) is { } member
        && string.Equals(member.StoreId, scope.StoreId, StringComparison.Ordinal)
            ? member
            : null;

    private static async Task<IResult> DoneAsync(string? problem, HttpContext context, MemberRows rows, Invitations invitations, IDatabase database, CancellationToken cancellationToken) => problem switch
    {
        null => TypedResults.Redirect("/dashboard/team"),
        "" => TypedResults.NotFound(),
        _ => await ListAsync(problem, null, null, context, rows, invitations, database, cancellationToken),
    };

    private static bool TryRole(string? text, out MemberRole role) => Enum.TryParse(text, out role) && Enum.IsDefined(role);
}
