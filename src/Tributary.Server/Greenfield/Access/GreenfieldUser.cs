using System.Collections.Immutable;
using Tributary.Server.Team;

namespace Tributary.Server.Greenfield.Access;

/// <summary>Who stands behind a key.</summary>
/// <param name="Id">The member's name, or <see cref="OperatorId"/>.</param>
/// <param name="Email">The member's address; null for the operator.</param>
/// <param name="Stores">The stores that the user has, with the role in each.</param>
/// <param name="CreatedAt">When the user came.</param>
internal sealed record GreenfieldUser(string Id, string? Email, ImmutableSortedDictionary<string, MemberRole> Stores, DateTimeOffset CreatedAt)
{
    /// <summary>Whoever starts the server: the key that a fresh folder gets is theirs.</summary>
    public const string OperatorId = "operator";

    /// <summary>May look after the server itself: the operator, and owners of the server's first store.</summary>
    public required bool IsAdministrator { get; init; }

    /// <summary>An administrator has locked the user out: no key of theirs works.</summary>
    public bool IsLocked { get; init; }
}
