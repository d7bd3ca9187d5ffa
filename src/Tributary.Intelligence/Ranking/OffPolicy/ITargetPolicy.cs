namespace Tributary.Intelligence.Ranking.OffPolicy;

/// <summary>The policy whose value is asked for.</summary>
public interface ITargetPolicy
{
    /// <summary>The probability with which the policy would choose the action in the situation of a logged row; over the actions of a row they sum to one.</summary>
    double Probability(int row, int action);
}
