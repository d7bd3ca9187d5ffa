namespace Tributary.Server.Health;

/// <summary>Whether the server can do its work, and what is wrong where it cannot.</summary>
/// <param name="IsHealthy">Nothing is wrong.</param>
/// <param name="Network">The Bitcoin network.</param>
/// <param name="Height">Of the newest block known.</param>
/// <param name="Problems">In a person's words; empty when healthy.</param>
internal sealed record HealthReport(bool IsHealthy, string Network, int? Height, IReadOnlyList<string> Problems);
