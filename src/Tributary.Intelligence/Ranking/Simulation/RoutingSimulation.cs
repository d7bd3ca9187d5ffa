namespace Tributary.Intelligence.Ranking.Simulation;

/// <summary>Plays a strategy through a world.</summary>
public static class RoutingSimulation
{
    /// <summary>One run to the end of the world.</summary>
    public static RoutingScore Run(IRoutingWorld world, IRoutingStrategy strategy)
    {
        var pending = new PriorityQueue<(int Segment, int Processor, bool Succeeded), TimeSpan>();
        double chosen = 0, even = 0, oracle = 0;
        var payments = 0;
        while (world.TryNext(out var arrival))
        {
            while (pending.TryPeek(out var known, out var at) && at <= arrival.At)
            {
                pending.Dequeue();
                strategy.Report(known.Segment, known.Processor, known.Succeeded, at);
            }

            var processor = strategy.Choose(arrival.Segment, arrival.At);
            var probability = world.Probabilities[processor];
            pending.Enqueue((arrival.Segment, processor, arrival.Draw < probability), arrival.At + arrival.OutcomeDelay);
            chosen += probability;
            double sum = 0, best = 0;
            foreach (var p in world.Probabilities)
            {
                sum += p;
                best = Math.Max(best, p);
            }

            even += sum / world.Probabilities.Length;
            oracle += best;
            payments++;
        }

        return new RoutingScore(chosen / payments, even / payments, oracle / payments);
    }
}
