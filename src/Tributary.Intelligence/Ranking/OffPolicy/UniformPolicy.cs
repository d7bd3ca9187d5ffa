namespace Tributary.Intelligence.Ranking.OffPolicy;

/// <summary>Chooses every action equally often.</summary>
public sealed class UniformPolicy(int actionCount) : ITargetPolicy
{
    private readonly double _probability = 1.0 / actionCount;

    /// <inheritdoc/>
    public double Probability(int row, int action) => _probability;
}
