namespace Tributary.Proofs.Benchmarks;

/// <summary>Repeated measurements on the processor clock of this thread.</summary>
internal static class Stopwatches
{
    /// <summary>The least seconds of so many runs, after one that warms up code and memory.</summary>
    public static double Best(int runs, Action action)
    {
        action();
        var best = double.MaxValue;
        for (var run = 0; run < runs; run++)
        {
            var start = CpuClock.Seconds;
            action();
            best = Math.Min(best, CpuClock.Seconds - start);
        }

        return best;
    }
}
