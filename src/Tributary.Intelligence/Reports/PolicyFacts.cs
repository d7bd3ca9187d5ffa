namespace Tributary.Intelligence.Reports;

/// <summary>What a policy would have done to the payments tested.</summary>
/// <param name="Name">The policy in a few words.</param>
/// <param name="Blocked">Payments blocked.</param>
/// <param name="Reviewed">Payments sent to a person.</param>
/// <param name="SteppedUp">Payments asked for more proof.</param>
/// <param name="FraudStoppedShare">The share of frauds that were blocked or sent to review.</param>
/// <param name="FalseBlocksPerThousand">Good payments blocked, per 1,000 good payments.</param>
/// <param name="NetValueMinor">Loss avoided less margin lost less cost of reviews, in minor units, against letting everything pass.</param>
public sealed record PolicyFacts(
    string Name, long Blocked, long Reviewed, long SteppedUp, double FraudStoppedShare, double FalseBlocksPerThousand, long NetValueMinor);
