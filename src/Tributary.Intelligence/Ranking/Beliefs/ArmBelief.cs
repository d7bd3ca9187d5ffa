using Tributary.Intelligence.Ranking.Outages;

namespace Tributary.Intelligence.Ranking.Beliefs;

/// <summary>What is believed of one arm for one segment and shopper: its success rate while it works, and whether it works.</summary>
/// <param name="Rate">The rate while up, already scaled for sampling where it is to be sampled.</param>
/// <param name="Availability">Whether the arm works for the segment.</param>
internal readonly record struct ArmBelief(BetaDistribution Rate, Availability Availability);
