namespace Tributary.Intelligence.Ranking.Simulation;

/// <summary>What a strategy earned in one run: mean success probabilities, so that the luck of single payments does not blur the comparison.</summary>
/// <param name="Strategy">Mean probability of the processors that the strategy chose.</param>
/// <param name="Random">Mean over all processors: an even spread.</param>
/// <param name="Oracle">Mean of the best processor at each payment.</param>
public sealed record RoutingScore(double Strategy, double Random, double Oracle)
{
    /// <summary>The share of the gap between random and oracle that the strategy closes: zero is random, one is the oracle.</summary>
    public double GapShare => (Strategy - Random) / (Oracle - Random);
}
