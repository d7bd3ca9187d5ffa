namespace Tributary.Intelligence.Policy.Schema;

/// <summary>A feature that answers a velocity rule such as <c>count per card in 1h</c> or <c>sum(amount) per card in 24h</c>.</summary>
/// <param name="Aggregate">count, sum, mean, max, distinct, …</param>
/// <param name="Of">What is aggregated; null for a count of payments.</param>
/// <param name="Entity">Whose payments.</param>
/// <param name="Window">Over how long.</param>
/// <param name="Feature">The feature that holds the value.</param>
public sealed record VelocityDefinition(string Aggregate, string? Of, string Entity, TimeSpan Window, string Feature);
