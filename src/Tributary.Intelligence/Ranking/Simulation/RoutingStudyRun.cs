namespace Tributary.Intelligence.Ranking.Simulation;

/// <summary>One seed of a study.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Router">What the router earned.</param>
/// <param name="Baseline">What the success-rate window (100 outcomes, 5 % spread evenly) earned in the same world.</param>
public sealed record RoutingStudyRun(ulong Seed, RoutingScore Router, RoutingScore Baseline);
