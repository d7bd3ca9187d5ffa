using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Tributary.Payments.Balances;
using Tributary.Payments.Checkout;
using Tributary.Payments.Intents;
using Tributary.Payments.Refunds;
using Tributary.Payments.Reporting;
using Tributary.Payments.Risk;
using Tributary.Payments.Storage;
using Tributary.Payments.Webhooks;
using Tributary.Primitives.Results;
using Tributary.Server.Lnurl;
using Tributary.Server.Modes;
using Tributary.Server.Pages.Dashboard;
using Tributary.Server.Team;
using Tributary.Server.Web;
using Tributary.Storage.Relational;

namespace Tributary.Server.Dashboard;

/// <summary>The dashboard's pages about payments.</summary>
internal static class DashboardEndpoints
{
    private const int PageSize = 50;
    private const int LatestSize = 8;
    private const int PlotDays = 28;
    private const int DeliveriesMax = 200;

    public static void Map(IEndpointRouteBuilder app)
    {
        var desk = app.MapGroup("/dashboard").AsMemberPages();
        desk.MapGet("", OverviewAsync).Require(Permission.View);
        desk.MapPost("/mode", SwitchMode).Require(Permission.View);
        desk.MapGet("/payments", PaymentsAsync).Require(Permission.View);
        desk.MapGet("/payments.csv", ExportAsync).Require(Permission.Export);
        desk.MapGet("/payments/{id}", PaymentAsync).Require(Permission.View);
        PaymentPages.Map(desk);
        CustomerPages.Map(desk);
        RefundPages.Map(desk);
        DisputePages.Map(desk);
        PayoutPages.Map(desk);
        BalancePages.Map(desk);
        ReviewPages.Map(desk);
        RiskPages.Map(desk);
        ListPages.Map(desk);
        LinkPages.Map(desk);
        LightningNamePages.Map(desk);
        KeyPages.Map(desk);
        WebhookPages.Map(desk);
        LiquidityPages.Map(desk);
        TeamPages.Map(desk);
        SettingsPages.Map(desk);
        AccountPages.Map(desk);
    }

    private static async Task<IResult> OverviewAsync(string? days, HttpContext context, IDatabase database, TimeProvider clock, CancellationToken cancellationToken)
    {
        var scope = DashboardScope.Of(context, "overview");
        var span = days switch { "7" => 7, "90" => 90, _ => PlotDays };
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        var first = today.AddDays(1 - span);
        var (totals, outcomes, balances, latest, waiting) = await database.ReadAsync(
            async (transaction, token) => (
                await DailyTotals.ListAsync(transaction, scope.StoreId, scope.IsLive, first, token),
                await DailyOutcomes.ListAsync(transaction, scope.StoreId, scope.IsLive, first, token),
                await StoreBalances.ReadAsync(transaction, scope.StoreId, scope.IsLive, token),
                await PaymentReports.SearchAsync(transaction, new PaymentSearch(scope.StoreId, scope.IsLive, LatestSize), token),
                await WaitingWork.ReadAsync(transaction, scope.StoreId, scope.IsLive, token)),
            cancellationToken);
        List<Plot> plots = [.. totals.GroupBy(static total => total.Amount.Currency).OrderByDescending(static group => group.Sum(static total => total.Payments)).Take(3)
            .Select(group => Plot.Of(group, group.Key, today, span))];
        return Html.Page<OverviewPage>(
            (nameof(OverviewPage.Scope), scope),
            (nameof(OverviewPage.Today), totals.Where(total => total.Day == today && total.Payments > 0).ToList()),
            (nameof(OverviewPage.Balances), balances),
            (nameof(OverviewPage.Plots), plots),
            (nameof(OverviewPage.Outcomes), outcomes),
            (nameof(OverviewPage.First), first),
            (nameof(OverviewPage.Days), span),
            (nameof(OverviewPage.Waiting), waiting),
            (nameof(OverviewPage.Latest), latest));
    }

    private static RedirectHttpResult SwitchMode([FromForm] string? mode, HttpContext context)
    {
        context.Response.Cookies.Append(
            DashboardScope.ModeCookie,
            mode is "live" && context.RequestServices.GetRequiredService<HalfMode>().HasLive ? "live" : "test",
            new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = context.Request.IsHttps, Path = "/dashboard" });
        return TypedResults.Redirect("/dashboard");
    }

    private static async Task<IResult> PaymentsAsync(
        string? q, string? status, string? from, string? to, string? after, HttpContext context, IDatabase database, CancellationToken cancellationToken)
    {
        var scope = DashboardScope.Of(context, "payments");
        var isRead = Read(scope, q, status, from, to).TryGet(out var search, out var problem);
        search = (search ?? new PaymentSearch(scope.StoreId, scope.IsLive, PageSize)) with { After = after, Limit = PageSize + 1 };
        var files = isRead ? await database.ReadAsync((transaction, token) => PaymentReports.SearchAsync(transaction, search, token), cancellationToken) : [];
        return Html.Page<PaymentsPage>(
            isRead ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest,
            (nameof(PaymentsPage.Scope), scope),
            (nameof(PaymentsPage.Search), search),
            (nameof(PaymentsPage.Words), q?.Trim()),
            (nameof(PaymentsPage.Status), StatusOf(status)),
            (nameof(PaymentsPage.Problem), problem?.Reason),
            (nameof(PaymentsPage.Files), files.Take(PageSize).ToList()),
            (nameof(PaymentsPage.HasMore), files.Count > PageSize));
    }

    private static async Task<IResult> PaymentAsync(string id, HttpContext context, IDatabase database, CheckoutService checkout, CancellationToken cancellationToken) =>
        await StoryAsync(id, null, context, database, checkout, cancellationToken);

    /// <summary>The page of one payment, with what went wrong on it.</summary>
    internal static async Task<IResult> StoryAsync(
        string id, string? problem, HttpContext context, IDatabase database, CheckoutService checkout, CancellationToken cancellationToken)
    {
        var scope = DashboardScope.Of(context, "payments");
        if (await FindAsync(id, scope, database, cancellationToken) is not { } file)
            return TypedResults.NotFound();
        var session = (await checkout.FindByIntentAsync(id, cancellationToken))?.Session;
        List<string> parts = [.. file.Refunds.Select(static refund => refund.Id), .. file.Disputes.Select(static dispute => dispute.Id)];
        List<string> about = [id, .. file.Attempts.Select(static attempt => attempt.Id), .. parts];
        var story = await database.ReadAsync(
            async (transaction, token) => new PaymentStory(
                file,
                session,
                await EventsAsync(transaction, [id, .. parts], token),
                await PaymentReports.LedgerAsync(transaction, about, token),
                await DeliveriesAsync(transaction, [id, .. parts], token),
                await RefundPages.NamesAsync(TeamDirectory.Of(context), transaction, file.Refunds.Select(refund => new RefundView(file, refund)), token),
                await ReviewStore.FindOpenAsync(transaction, id, token)),
            cancellationToken);
        return Html.Page<PaymentPage>(
            problem is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest,
            (nameof(PaymentPage.Scope), scope),
            (nameof(PaymentPage.Story), story),
            (nameof(PaymentPage.Problem), problem));
    }

    // What happened to the payment, its refunds and its disputes, as one line of time.
    private static async ValueTask<List<PaymentEvent>> EventsAsync(ISqlTransaction transaction, IEnumerable<string> objects, CancellationToken cancellationToken)
    {
        var events = new List<PaymentEvent>();
        foreach (var id in objects)
            events.AddRange(await PaymentReports.EventsAsync(transaction, id, cancellationToken));
        return [.. events.OrderBy(static told => told.At)];
    }

    private static async ValueTask<List<DeliveryLine>> DeliveriesAsync(ISqlTransaction transaction, IEnumerable<string> objects, CancellationToken cancellationToken)
    {
        var deliveries = new List<DeliveryLine>();
        foreach (var id in objects)
            deliveries.AddRange(await DeliveryLog.OfObjectAsync(transaction, id, DeliveriesMax, cancellationToken));
        return deliveries;
    }

    /// <summary>A payment of the member's store, in the mode that is looked at.</summary>
    internal static async Task<PaymentFile?> FindAsync(string id, DashboardScope scope, IDatabase database, CancellationToken cancellationToken) =>
        await database.ReadAsync((transaction, token) => PaymentStore.FindAsync(transaction, id, token), cancellationToken) is { } file
        && file.Intent.IsLive == scope.IsLive
        && string.Equals(file.Intent.StoreId, scope.StoreId, StringComparison.Ordinal)
            ? file
            : null;

    private static async Task ExportAsync(
        string? q, string? status, string? from, string? to, HttpContext context, IDatabase database, CancellationToken cancellationToken)
    {
        if (!Read(DashboardScope.Of(context, "payments"), q, status, from, to).TryGet(out var search, out var problem))
        {
            await TypedResults.Text(problem.Reason, statusCode: StatusCodes.Status400BadRequest).ExecuteAsync(context);
            return;
        }

        search = search with { Limit = 500 };
        context.Response.ContentType = "text/csv; charset=utf-8";
        context.Response.Headers.ContentDisposition = "attachment; filename=\"payments.csv\"";
        await using var writer = new StreamWriter(context.Response.Body, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        await writer.WriteAsync(PaymentCsv.Head.AsMemory(), cancellationToken);
        while (true)
        {
            var files = await database.ReadAsync((transaction, token) => PaymentReports.SearchAsync(transaction, search, token), cancellationToken);
            foreach (var line in files.SelectMany(PaymentCsv.Lines))
                await writer.WriteAsync(line.AsMemory(), cancellationToken);
            if (files.Count < search.Limit)
                return;
            search = search with { After = files[^1].Intent.Id };
        }
    }

    // What the text says of a status goes before what was chosen beside it.
    private static Result<PaymentSearch, Refusal> Read(DashboardScope scope, string? q, string? status, string? from, string? to) => PaymentQuery.Read(
        q, new PaymentSearch(scope.StoreId, scope.IsLive, PageSize) { Status = StatusOf(status), From = Day(from), To = Day(to) });

    private static IntentStatus? StatusOf(string? status) =>
        Enum.GetValues<IntentStatus>().Where(known => string.Equals(IntentWords.Of(known), status, StringComparison.Ordinal)).Select(static known => (IntentStatus?)known).FirstOrDefault();

    private static DateOnly? Day(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is > 2000 and < 9000 ? day : null;
}
