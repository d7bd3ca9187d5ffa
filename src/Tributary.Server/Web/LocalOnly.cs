using System.Net;
using Microsoft.Net.Http.Headers;

namespace Tributary.Server.Web;

/// <summary>
/// Answers to names of this machine and to the server's public name only (a page elsewhere cannot reach it by pointing its own name here), and
/// changes state only for its own pages and for programs, never for another site's form.
/// </summary>
internal static class LocalOnly
{
    internal static void UseLocalOnly(this IApplicationBuilder app, ServerOptions options) => app.Use(async (context, next) =>
    {
        var host = context.Request.Host.Host;
        if (!IsThisMachine(host) && !string.Equals(host, options.PublicUrl?.Host, StringComparison.OrdinalIgnoreCase))
        {
            await RefuseAsync(context, options.PublicUrl is { } known ? $"This server answers to {known.Host} and localhost only." : "This server answers to localhost only.");
            return;
        }

        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method) && !IsSameOrigin(context.Request))
        {
            await RefuseAsync(context, "A page of another site may not do this.");
            return;
        }

        var headers = context.Response.Headers;
        headers[HeaderNames.ContentSecurityPolicy] = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
        if (context.Request.IsHttps)
            headers[HeaderNames.StrictTransportSecurity] = "max-age=31536000";
        headers[HeaderNames.XContentTypeOptions] = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        await next(context);
    });

    internal static bool IsThisMachine(string host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    /// <summary>Browsers name the page that sent a form; a program that is no browser names none.</summary>
    private static bool IsSameOrigin(HttpRequest request)
    {
        var origin = request.Headers.Origin.ToString();
        if (origin.Length > 0)
            return Uri.TryCreate(origin, UriKind.Absolute, out var from) && string.Equals(from.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase);
        return request.Headers["Sec-Fetch-Site"].ToString() is "" or "same-origin" or "none";
    }

    private static Task RefuseAsync(HttpContext context, string reason)
    {
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return context.Response.WriteAsync(reason, context.RequestAborted);
    }
}
