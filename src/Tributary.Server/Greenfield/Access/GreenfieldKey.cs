using System.Collections.Immutable;

namespace Tributary.Server.Greenfield.Access;

/// <summary>A key of this dialect. The secret is known by its hash only.</summary>
/// <param name="Id">The key's name, which is no secret.</param>
/// <param name="UserId">Who made it: a member, or the operator.</param>
/// <param name="Label">For its maker.</param>
/// <param name="Application">Which program it was made for; null for none.</param>
/// <param name="Permissions">What it was granted.</param>
/// <param name="CreatedAt">When.</param>
public sealed record GreenfieldKey(
    string Id, string UserId, string? Label, string? Application, ImmutableArray<GrantedPolicy> Permissions, DateTimeOffset CreatedAt);
