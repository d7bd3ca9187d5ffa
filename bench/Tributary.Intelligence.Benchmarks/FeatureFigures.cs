using System.Diagnostics;
using Tributary.Intelligence.Features;
using Tributary.Intelligence.Models;
using Tributary.Intelligence.Protocols;

namespace Tributary.Intelligence.Benchmarks;

/// <summary>Events per second through the feature store, beside the goal; and whether scoring allocates.</summary>
internal static class FeatureFigures
{
    public static void PrintStore(TextWriter output)
    {
        const double Goal = 500_000;
        const int Runs = 9;
        var events = PaymentEvents.Create();
        var later = PaymentEvents.Create(round: 1);
        foreach (var format in (PaymentFormat[])[PaymentFormat.Commerce, PaymentFormat.Handbook])
        {
            foreach (var ahead in (int[])[FeatureStore.PaymentsAhead, 0])
            {
                var rates = new double[Runs];
                float sum = 0;
                for (var run = 0; run < Runs; run++)
                {
                    // A store that has seen the same parties for sixty days, as one in service has.
                    var store = new FeatureStore(format.Engine);
                    sum += Run(store, events, ahead);
                    var start = Stopwatch.GetTimestamp();
                    sum += Run(store, later, ahead);
                    rates[run] = events.Length / Stopwatch.GetElapsedTime(start).TotalSeconds;
                }

                Array.Sort(rates);
                var how = ahead > 0 ? $"{ahead} announced" : "one by one";
                output.WriteLine(
                    $"{events.Length:N0} events, {format.Engine.Schema.Count} features ({format.Name}), one thread, {how,-11}: best {rates[^1],10:N0}/s   median {rates[Runs / 2],10:N0}/s   goal {Goal:N0}/s   (checksum {sum:E3})");
            }
        }
    }

    public static void PrintAllocation(TextWriter output, GbdtModel model, float[][] rows)
    {
        double sum = 0;
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var row in rows)
            sum += model.Score(row);
        var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        output.WriteLine($"{"score " + rows.Length.ToString("N0") + " rows",-32} {bytes} bytes allocated   goal 0   (checksum {sum:E3})");
    }

    /// <summary>Every payment is observed, every fraud reported.</summary>
    public static float Run(FeatureStore store, (PaymentEvent Payment, bool IsFraud)[] events, int ahead = FeatureStore.PaymentsAhead)
    {
        var row = new float[store.Schema.Count];
        float sum = 0;
        for (var i = 0; i < events.Length; i++)
        {
            if (ahead > 0 && i + ahead < events.Length)
                store.Anticipate(events[i + ahead].Payment);
            ref readonly var entry = ref events[i];
            _ = store.Observe(entry.Payment, row).Value;
            if (entry.IsFraud)
                _ = store.Apply(entry.Payment, Outcome.Fraud).Value;
            sum += row[0];
        }

        return sum;
    }
}
