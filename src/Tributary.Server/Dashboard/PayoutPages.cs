using System.Collections.Immutable;
using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Tributary.Payments.Balances;
using Tributary.Payments.Errors;
using Tributary.Payments.Ledger;
using Tributary.Payments.Money;
using Tributary.Payments.Outgoing;
using Tributary.Payments.Payouts;
using Tributary.Server.Pages.Dashboard;
using Tributary.Server.Team;
using Tributary.Server.Web;
using Tributary.Storage.Relational;

namespace Tributary.Server.Dashboard;

/// <summary>The store's own money on its way out: asked for, agreed to by a second person above the limit, taken back while nobody has it; and the limits themselves.</summary>
internal static class PayoutPages
{
    private const int PageSize = 50;
    private const int HoursMax = 30 * 24;

    public static void Map(IEndpointRouteBuilder desk)
    {
        desk.MapGet("/payouts", static (string? after, HttpContext context, PayoutService payouts, IDatabase database, CancellationToken token) =>
            ListAsync(new PayoutForm(), after, context, payouts, database, token)).Require(Permission.View);
        desk.MapPost("/payouts", CreateAsync).Require(Permission.Payout);
        desk.MapPost("/payouts/policy", SetPolicyAsync).Require(Permission.Policy);
        desk.MapPost("/payouts/{id}/approve", ApproveAsync).Require(Permission.Approve);
        desk.MapPost("/payouts/{id}/cancel", CancelAsync).Require(Permission.Payout);
    }

    private static async Task<IResult> ListAsync(
        PayoutForm form, string? after, HttpContext context, PayoutService payouts, IDatabase database, CancellationToken cancellationToken)
    {
        var scope = DashboardScope.Of(context, "payouts");
        var known = after is { Length: <= 100 } && await payouts.FindAsync(scope.StoreId, scope.IsLive, after, cancellationToken) is not null ? after : null;
        var found = await payouts.ListAsync(new PayoutQuery(scope.StoreId, scope.IsLive, PageSize + 1) { After = known }, cancellationToken);
        var (names, balances) = await database.ReadAsync(
            async (transaction, token) => (
                await ActorNames.ReadAsync(TeamDirectory.Of(context), transaction, found.SelectMany(static payout => new[] { payout.CreatedBy, payout.ApprovedBy }), token),
                await StoreBalances.ReadAsync(transaction, scope.StoreId, scope.IsLive, token)),
            cancellationToken);
        return Html.Page<PayoutsPage>(
            form.Problem is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest,
            (nameof(PayoutsPage.Scope), scope),
            (nameof(PayoutsPage.Payouts), found.Take(PageSize).ToList()),
            (nameof(PayoutsPage.HasMore), found.Count > PageSize),
            (nameof(PayoutsPage.Names), names),
            (nameof(PayoutsPage.Balances), balances),
            (nameof(PayoutsPage.Policy), await payouts.PolicyAsync(scope.StoreId, scope.IsLive, cancellationToken)),
            (nameof(PayoutsPage.Form), form));
    }

    private static async Task<IResult> CreateAsync(
        [FromForm] string? amount,
        [FromForm] string? currency,
        [FromForm] string? destination,
        [FromForm] string? description,
        HttpContext context,
        PayoutService payouts,
        ActivityLog log,
        IDatabase database,
        CancellationToken cancellationToken)
    {
        var scope = DashboardScope.Of(context, "payouts");
        var form = new PayoutForm { Amount = amount, Currency = currency, Destination = destination, Description = description };
        if (!Currency.TryParse(currency?.Trim(), out var known))
            return await ListAsync(form with { Problem = "Choose a currency." }, null, context, payouts, database, cancellationToken);
        if (!MoneyInput.TryReadWhole(amount, known, out var minorUnits))
            return await ListAsync(form with { Problem = known.IsBitcoin ? "Write whole satoshis, like 250000." : "Write the amount like 12.50." }, null, context, payouts, database, cancellationToken);
        var request = new PayoutRequest
        {
            StoreId = scope.StoreId,
            IsLive = scope.IsLive,
            Amount = new CurrencyAmount(minorUnits, known),
            Destination = destination?.Trim() is { Length: > 0 and <= 4096 } given ? given : null,
            Description = description?.Trim() is { Length: > 0 and <= 500 } note ? note : null,
            Actor = scope.Member.Id,
        };
        var created = await payouts.CreateAsync(
            request, (transaction, payout, token) => log.WriteAsync(transaction, scope, "Asked for a payout", payout.Id, payout.Amount.ToString(), token), cancellationToken);
        if (!created.TryGet(out var made, out var error))
            return await ListAsync(form with { Problem = error.Message }, null, context, payouts, database, cancellationToken);
        await payouts.SendAsync(made, cancellationToken);
        return TypedResults.Redirect("/dashboard/payouts");
    }

    private static async Task<IResult> ApproveAsync(string id, HttpContext context, PayoutService payouts, ActivityLog log, IDatabase database, CancellationToken cancellationToken)
    {
        var scope = DashboardScope.Of(context, "payouts");
        var approved = await payouts.ApproveAsync(
            scope.StoreId,
            scope.IsLive,
            id,
            scope.Member.Id,
            (transaction, payout, token) => log.WriteAsync(transaction, scope, "Approved a payout", payout.Id, payout.Amount.ToString(), token),
            cancellationToken);
        if (!approved.TryGet(out var payout, out var error))
            return await FailAsync(error, context, payouts, database, cancellationToken);
        await payouts.SendAsync(payout, cancellationToken);
        return TypedResults.Redirect("/dashboard/payouts");
    }

    private static async Task<IResult> CancelAsync(string id, HttpContext context, PayoutService payouts, ActivityLog log, IDatabase database, CancellationToken cancellationToken)
    {
        var scope = DashboardScope.Of(context, "payouts");
        var cancelled = await payouts.CancelAsync(
            scope.StoreId, scope.IsLive, id, (transaction, payout, token) => log.WriteAsync(transaction, scope, "Took a payout back", payout.Id, payout.Amount.ToString(), token), cancellationToken);
        return cancelled.TryGet(out _, out var error) ? TypedResults.Redirect("/dashboard/payouts") : await FailAsync(error, context, payouts, database, cancellationToken);
    }

    private static async Task<IResult> FailAsync(PaymentError error, HttpContext context, PayoutService payouts, IDatabase database, CancellationToken cancellationToken) =>
        error.Kind == PaymentErrorKind.NotFound ? TypedResults.NotFound() : await ListAsync(new PayoutForm { Problem = error.Message }, null, context, payouts, database, cancellationToken);

    private static async Task<IResult> SetPolicyAsync(HttpContext context, PayoutService payouts, ActivityLog log, IDatabase database, CancellationToken cancellationToken)
    {
        var scope = DashboardScope.Of(context, "payouts");
        var form = await context.Request.ReadFormAsync(cancellationToken);
        if (!TryReadPolicy(form, out var policy, out var problem))
            return await ListAsync(new PayoutForm { Problem = problem }, null, context, payouts, database, cancellationToken);
        var set = await payouts.SetPolicyAsync(scope.StoreId, scope.IsLive, policy, cancellationToken);
        if (!set.TryGet(out _, out var error))
            return await ListAsync(new PayoutForm { Problem = error.Message }, null, context, payouts, database, cancellationToken);
        await log.WriteAsync(scope, "Set the limits of outgoing money", "", Describe(policy), cancellationToken);
        return TypedResults.Redirect("/dashboard/payouts");
    }

    private static bool TryReadPolicy(IFormCollection form, out OutgoingPolicy policy, out string problem)
    {
        policy = new OutgoingPolicy();
        problem = "";
        var limits = ImmutableSortedDictionary.CreateBuilder<string, long>(StringComparer.Ordinal);
        foreach (var name in form.Keys.Where(static key => key.StartsWith("limit_", StringComparison.Ordinal)).Take(30))
        {
            var text = form[name].ToString().Trim();
            if (text.Length == 0)
                continue;
            if (!Currency.TryParse(name["limit_".Length..], out var currency) || !MoneyInput.TryReadWhole(text, currency, out var limit) || limit > CurrencyAmount.LargestOf(currency))
            {
                problem = "Write a limit like 100, or leave it empty for none; bitcoin in whole satoshis.";
                return false;
            }

            limits[Asset.Of(currency).Code] = currency.IsBitcoin ? limit * 1000 : limit;
        }

        if (!int.TryParse(form["delay"].ToString().Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var hours) || hours > HoursMax)
        {
            problem = $"A new destination waits for 0 to {HoursMax} hours.";
            return false;
        }

        long? cap = null;
        if (form["cap"].ToString().Trim() is { Length: > 0 } capped)
        {
            if (!MoneyInput.TryReadWhole(capped, Currency.Bitcoin, out var satoshis) || satoshis > CurrencyAmount.LargestOf(Currency.Bitcoin))
            {
                problem = "Write the cap in whole satoshis, or leave it empty for none.";
                return false;
            }

            cap = satoshis * 1000;
        }

        policy = new OutgoingPolicy
        {
            ApprovalAbove = limits.ToImmutable(),
            DestinationDelay = TimeSpan.FromHours(hours),
            HotWalletCap = cap,
            Destination = form["destination"].ToString().Trim() is { Length: > 0 and <= 200 } destination ? destination : null,
        };
        return true;
    }

    private static string Describe(OutgoingPolicy policy) =>
        $"second person above {(policy.ApprovalAbove.IsEmpty ? "nothing" : string.Join(", ", policy.ApprovalAbove.Select(static limit => $"{limit.Value} {limit.Key}")))}; "
        + $"new destination waits {policy.DestinationDelay.TotalHours.ToString("0", CultureInfo.InvariantCulture)} h; cap {policy.HotWalletCap?.ToString(CultureInfo.InvariantCulture) ?? "none"}; destination {policy.Destination ?? "none"}";
}
