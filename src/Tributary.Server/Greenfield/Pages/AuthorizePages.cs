using System.Collections.Immutable;
using Microsoft.Net.Http.Headers;
using Tributary.Payments.Stores;
using Tributary.Server.Greenfield.Access;
using Tributary.Server.Pages.Greenfield;
using Tributary.Server.Team;
using Tributary.Server.Web;
using Tributary.Storage.Relational;

namespace Tributary.Server.Greenfield.Pages;

/// <summary>
/// <c>/api-keys/authorize</c>: a program sends a member here, who signs in, sees what it asks for and agrees; the key is brought to the program by a form
/// that the member's browser sends.
/// </summary>
internal static class AuthorizePages
{
    internal const string Path = "/api-keys/authorize";

    public static void Map(IEndpointRouteBuilder app)
    {
        var pages = app.MapGroup(Path).AsMemberPages();
        pages.MapGet("", ShowAsync).Require(Permission.Keys);
        pages.MapPost("", AgreeAsync).Require(Permission.Keys);
    }

    private static async Task<IResult> ShowAsync(HttpContext context, IDatabase database, GreenfieldUsers users, CancellationToken cancellationToken)
    {
        var query = context.Request.Query;
        return await PageAsync(AuthorizeRequest.Read(name => query[name].ToArray()), null, context, database, users, cancellationToken);
    }

    private static async Task<IResult> AgreeAsync(HttpContext context, IDatabase database, GreenfieldUsers users, GreenfieldKeyStore keys, CancellationToken cancellationToken)
    {
        var form = await context.Request.ReadFormAsync(cancellationToken);
        var asked = AuthorizeRequest.Read(name => form[name].ToArray());
        if (asked.Problem is not null)
            return await PageAsync(asked, null, context, database, users, cancellationToken);
        if (await UserAsync(context, database, users, cancellationToken) is not { } user)
            return TypedResults.Redirect("/login");
        var agreed = asked.IsStrict ? asked.Policies : [.. asked.Policies.Where(policy => form["agreed"].Contains(policy, StringComparer.Ordinal))];
        var store = asked.IsForOneStore ? form["store"].ToString() : null;
        if (agreed.IsEmpty)
            return await PageAsync(asked, "Agree to one thing at least.", context, database, users, cancellationToken);
        if (store is not null && !user.Stores.ContainsKey(store))
            return await PageAsync(asked, "Choose a store.", context, database, users, cancellationToken);
        if (agreed.FirstOrDefault(policy => !MayGrant(user, policy)) is { } beyond)
            return await PageAsync(asked, $"You may not do '{beyond}' yourself, so a key of yours cannot.", context, database, users, cancellationToken);
        ImmutableArray<GrantedPolicy> granted = [.. agreed.Select(policy => new GrantedPolicy(policy, store is not null && Policies.IsOfStore(policy) ? store : null))];
        var (key, secret) = await database.WriteAsync(
            (transaction, token) => keys.IssueAsync(transaction, user.Id, asked.Application, asked.Identifier, granted, token), cancellationToken);
        if (asked.Redirect is { } target)
        {
            // The page's form goes to the program and to nobody else.
            var headers = context.Response.Headers;
            headers[HeaderNames.ContentSecurityPolicy] = headers[HeaderNames.ContentSecurityPolicy].ToString().Replace("form-action 'self'", $"form-action {target.GetLeftPart(UriPartial.Authority)}", StringComparison.Ordinal);
            headers["Referrer-Policy"] = "no-referrer";
        }

        return Html.Page<GrantedPage>(
            (nameof(GrantedPage.Application), asked.Application),
            (nameof(GrantedPage.Redirect), asked.Redirect),
            (nameof(GrantedPage.Secret), secret),
            (nameof(GrantedPage.UserId), user.Id),
            (nameof(GrantedPage.Permissions), key.Permissions.Select(static permission => permission.ToString()).ToImmutableArray()));
    }

    private static async Task<IResult> PageAsync(
        AuthorizeRequest asked, string? problem, HttpContext context, IDatabase database, GreenfieldUsers users, CancellationToken cancellationToken)
    {
        if (await UserAsync(context, database, users, cancellationToken) is not { } user)
            return TypedResults.Redirect("/login");
        var stores = await database.ReadAsync(
            async (transaction, token) =>
            {
                var found = new List<StoreRecord>();
                foreach (var id in user.Stores.Keys)
                {
                    if (await StoreRecords.FindAsync(transaction, id, token) is { IsArchived: false } store)
                        found.Add(store);
                }

                return found.ToImmutableArray();
            },
            cancellationToken);
        return Html.Page<AuthorizePage>(
            (problem ?? asked.Problem) is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest,
            (nameof(AuthorizePage.Asked), asked),
            (nameof(AuthorizePage.Stores), stores),
            (nameof(AuthorizePage.Mode), OwnKeyPages.ModeOf(context)),
            (nameof(AuthorizePage.Email), user.Email ?? user.Id),
            (nameof(AuthorizePage.Problem), problem ?? asked.Problem));
    }

    // What is checked again with each request of the key; here so that nobody gives away what they think they have.
    private static bool MayGrant(GreenfieldUser user, string policy) => Policies.IsOfStore(policy)
        ? user.Stores.Values.Any(role => RolePolicies.May(role, policy))
        : !Policies.IsOfServer(policy) || user.IsAdministrator;

    private static async Task<GreenfieldUser?> UserAsync(HttpContext context, IDatabase database, GreenfieldUsers users, CancellationToken cancellationToken)
    {
        var id = CurrentMember.Of(context.User).Id;
        return await database.ReadAsync((transaction, token) => users.FindAsync(transaction, id, token), cancellationToken);
    }
}
