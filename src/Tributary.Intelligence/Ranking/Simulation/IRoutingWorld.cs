namespace Tributary.Intelligence.Ranking.Simulation;

/// <summary>A world of payments and processors. Its path depends on its seed alone, never on what a strategy chooses.</summary>
public interface IRoutingWorld
{
    /// <summary>Processors that every payment may go to.</summary>
    int ProcessorCount { get; }

    /// <summary>Kinds of payments.</summary>
    int SegmentCount { get; }

    /// <summary>The success probability of each processor for the payment at hand. Only the oracle and the score may look.</summary>
    ReadOnlySpan<double> Probabilities { get; }

    /// <summary>Moves to the next payment; false when the run is over.</summary>
    bool TryNext(out RoutingArrival arrival);
}
