using Microsoft.Net.Http.Headers;

namespace Tributary.Server.Web;

/// <summary>Headers of pages whose address is a secret: the address goes to no other site, and the page into no cache.</summary>
internal static class ShopperPages
{
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
