using Microsoft.Net.Http.Headers;

namespace Tributary.Server.Web;

/// <summary>Headers of pages whose address is a secret: the address goes to no other site, and the page into no cache.</summary>
internal static class ShopperPages
{
    /// <summary>With <c>?view=modal</c> a page may stand in a frame of any shop: whoever knows its address may show it.</summary>
    public static RouteGroupBuilder AllowFrames(this RouteGroupBuilder group)
    {
        group.AddEndpointFilter(static (context, next) =>
        {
            var http = context.HttpContext;
            if (IsFramed(http.Request))
            {
                var headers = http.Response.Headers;
                headers[HeaderNames.ContentSecurityPolicy] = headers[HeaderNames.ContentSecurityPolicy].ToString().Replace("frame-ancestors 'none'", "frame-ancestors *", StringComparison.Ordinal);
            }

            return next(context);
        });
        return group;
    }

    /// <summary>Is the page asked for as a frame's?</summary>
    public static bool IsFramed(HttpRequest request) => string.Equals(request.Query["view"], "modal", StringComparison.Ordinal);

    public static RouteGroupBuilder AsShopperPages(this RouteGroupBuilder group)
    {
        group.AddEndpointFilter(static (context, next) =>
        {
            var headers = context.HttpContext.Response.Headers;
            // Other sites learn nothing; browsers still name this one to it, which tells our own forms from foreign ones.
            headers["Referrer-Policy"] = "same-origin";
            headers[HeaderNames.CacheControl] = "no-store";
            headers["X-Robots-Tag"] = "noindex, nofollow";
            return next(context);
        });
        return group;
    }
}
