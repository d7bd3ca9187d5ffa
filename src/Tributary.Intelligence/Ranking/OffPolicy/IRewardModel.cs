namespace Tributary.Intelligence.Ranking.OffPolicy;

/// <summary>A model of the reward, for the direct method and the doubly robust estimator. Fit it on other rows than those evaluated.</summary>
public interface IRewardModel
{
    /// <summary>The reward expected of an action in the situation of a logged row; finite.</summary>
    double Predict(int row, int action);
}
