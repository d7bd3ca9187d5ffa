using Microsoft.AspNetCore.Http.HttpResults;
using Tributary.Server.Modes;
using Tributary.Server.Web;

namespace Tributary.Server.Health;

/// <summary><c>GET /health</c>: 200 when everything works, 503 with what is wrong.</summary>
internal static class HealthEndpoints
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/health", CheckAsync).WithMetadata(RouteAccess.Public);

    private static async Task<JsonHttpResult<HealthReport>> CheckAsync(HealthProbe probe, HttpContext context, CancellationToken cancellationToken)
    {
        var report = await probe.LookAsync(cancellationToken);
        if (context.RequestServices.GetService<LiveHalf>() is { } half)
        {
            // One answer for both: what is wrong with the live half is wrong with the server.
            var live = await half.Services.GetRequiredService<HealthProbe>().LookAsync(cancellationToken);
            report = report with
            {
                IsHealthy = report.IsHealthy && live.IsHealthy,
                OutgoingStopped = report.OutgoingStopped || live.OutgoingStopped,
                Problems = [.. report.Problems, .. live.Problems.Select(static problem => $"live: {problem}")],
                Notices = [.. report.Notices, .. live.Notices.Select(static notice => $"live: {notice}")],
            };
        }

        return TypedResults.Json(
            report,
            ServerJson.Default.HealthReport,
            statusCode: report.IsHealthy ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }
}
