namespace Tributary.Payments.Access;

/// <summary>A key in the team's list.</summary>
/// <param name="Id">The key's name, which is no secret.</param>
/// <param name="CreatedAt">When it was issued.</param>
public sealed record ApiKeyLine(string Id, DateTimeOffset CreatedAt);
