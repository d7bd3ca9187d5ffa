using System.Reflection;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace Tributary.Server.Web;

/// <summary>A file of the page that lies inside the assembly. Its path names its content, so that a browser keeps it for ever.</summary>
internal sealed class Asset
{
    private readonly byte[] _content;
    private readonly string _type;

    private Asset(string name, string type)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"Tributary.Server.Web.{name}")
            ?? throw new InvalidOperationException($"The assembly lacks {name}.");
        _content = new byte[stream.Length];
        stream.ReadExactly(_content);
        _type = type;
        Path = $"/assets/{Convert.ToHexStringLower(SHA256.HashData(_content))[..12]}/{name}";
    }

    internal static Asset SiteCss { get; } = new("site.css", "text/css; charset=utf-8");

    internal static Asset LiveJs { get; } = new("live.js", "text/javascript; charset=utf-8");

    /// <summary>The path to link to.</summary>
    internal string Path { get; }

    internal static void Map(IEndpointRouteBuilder routes)
    {
        foreach (var asset in new[] { SiteCss, LiveJs })
            routes.MapGet(asset.Path, asset.Serve).ExcludeFromDescription();
    }

    private FileContentHttpResult Serve(HttpContext context)
    {
        context.Response.Headers[HeaderNames.CacheControl] = "public, max-age=31536000, immutable";
        return TypedResults.Bytes(_content, _type);
    }
}
