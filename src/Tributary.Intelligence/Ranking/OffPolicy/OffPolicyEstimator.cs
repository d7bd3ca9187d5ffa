namespace Tributary.Intelligence.Ranking.OffPolicy;

/// <summary>
/// Estimates what a policy would have earned from the log of another. Dudík et al., "Doubly Robust Policy Evaluation and Optimization"
/// (2014); Swaminathan and Joachims, "The Self-Normalized Estimator for Counterfactual Learning" (2015).
/// </summary>
public static class OffPolicyEstimator
{
    /// <summary>Inverse propensity weighting: unbiased where every action that the target takes had a chance in the log.</summary>
    public static OffPolicyEstimate InversePropensity(LoggedChoices log, ITargetPolicy target) => Weigh(log, target, model: null, corrected: true);

    /// <summary>Self-normalised inverse propensity weighting: a small bias for less variance, and never outside the range of the rewards.</summary>
    public static OffPolicyEstimate SelfNormalized(LoggedChoices log, ITargetPolicy target)
    {
        CompensatedSum weights = default, rewards = default;
        for (var row = 0; row < log.Count; row++)
        {
            var weight = Weight(log, target, row);
            weights.Add(weight);
            rewards.Add(weight * log.Rewards[row]);
        }

        var plain = Weigh(log, target, model: null, corrected: true);
        if (weights.Value <= 0)
            return plain with { Value = 0, StandardError = double.PositiveInfinity };

        var value = rewards.Value / weights.Value;
        CompensatedSum squares = default;
        for (var row = 0; row < log.Count; row++)
        {
            var residual = Weight(log, target, row) * (log.Rewards[row] - value);
            squares.Add(residual * residual);
        }

        return plain with { Value = value, StandardError = Math.Sqrt(squares.Value) / weights.Value };
    }

    /// <summary>The direct method: what the model predicts for the target's actions. As good as the model.</summary>
    public static OffPolicyEstimate DirectMethod(LoggedChoices log, ITargetPolicy target, IRewardModel model) => Weigh(log, target, model, corrected: false);

    /// <summary>Doubly robust: the direct method, corrected by the weighted residuals; unbiased where the propensities or the model are right.</summary>
    public static OffPolicyEstimate DoublyRobust(LoggedChoices log, ITargetPolicy target, IRewardModel model) => Weigh(log, target, model, corrected: true);

    private static OffPolicyEstimate Weigh(LoggedChoices log, ITargetPolicy target, IRewardModel? model, bool corrected)
    {
        CompensatedSum sum = default, weights = default, squaredWeights = default;
        var terms = new double[log.Count];
        for (var row = 0; row < log.Count; row++)
        {
            var weight = Weight(log, target, row);
            weights.Add(weight);
            squaredWeights.Add(weight * weight);
            var term = model is null ? 0 : Expected(log, target, model, row);
            if (corrected)
                term += weight * (log.Rewards[row] - (model?.Predict(row, log.Actions[row]) ?? 0));
            terms[row] = term;
            sum.Add(term);
        }

        var value = sum.Value / log.Count;
        CompensatedSum squares = default;
        foreach (var term in terms)
            squares.Add((term - value) * (term - value));
        var error = log.Count > 1 ? Math.Sqrt(squares.Value / (log.Count - 1) / log.Count) : double.PositiveInfinity;
        var effective = squaredWeights.Value > 0 ? weights.Value * weights.Value / squaredWeights.Value : 0;
        return new OffPolicyEstimate(value, error, log.Count, effective, weights.Value / log.Count);
    }

    private static double Weight(LoggedChoices log, ITargetPolicy target, int row) => target.Probability(row, log.Actions[row]) / log.Propensities[row];

    private static double Expected(LoggedChoices log, ITargetPolicy target, IRewardModel model, int row)
    {
        double expected = 0;
        for (var action = 0; action < log.ActionCount; action++)
        {
            var probability = target.Probability(row, action);
            if (probability > 0)
                expected += probability * model.Predict(row, action);
        }

        return expected;
    }
}
