using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Mvc;
using Tributary.Payments.Access;
using Tributary.Payments.Balances;
using Tributary.Payments.Reconciliation;
using Tributary.Server.Pages.Dashboard;
using Tributary.Server.Team;
using Tributary.Server.Web;
using Tributary.Storage.Relational;

namespace Tributary.Server.Dashboard;

/// <summary>What the store owns, entry by entry; the comparison of the books with the world; and the switch that stops all outgoing money.</summary>
internal static class BalancePages
{
    private const int PageSize = 50;
    private const int ExportBatch = 500;
    private const int ReasonMax = 300;

    public static void Map(IEndpointRouteBuilder desk)
    {
        desk.MapGet("/balance", static (string? after, HttpContext context, Reconciler reconciler, OutgoingSwitch outgoing, IDatabase database, CancellationToken token) =>
            ShowAsync(null, after, context, reconciler, outgoing, database, token)).Require(Permission.View);
        desk.MapGet("/balance.csv", ExportAsync).Require(Permission.Export);
        desk.MapPost("/balance/check", CheckAsync).Require(Permission.Stop);
        desk.MapPost("/balance/stop", StopAsync).Require(Permission.Stop);
        desk.MapPost("/balance/resume", ResumeAsync).Require(Permission.Resume);
    }

    private static async Task<IResult> ShowAsync(
        string? problem, string? after, HttpContext context, Reconciler reconciler, OutgoingSwitch outgoing, IDatabase database, CancellationToken cancellationToken)
    {
        var scope = DashboardScope.Of(context, "balance");
        var cursor = after is { Length: <= 100 } ? after : null;
        var (balances, entries) = await database.ReadAsync(
            async (transaction, token) => (
                await StoreBalances.ReadAsync(transaction, scope.StoreId, scope.IsLive, token),
                await BalanceTransactions.ListAsync(transaction, new BalanceQuery(scope.StoreId, scope.IsLive, PageSize + 1) { After = cursor }, token)),
            cancellationToken);
        return Html.Page<BalancePage>(
            problem is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest,
            (nameof(BalancePage.Scope), scope),
            (nameof(BalancePage.Balances), balances),
            (nameof(BalancePage.Entries), entries.Take(PageSize).ToList()),
            (nameof(BalancePage.HasMore), entries.Count > PageSize),
            (nameof(BalancePage.Stop), await outgoing.ReadAsync(cancellationToken)),
            (nameof(BalancePage.Report), reconciler.Last),
            (nameof(BalancePage.Problem), problem));
    }

    private static async Task<IResult> CheckAsync(HttpContext context, Reconciler reconciler, CancellationToken cancellationToken)
    {
        await reconciler.RunAsync(cancellationToken);
        return TypedResults.Redirect("/dashboard/balance");
    }

    private static async Task<IResult> StopAsync(
        [FromForm] string? reason, HttpContext context, OutgoingSwitch outgoing, ActivityLog log, CancellationToken cancellationToken)
    {
        var scope = DashboardScope.Of(context, "balance");
        var given = (reason ?? "").Trim();
        var text = given.Length == 0 ? "no reason given" : given.Length <= ReasonMax ? given : given[..ReasonMax];
        await outgoing.StopAsync($"Stopped by {scope.Member.Email}: {text}", cancellationToken);
        await log.WriteAsync(scope, "Stopped outgoing money", "", text, cancellationToken);
        return TypedResults.Redirect("/dashboard/balance");
    }

    // Where the books are wrong now, a person who lifts the stop has to say that they know; a comparison that is not certain counts as wrong.
    private static async Task<IResult> ResumeAsync(
        [FromForm] string? anyway, [FromForm] string? found, HttpContext context, Reconciler reconciler, OutgoingSwitch outgoing, ActivityLog log, IDatabase database, CancellationToken cancellationToken)
    {
        var scope = DashboardScope.Of(context, "balance");
        if (await outgoing.ReadAsync(cancellationToken) is not { } stop)
            return TypedResults.Redirect("/dashboard/balance");
        if (!scope.IsLive && await database.ReadAsync(ApiKeyStore.IsAnyLiveAsync, cancellationToken))
            return await ShowAsync("This server holds real money: switch to live first, then lift the stop.", null, context, reconciler, outgoing, database, cancellationToken);
        var said = (found ?? "").Trim();
        if (said.Length is 0 or > ReasonMax)
            return await ShowAsync($"Say what you found, in at most {ReasonMax} characters: it goes into the record.", null, context, reconciler, outgoing, database, cancellationToken);
        var report = await reconciler.RunAsync(cancellationToken);
        if (report.Outcome != ReconciliationOutcome.Balanced && anyway is not "yes")
        {
            return await ShowAsync(
                $"The books do not agree with the world at this moment: {string.Join(" ", report.Problems)} Tick the box if money shall go out all the same.", null, context, reconciler, outgoing, database, cancellationToken);
        }

        await outgoing.ResumeAsync(cancellationToken);
        await log.WriteAsync(scope, "Let money go out again", "", $"{said} (it was stopped: {stop.Reason}; books: {report.Outcome})", cancellationToken);
        return TypedResults.Redirect("/dashboard/balance");
    }

    private static async Task ExportAsync(HttpContext context, IDatabase database, CancellationToken cancellationToken)
    {
        var scope = DashboardScope.Of(context, "balance");
        context.Response.ContentType = "text/csv; charset=utf-8";
        context.Response.Headers.ContentDisposition = "attachment; filename=\"ledger.csv\"";
        await using var writer = new StreamWriter(context.Response.Body, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        await writer.WriteAsync(Csv.Line("entry", "at_utc", "reason", "source", "unit", "amount", "fee", "net").AsMemory(), cancellationToken);
        string? after = null;
        while (true)
        {
            var cursor = after;
            var entries = await database.ReadAsync(
                (transaction, token) => BalanceTransactions.ListAsync(transaction, new BalanceQuery(scope.StoreId, scope.IsLive, ExportBatch) { After = cursor }, token), cancellationToken);
            foreach (var entry in entries)
                await writer.WriteAsync(Line(entry).AsMemory(), cancellationToken);
            if (entries.Count < ExportBatch)
                return;
            after = entries[^1].Id;
        }
    }

    private static string Line(BalanceTransaction entry) => Csv.Line(
        entry.Id,
        entry.At.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
        entry.Reason,
        entry.Source,
        entry.Asset.Code,
        entry.Amount.ToString(CultureInfo.InvariantCulture),
        entry.Fee.ToString(CultureInfo.InvariantCulture),
        (entry.Amount - entry.Fee).ToString(CultureInfo.InvariantCulture));
}
