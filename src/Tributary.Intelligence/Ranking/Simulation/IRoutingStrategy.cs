namespace Tributary.Intelligence.Ranking.Simulation;

/// <summary>What the simulator plays against: it sees segments, times and the outcomes of its own choices, never a probability.</summary>
public interface IRoutingStrategy
{
    /// <summary>The processor for a payment of the segment.</summary>
    int Choose(int segment, TimeSpan now);

    /// <summary>The outcome of an earlier choice; outcomes arrive in the order in which they become known.</summary>
    void Report(int segment, int processor, bool succeeded, TimeSpan now);
}
