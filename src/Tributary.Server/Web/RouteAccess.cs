namespace Tributary.Server.Web;

/// <summary>Who may use a route: each route carries one, and a test holds the routes to it.</summary>
/// <param name="Kind">What is asked for.</param>
internal sealed record RouteAccess(RouteAccessKind Kind)
{
    public static RouteAccess Public { get; } = new(RouteAccessKind.Public);

    public static RouteAccess Secret { get; } = new(RouteAccessKind.Secret);

    public static RouteAccess ApiKey { get; } = new(RouteAccessKind.ApiKey);

    public static RouteAccess Member { get; } = new(RouteAccessKind.Member);
}
