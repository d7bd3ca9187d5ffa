using System.Security.Claims;

namespace Tributary.Server.Team;

/// <summary>Who asks, by the claims of a session that was checked.</summary>
/// <param name="Id">The member.</param>
/// <param name="Email">For the page's head.</param>
/// <param name="StoreId">The store whose objects they see.</param>
/// <param name="Role">What they may do.</param>
/// <param name="SessionId">The session that asks.</param>
public sealed record CurrentMember(string Id, string Email, string StoreId, MemberRole Role, string? SessionId)
{
    public bool May(Permission permission) => RolePermissions.May(Role, permission);

    /// <exception cref="InvalidOperationException">Nobody is signed in: the route asks for no permission, which is a bug.</exception>
    public static CurrentMember Of(ClaimsPrincipal user) => Find(user) ?? throw new InvalidOperationException("A page of members without a member.");

    /// <summary>Who is signed in; null where nobody is.</summary>
    public static CurrentMember? Find(ClaimsPrincipal user) =>
        user.Identity?.IsAuthenticated == true
        && user.FindFirstValue(ClaimTypes.NameIdentifier) is { } id
        && user.FindFirstValue(MemberClaims.StoreClaim) is { } store
        && Enum.TryParse<MemberRole>(user.FindFirstValue(ClaimTypes.Role), out var role)
            ? new CurrentMember(id, user.Identity.Name ?? "", store, role, user.FindFirstValue(SessionTickets.SessionClaim))
            : null;
}
