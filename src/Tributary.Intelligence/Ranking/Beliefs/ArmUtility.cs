namespace Tributary.Intelligence.Ranking.Beliefs;

/// <summary>What an arm is worth at a success rate: <c>rate × Value − Cost</c>, in any unit that all arms of a choice share.</summary>
/// <param name="Value">Worth of a success; above zero.</param>
/// <param name="Cost">What an attempt costs, successful or not; zero or more.</param>
internal readonly record struct ArmUtility(double Value, double Cost)
{
    public double At(double rate) => (rate * Value) - Cost;

    public double RateFor(double utility) => (utility + Cost) / Value;
}
