using Microsoft.AspNetCore.Http.HttpResults;
using Tributary.Bitcoin.Chain;
using Tributary.Payments.Reconciliation;
using Tributary.Server.Modes;
using Tributary.Server.Nodes;
using Tributary.Server.Web;

namespace Tributary.Server.Health;

/// <summary><c>GET /health</c>: 200 when everything works, 503 with what is wrong.</summary>
internal static class HealthEndpoints
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/health", CheckAsync).WithMetadata(RouteAccess.Public);

    private static async Task<JsonHttpResult<HealthReport>> CheckAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var services = context.RequestServices;
        var problems = await FindProblemsAsync(services, cancellationToken);
        if (services.GetService<LiveHalf>() is { } live)
            problems.AddRange((await FindProblemsAsync(live.Services, cancellationToken)).Select(static problem => $"live: {problem}"));
        var source = services.GetRequiredService<IChainSource>();
        var report = new HealthReport(problems.Count == 0, source.Network.Name, source.Status.Tip?.Height, problems);
        return TypedResults.Json(
            report,
            ServerJson.Default.HealthReport,
            statusCode: report.IsHealthy ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<List<string>> FindProblemsAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var status = services.GetRequiredService<IChainSource>().Status;
        var node = services.GetRequiredService<MerchantNode>();
        var problems = new List<string>();
        if (!status.IsSynced)
            problems.Add(status.Problem ?? "the chain source has not answered yet");
        if (node.IsLate(services.GetRequiredService<TimeProvider>()) && node.Opening.Problem is { } unopened)
            problems.Add($"the Lightning node {unopened}");
        if (services.GetRequiredService<Reconciler>().Last is { Outcome: ReconciliationOutcome.Mismatch } mismatch)
            problems.AddRange(mismatch.Problems);
        if (await services.GetRequiredService<OutgoingSwitch>().ReadAsync(cancellationToken) is { } stop)
            problems.Add($"outgoing money is stopped since {stop.At:u}: {stop.Reason}");
        return problems;
    }
}
