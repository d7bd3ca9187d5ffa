using Microsoft.AspNetCore.Http.HttpResults;
using Tributary.Bitcoin.Chain;
using Tributary.Payments.Reconciliation;
using Tributary.Server.Nodes;

namespace Tributary.Server.Health;

/// <summary><c>GET /health</c>: 200 when everything works, 503 with what is wrong.</summary>
internal static class HealthEndpoints
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/health", CheckAsync);

    private static async Task<JsonHttpResult<HealthReport>> CheckAsync(
        IChainSource source, MerchantNode node, Reconciler reconciler, OutgoingSwitch outgoing, TimeProvider clock, CancellationToken cancellationToken)
    {
        var status = source.Status;
        var problems = new List<string>();
        if (!status.IsSynced)
            problems.Add(status.Problem ?? "the chain source has not answered yet");
        if (node.IsLate(clock) && node.Opening.Problem is { } unopened)
            problems.Add($"the Lightning node {unopened}");
        if (reconciler.Last is { Outcome: ReconciliationOutcome.Mismatch } mismatch)
            problems.AddRange(mismatch.Problems);
        if (await outgoing.ReadAsync(cancellationToken) is { } stop)
            problems.Add($"outgoing money is stopped since {stop.At:u}: {stop.Reason}");
        var report = new HealthReport(problems.Count == 0, source.Network.Name, status.Tip?.Height, problems);
        return TypedResults.Json(
            report,
            ServerJson.Default.HealthReport,
            statusCode: report.IsHealthy ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }
}
