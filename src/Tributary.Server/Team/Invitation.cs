namespace Tributary.Server.Team;

/// <summary>Lets one person in, once.</summary>
/// <param name="StoreId">The store that the member will see.</param>
/// <param name="Email">Whom it is for; null: whoever holds it says who they are (the first owner).</param>
/// <param name="Role">What they will be.</param>
public sealed record Invitation(string StoreId, string? Email, MemberRole Role);
