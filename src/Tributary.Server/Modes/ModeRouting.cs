using Tributary.Server.Dashboard;
using Tributary.Server.Stripe;

namespace Tributary.Server.Modes;

/// <summary>
/// Decides which half serves a request: a live key, an address that names a live object, or the dashboard of a member who looks at live money.
/// Everything else is the test half's. Without a live half there is nothing to decide.
/// </summary>
internal static class ModeRouting
{
    private const string Mark = "_live_";
    private const string TokenMark = "live_";

    /// <summary>Parts of the dashboard that belong to the server and to neither half.</summary>
    private static readonly string[] s_shared = ["/dashboard/team", "/dashboard/account", "/dashboard/mode"];

    public static void UseModes(this IApplicationBuilder app)
    {
        if (app.ApplicationServices.GetService<LiveHalf>() is not { } live)
            return;
        app.Use(async (context, next) =>
        {
            if (!IsLive(context.Request))
            {
                await next(context);
                return;
            }

            await using var scope = live.Services.CreateAsyncScope();
            var shared = context.RequestServices;
            context.RequestServices = scope.ServiceProvider;
            try
            {
                await next(context);
            }
            finally
            {
                context.RequestServices = shared;
            }
        });
    }

    /// <summary>Is a request for the live half?</summary>
    internal static bool IsLive(HttpRequest request)
    {
        var path = request.Path;
        if (path.StartsWithSegments("/v1", StringComparison.OrdinalIgnoreCase))
            return StripeRequest.SecretOf(request)?.Contains(Mark, StringComparison.Ordinal) == true;
        if (path.StartsWithSegments("/dashboard", StringComparison.OrdinalIgnoreCase))
        {
            return string.Equals(request.Cookies[DashboardScope.ModeCookie], "live", StringComparison.Ordinal)
                && !s_shared.Any(shared => path.StartsWithSegments(shared, StringComparison.OrdinalIgnoreCase));
        }

        // Objects of the live half say so in their names, and so do the tokens of its claims.
        return (path.Value ?? "").Split('/').Any(static segment => segment.Contains(Mark, StringComparison.Ordinal) || segment.StartsWith(TokenMark, StringComparison.Ordinal));
    }
}
