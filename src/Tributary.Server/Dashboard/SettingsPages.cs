using Microsoft.AspNetCore.Mvc;
using Tributary.Payments.Access;
using Tributary.Payments.Identifiers;
using Tributary.Server.Mail;
using Tributary.Server.Pages.Dashboard;
using Tributary.Server.Team;
using Tributary.Server.Web;
using Tributary.Storage.Relational;

namespace Tributary.Server.Dashboard;

/// <summary>What the store is called, and how its mail fares.</summary>
internal static class SettingsPages
{
    private const int NameMax = 60;
    private const int MailsMax = 30;

    public static void Map(IEndpointRouteBuilder desk)
    {
        desk.MapGet("/settings", static (HttpContext context, ServerOptions options, IDatabase database, CancellationToken token) => ShowAsync(null, null, context, options, database, token)).Require(Permission.Store);
        desk.MapPost("/settings/name", RenameAsync).Require(Permission.Store);
        desk.MapPost("/settings/mail", TestAsync).Require(Permission.Store);
    }

    private static async Task<IResult> ShowAsync(string? problem, string? given, HttpContext context, ServerOptions options, IDatabase database, CancellationToken cancellationToken)
    {
        var scope = DashboardScope.Of(context, "settings");
        var (name, mails) = await database.ReadAsync(
            async (transaction, token) => (await StoreNames.FindAsync(transaction, scope.StoreId, token), await MailQueue.ListAsync(transaction, scope.StoreId, MailsMax, token)), cancellationToken);
        return Html.Page<SettingsPage>(
            problem is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest,
            (nameof(SettingsPage.Scope), scope),
            (nameof(SettingsPage.Name), given ?? name),
            (nameof(SettingsPage.Smtp), options.Smtp),
            (nameof(SettingsPage.Mails), mails),
            (nameof(SettingsPage.Problem), problem));
    }

    private static async Task<IResult> RenameAsync(
        [FromForm] string? name, HttpContext context, ServerOptions options, ActivityLog log, IDatabase database, CancellationToken cancellationToken)
    {
        var scope = DashboardScope.Of(context, "settings");
        var given = (name ?? "").Trim();
        if (given.Length is 0 or > NameMax || given.Any(char.IsControl))
            return await ShowAsync($"A name has 1 to {NameMax} characters.", given, context, options, database, cancellationToken);
        await database.WriteAsync(
            async (transaction, token) =>
            {
                await transaction.ExecuteOneAsync("UPDATE stores SET name = @name WHERE id = @id", new SqlArguments { { "name", given }, { "id", scope.StoreId } }, token);
                await log.WriteAsync(transaction, scope, "Renamed the store", "", given, token);
                return true;
            },
            cancellationToken);
        return TypedResults.Redirect("/dashboard/settings");
    }

    private static async Task<IResult> TestAsync(HttpContext context, MailQueue mail, ObjectIds ids, IDatabase database, CancellationToken cancellationToken)
    {
        var scope = DashboardScope.Of(context, "settings");
        await database.WriteAsync(
            async (transaction, token) =>
            {
                await mail.AddAsync(
                    transaction, new MailDraft("test:" + ids.Random(12), scope.StoreId, scope.Member.Email, "A test of your mail", "It works: receipts, invitations and resets will reach people.\n"), token);
                return true;
            },
            cancellationToken);
        return TypedResults.Redirect("/dashboard/settings");
    }
}
