using System.Reflection;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace Tributary.Server.Web;

/// <summary>A file of the page that lies inside the assembly. Its path names its content, so that a browser keeps it for ever.</summary>
internal sealed class Asset
{
    private const string Css = "text/css; charset=utf-8";
    private const string Js = "text/javascript; charset=utf-8";

    private readonly byte[] _content;
    private readonly string _type;

    private Asset(string name, string type)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("web/" + name)
            ?? throw new InvalidOperationException($"The assembly lacks {name}.");
        _content = new byte[stream.Length];
        stream.ReadExactly(_content);
        _type = type;
        Path = $"/assets/{Convert.ToHexStringLower(SHA256.HashData(_content))[..12]}/{name}";
    }

    internal static Asset SiteCss { get; } = new("site.css", Css);

    internal static Asset CheckoutCss { get; } = new("checkout.css", Css);

    internal static Asset CheckoutJs { get; } = new("checkout.js", Js);

    internal static Asset LiveJs { get; } = new("live.js", Js);

    internal static Asset ShopCss { get; } = new("shop.css", Css);

    /// <summary>The path to link to.</summary>
    internal string Path { get; }

    internal static void Map(IEndpointRouteBuilder routes)
    {
        foreach (var asset in new[] { SiteCss, CheckoutCss, CheckoutJs, LiveJs, ShopCss })
            routes.MapGet(asset.Path, asset.Serve).WithMetadata(RouteAccess.Public).ExcludeFromDescription();
    }

    private FileContentHttpResult Serve(HttpContext context)
    {
        context.Response.Headers[HeaderNames.CacheControl] = "public, max-age=31536000, immutable";
        return TypedResults.Bytes(_content, _type);
    }
}
