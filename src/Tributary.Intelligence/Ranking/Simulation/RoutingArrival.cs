namespace Tributary.Intelligence.Ranking.Simulation;

/// <summary>One payment of the simulator.</summary>
/// <param name="At">Time since the start.</param>
/// <param name="Segment">The payment's segment.</param>
/// <param name="Draw">Uniform on [0, 1): the payment succeeds at a processor when this is below the processor's probability, so strategies share their luck.</param>
/// <param name="OutcomeDelay">Time until the outcome is known.</param>
public readonly record struct RoutingArrival(TimeSpan At, int Segment, double Draw, TimeSpan OutcomeDelay);
