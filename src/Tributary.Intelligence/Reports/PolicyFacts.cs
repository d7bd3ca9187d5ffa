namespace Tributary.Intelligence.Reports;

/// <summary>What a policy would have done to the payments tested.</summary>
/// <param name="Name">The policy in a few words.</param>
/// <param name="Blocked">Payments blocked.</param>
/// <param name="Reviewed">Payments sent to a person.</param>
/// <param name="SteppedUp">Payments asked for more proof.</param>
/// <param name="FraudStoppedShare">The share of frauds that were blocked or sent to review.</param>
/// <param name="FalseBlocksPerThousand">Good payments blocked, per 1,000 good payments.</param>
/// <param name="LossAvoided">What fraud would have cost and did not, in major units.</param>
/// <param name="MarginLost">The margin of good payments that were lost, in major units.</param>
/// <param name="ReviewCost">What reviews cost, in major units.</param>
/// <param name="NetValue">Loss avoided less margin lost less cost of reviews, in major units, against letting everything pass.</param>
public sealed record PolicyFacts(
    string Name,
    long Blocked,
    long Reviewed,
    long SteppedUp,
    double FraudStoppedShare,
    double FalseBlocksPerThousand,
    decimal LossAvoided,
    decimal MarginLost,
    decimal ReviewCost,
    decimal NetValue);
