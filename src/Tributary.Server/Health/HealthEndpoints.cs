using Microsoft.AspNetCore.Http.HttpResults;
using Tributary.Server.Web;

namespace Tributary.Server.Health;

/// <summary><c>GET /health</c>: 200 when everything works, 503 with what is wrong.</summary>
internal static class HealthEndpoints
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/health", CheckAsync).WithMetadata(RouteAccess.Public);

    private static async Task<JsonHttpResult<HealthReport>> CheckAsync(ServerHealth health, CancellationToken cancellationToken)
    {
        var report = await health.LookAsync(cancellationToken);
        return TypedResults.Json(
            report,
            ServerJson.Default.HealthReport,
            statusCode: report.IsHealthy ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }
}
