namespace Tributary.Proofs.Memory;

/// <summary>
/// A bounded number of threads for work that falls into independent items, and the memory that the work reuses. One worker runs on the caller's
/// thread alone.
/// </summary>
internal sealed class Workers
{
    public Workers(int count, ProverMemory? memory = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        Count = count;
        Memory = memory;
    }

    /// <summary>Where large buffers come from; null for memory of their own.</summary>
    public ProverMemory? Memory { get; }

    /// <summary>Threads at most.</summary>
    public int Count { get; }

    /// <summary>
    /// Runs <paramref name="body"/>(worker, item) once for every item; a worker index is in use by one thread at a time, so it may own scratch memory.
    /// </summary>
    public void For(int items, Action<int, int> body)
    {
        var active = Math.Min(Count, items);
        if (active <= 1)
        {
            for (var item = 0; item < items; item++)
                body(0, item);
            return;
        }

        var next = -1;
        Parallel.For(0, active, new ParallelOptions { MaxDegreeOfParallelism = active }, worker =>
        {
            for (var item = Interlocked.Increment(ref next); item < items; item = Interlocked.Increment(ref next))
                body(worker, item);
        });
    }
}
