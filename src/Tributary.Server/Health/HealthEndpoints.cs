using Microsoft.AspNetCore.Http.HttpResults;
using Tributary.Bitcoin.Chain;
using Tributary.Server.Web;

namespace Tributary.Server.Health;

/// <summary><c>GET /health</c>: 200 when everything works, 503 with what is wrong.</summary>
internal static class HealthEndpoints
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/health", Check).WithMetadata(RouteAccess.Public);

    private static JsonHttpResult<HealthReport> Check(IChainSource source)
    {
        var status = source.Status;
        var report = new HealthReport(
            status.IsSynced,
            source.Network.Name,
            status.Tip?.Height,
            status.IsSynced ? [] : [status.Problem ?? "the chain source has not answered yet"]);
        return TypedResults.Json(
            report,
            ServerJson.Default.HealthReport,
            statusCode: report.IsHealthy ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }
}
