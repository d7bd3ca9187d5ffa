namespace Tributary.Server.Team;

/// <summary>An invitation that nobody has used yet.</summary>
/// <param name="Name">To take it back by; it opens nothing.</param>
/// <param name="Email">Whom it is for.</param>
/// <param name="Role">What they will be.</param>
/// <param name="InvitedBy">The member.</param>
/// <param name="ExpiresAt">Until when it works.</param>
public sealed record PendingInvitation(string Name, string Email, MemberRole Role, string? InvitedBy, DateTimeOffset ExpiresAt);
