using Tributary.Server.Team;

namespace Tributary.Server.Web;

/// <summary>Who may use a route: each route carries one, and a test holds the routes to it.</summary>
/// <param name="Kind">What is asked for.</param>
/// <param name="Permission">What a member has to be allowed.</param>
internal sealed record RouteAccess(RouteAccessKind Kind, Permission? Permission = null)
{
    public static RouteAccess Public { get; } = new(RouteAccessKind.Public);

    public static RouteAccess Secret { get; } = new(RouteAccessKind.Secret);

    public static RouteAccess ApiKey { get; } = new(RouteAccessKind.ApiKey);

    public static RouteAccess Of(Permission permission) => new(RouteAccessKind.Member, permission);
}
