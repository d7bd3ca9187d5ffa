using Tributary.Intelligence.Policy;
using Tributary.Payments.Rails.Bitcoin;
using Tributary.Payments.Reporting;
using Tributary.Server.Pages.Dashboard;
using Tributary.Server.Risk;
using Tributary.Server.Team;
using Tributary.Server.Web;
using Tributary.Storage.Relational;

namespace Tributary.Server.Dashboard;

/// <summary>
/// What judges payments now: the policy's rules, the model, what verdicts do, how many there were. It only shows: the policy is a file of the server's
/// folder, which its operator writes, and which is checked and tried on the journal before it goes live.
/// </summary>
internal static class RiskPages
{
    private const int DaysShown = 7;

    public static void Map(IEndpointRouteBuilder desk) => desk.MapGet("/risk", ShowAsync).Require(Permission.View);

    private static async Task<IResult> ShowAsync(HttpContext context, RiskService risk, OnChainRailOptions chain, IDatabase database, TimeProvider clock, CancellationToken cancellationToken)
    {
        var scope = DashboardScope.Of(context, "risk");
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        var (counts, waiting) = await database.ReadAsync(
            async (transaction, token) => (
                await JudgedPayments.ListAsync(transaction, scope.StoreId, scope.IsLive, today.AddDays(1 - DaysShown), today, token),
                await WaitingWork.ReadAsync(transaction, scope.StoreId, scope.IsLive, token)),
            cancellationToken);
        return Html.Page<RiskPage>(
            (nameof(RiskPage.Scope), scope),
            (nameof(RiskPage.Rules), risk.Engine.Rules),
            (nameof(RiskPage.Chain), chain),
            (nameof(RiskPage.Today), today),
            (nameof(RiskPage.Counts), counts),
            (nameof(RiskPage.Waiting), waiting.Reviews));
    }

    /// <summary>A verdict as people say it.</summary>
    internal static string Words(Verdict verdict) => verdict switch
    {
        Verdict.Allow => "Let through",
        Verdict.StepUp => "Asked for proof",
        Verdict.Review => "Sent to a person",
        _ => "Refused",
    };
}
