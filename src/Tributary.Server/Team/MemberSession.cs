namespace Tributary.Server.Team;

/// <summary>A browser in which a member is signed in.</summary>
/// <param name="Id">Its name, which opens nothing.</param>
/// <param name="Agent">What the browser says it is.</param>
/// <param name="CreatedAt">When the member signed in.</param>
/// <param name="RenewedAt">When it was last made to last longer.</param>
public sealed record MemberSession(string Id, string Agent, DateTimeOffset CreatedAt, DateTimeOffset RenewedAt);
