using Tributary.Payments.Quotes;
using Tributary.Server.Greenfield.Access;
using Tributary.Server.Greenfield.Frame;
using Tributary.Server.Localisation;
using Tributary.Server.Web;

namespace Tributary.Server.Greenfield.Server;

/// <summary>What clients ask for outside of <c>/api/v1</c>: the words that permissions, languages and rate sources have here. All of it is public.</summary>
internal static class MiscHandlers
{
    public static void Map(IEndpointRouteBuilder app)
    {
        var misc = app.MapGroup("/misc").WithMetadata(RouteAccess.Public);
        misc.MapGet("/permissions", static (HttpContext context) => SendAsync(context, Permissions()));
        misc.MapGet("/lang", static (HttpContext context) => SendAsync(context, Languages()));
        misc.MapGet("/rate-sources", static (HttpContext context, IPriceSource source) => SendAsync(context, Sources(source)));
    }

    private static GreenfieldAnswer Permissions() => GreenfieldAnswer.List(Policies.All.Order(StringComparer.Ordinal), static (writer, policy) =>
    {
        writer.WriteStartObject();
        writer.WriteString("name", policy);
        writer.Texts("included", Policies.ContainedIn(policy));
        writer.WriteEndObject();
    });

    private static GreenfieldAnswer Languages() => GreenfieldAnswer.List(Texts.All.Select(static texts => texts.Language).Where(static language => language.IsOffered), static (writer, language) =>
    {
        writer.WriteStartObject();
        writer.WriteString("code", language.Tag);
        writer.WriteString("currentLanguage", language.Name);
        writer.WriteEndObject();
    });

    private static GreenfieldAnswer Sources(IPriceSource source) => GreenfieldAnswer.Of(writer =>
    {
        writer.WriteStartArray();
        writer.WriteStartObject();
        writer.WriteString("id", source.Name);
        writer.WriteString("name", source.Name);
        writer.WriteEndObject();
        writer.WriteEndArray();
    });

    private static Task SendAsync(HttpContext context, GreenfieldAnswer answer) => GreenfieldRoutes.SendAsync(context, answer);
}
