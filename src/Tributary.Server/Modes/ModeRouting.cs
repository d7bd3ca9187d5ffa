using Microsoft.Net.Http.Headers;
using Tributary.Server.Dashboard;
using Tributary.Server.Greenfield.Frame;
using Tributary.Server.Lnurl;
using Tributary.Server.Stripe;

namespace Tributary.Server.Modes;

/// <summary>
/// Decides which half serves a request: by its key, by the name of the object that its address names, or by the mode that a member chose. Everything
/// else is the test half's. Without a live half there is nothing to decide.
/// </summary>
internal static class ModeRouting
{
    /// <summary>Names the mode in the addresses of the pages on which members make keys for programs.</summary>
    public const string Parameter = "mode";

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
        if (Below(path, "/v1"))
            return StripeRequest.SecretOf(request)?.Contains(Mark, StringComparison.Ordinal) == true;
        if (Below(path, GreenfieldRoutes.Prefix))
            return request.Headers.ContainsKey(HeaderNames.Authorization) ? HasLiveToken(request) : NamesLive(path);
        if (Below(path, "/dashboard"))
            return string.Equals(request.Cookies[DashboardScope.ModeCookie], "live", StringComparison.Ordinal) && !Array.Exists(s_shared, shared => Below(path, shared));

        // Whoever connects a shop to a server with real money means that, unless they say otherwise.
        if (Below(path, "/api-keys"))
            return NamesLive(path) || !string.Equals(request.Query[Parameter], "test", StringComparison.Ordinal);
        if (LnurlPlaces.NameOf(path) is { } name)
            return !LnurlPlaces.IsTestName(name);
        return NamesLive(path) || (Below(path, "/invoice") && request.Query["id"].ToString().StartsWith(TokenMark, StringComparison.Ordinal));
    }

    private static bool Below(PathString path, string start) => path.StartsWithSegments(start, StringComparison.OrdinalIgnoreCase);

    // Objects of the live half say so in their names, and so do the tokens of its claims.
    private static bool NamesLive(PathString path) =>
        (path.Value ?? "").Split('/').Any(static segment => segment.Contains(Mark, StringComparison.Ordinal) || segment.StartsWith(TokenMark, StringComparison.Ordinal));

    private static bool HasLiveToken(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        var space = header.IndexOf(' ', StringComparison.Ordinal);
        return space > 0
            && header.AsSpan(0, space) is var scheme
            && (scheme.Equals("token", StringComparison.OrdinalIgnoreCase) || scheme.Equals("bearer", StringComparison.OrdinalIgnoreCase))
            && header.AsSpan(space + 1).Trim().StartsWith(TokenMark, StringComparison.Ordinal);
    }
}
