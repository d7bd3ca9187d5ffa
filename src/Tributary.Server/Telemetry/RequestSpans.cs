using System.Diagnostics;
using Microsoft.AspNetCore.Http.Features;

namespace Tributary.Server.Telemetry;

/// <summary>
/// A span and a measurement for each request, under the name of its route. The address itself is left out: addresses of pages hold secrets.
/// </summary>
internal static class RequestSpans
{
    private const string Unknown = "unknown";

    public static void UseRequestSpans(this IApplicationBuilder app)
    {
        var meters = app.ApplicationServices.GetRequiredService<ServerMeters>();
        app.Use(async (context, next) =>
        {
            var began = Stopwatch.GetTimestamp();
            var parent = context.Request.Headers.TraceParent.ToString();
            using var span = ActivityContext.TryParse(parent, null, isRemote: true, out var remote)
                ? meters.Spans.StartActivity(context.Request.Method, ActivityKind.Server, remote)
                : meters.Spans.StartActivity(context.Request.Method, ActivityKind.Server);
            var hasFailed = true;
            try
            {
                await next(context);
                hasFailed = false;
            }
            finally
            {
                var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? Unknown;
                var status = hasFailed && !context.Response.HasStarted ? StatusCodes.Status500InternalServerError : context.Response.StatusCode;

                // Pages that follow what happens stay open for minutes: they are no slow answers.
                if (context.Features.Get<IHttpResponseBodyFeature>() is not null && context.Response.ContentType is not "text/event-stream")
                    meters.Request(Stopwatch.GetElapsedTime(began), context.Request.Method, route, status);
                if (span is not null)
                {
                    span.DisplayName = $"{context.Request.Method} {route}";
                    span.SetTag("http.route", route);
                    span.SetTag("http.request.method", context.Request.Method);
                    span.SetTag("http.response.status_code", status);
                    if (status >= StatusCodes.Status500InternalServerError)
                        span.SetStatus(ActivityStatusCode.Error);
                }
            }
        });
    }
}
