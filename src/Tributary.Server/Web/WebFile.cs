using System.Reflection;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace Tributary.Server.Web;

/// <summary>A file of the page that lies inside the assembly. Its path names its content, so that a browser keeps it for ever.</summary>
internal sealed class WebFile
{
    private const string Css = "text/css; charset=utf-8";
    private const string Js = "text/javascript; charset=utf-8";

    private readonly byte[] _content;
    private readonly string _type;

    private WebFile(string name, string type)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("web/" + name)
            ?? throw new InvalidOperationException($"The assembly lacks {name}.");
        _content = new byte[stream.Length];
        stream.ReadExactly(_content);
        _type = type;
        Path = $"/assets/{Convert.ToHexStringLower(SHA256.HashData(_content))[..12]}/{name}";
    }

    internal static WebFile SiteCss { get; } = new("site.css", Css);

    internal static WebFile CheckoutCss { get; } = new("checkout.css", Css);

    internal static WebFile CheckoutJs { get; } = new("checkout.js", Js);

    internal static WebFile LiveJs { get; } = new("live.js", Js);

    internal static WebFile ShopCss { get; } = new("shop.css", Css);

    internal static WebFile DashboardCss { get; } = new("dashboard.css", Css);

    /// <summary>Shops name it by a path that stays: <c>/modal/btcpay.js</c>.</summary>
    internal static WebFile BtcpayJs { get; } = new("btcpay.js", Js);

    internal static WebFile SendJs { get; } = new("send.js", Js);

    internal static WebFile PasskeyJs { get; } = new("passkey.js", Js);

    /// <summary>The path to link to.</summary>
    internal string Path { get; }

    internal static void Map(IEndpointRouteBuilder routes)
    {
        foreach (var file in new[] { SiteCss, CheckoutCss, CheckoutJs, LiveJs, ShopCss, DashboardCss, PasskeyJs, SendJs })
            routes.MapGet(file.Path, file.Serve).WithMetadata(RouteAccess.Public).ExcludeFromDescription();
    }

    /// <summary>Under a path that does not name the content: a browser asks again after five minutes.</summary>
    internal FileContentHttpResult ServeUnnamed(HttpContext context)
    {
        context.Response.Headers[HeaderNames.CacheControl] = "public, max-age=300";
        return TypedResults.Bytes(_content, _type);
    }

    private FileContentHttpResult Serve(HttpContext context)
    {
        context.Response.Headers[HeaderNames.CacheControl] = "public, max-age=31536000, immutable";
        return TypedResults.Bytes(_content, _type);
    }
}
