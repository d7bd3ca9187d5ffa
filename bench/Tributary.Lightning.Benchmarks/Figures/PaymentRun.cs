namespace Tributary.Lightning.Benchmarks.Figures;

/// <summary>What some payments took.</summary>
internal sealed record PaymentRun(double[] Times, int InFlight, TimeSpan Elapsed, TimeSpan Processor, long Allocated, int[] Flushes, int FullCollections)
{
    private readonly double[] _sorted = [.. Times.Order()];

    internal double PerSecond => Times.Length / Elapsed.TotalSeconds;

    internal double At(int percentile) => _sorted[Math.Min(_sorted.Length - 1, _sorted.Length * percentile / 100)];

    internal IReadOnlyList<KeyValuePair<string, object>> Conditions() =>
    [
        new("payments", Times.Length),
        new("in flight", InFlight),
        new("per second", PerSecond),
        new("p50 ms", At(50)),
        new("p99 ms", At(99)),
        new("flushes a payment payer", (double)Flushes[0] / Times.Length),
        new("flushes a payment payee", (double)Flushes[1] / Times.Length),
        new("processor ms a payment", Processor.TotalMilliseconds / Times.Length),
        new("kilobytes allocated a payment", Allocated / 1024.0 / Times.Length),
        new("full collections", FullCollections),
    ];
}
