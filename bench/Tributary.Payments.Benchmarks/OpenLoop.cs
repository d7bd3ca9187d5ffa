using System.Diagnostics;

namespace Tributary.Payments.Benchmarks;

/// <summary>
/// Load that does not wait for answers: requests leave at fixed times, and each is timed from when it was due. A server that falls behind is
/// seen to, which a client that waits for each answer would hide.
/// </summary>
internal static class OpenLoop
{
    /// <summary>Sends requests at a rate; the times of those after the warm-up, sorted, and how many failed.</summary>
    /// <param name="rate">Requests a second.</param>
    /// <param name="warmUp">How long to send before times are kept.</param>
    /// <param name="duration">How long to send while they are.</param>
    /// <param name="send">One request, by its number; false where it failed.</param>
    /// <param name="cancellationToken">Ends the sending early; what is on its way is awaited.</param>
    internal static async Task<(TimeSpan[] Times, int Failed)> RunAsync(int rate, TimeSpan warmUp, TimeSpan duration, Func<int, Task<bool>> send, CancellationToken cancellationToken)
    {
        var skipped = (int)(rate * warmUp.TotalSeconds);
        var count = skipped + (int)(rate * duration.TotalSeconds);
        var running = new List<Task<(TimeSpan Time, bool IsOk)>>(count);

        // A thread of its own, so that requests leave on time however busy the pool is.
        var sender = Task.Factory.StartNew(
            () =>
            {
                var began = Stopwatch.GetTimestamp();
                for (var number = 0; number < count && !cancellationToken.IsCancellationRequested; number++)
                {
                    var due = began + (long)(number * (double)Stopwatch.Frequency / rate);
                    while (Stopwatch.GetTimestamp() < due)
                        Thread.Sleep(1);
                    var at = number;
                    running.Add(Task.Run(() => TimeAsync(due, send, at), CancellationToken.None));
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        await sender;
        var results = await Task.WhenAll(running);
        var kept = results.Skip(skipped).ToArray();
        return ([.. kept.Select(static result => result.Time).Order()], kept.Count(static result => !result.IsOk));
    }

    /// <summary>A percentile of sorted times, in milliseconds.</summary>
    internal static double Percentile(TimeSpan[] sorted, double percent) =>
        sorted[Math.Min(sorted.Length - 1, (int)Math.Ceiling(sorted.Length * percent / 100) - 1)].TotalMilliseconds;

    private static async Task<(TimeSpan Time, bool IsOk)> TimeAsync(long due, Func<int, Task<bool>> send, int number)
    {
        var isOk = await send(number);
        return (Stopwatch.GetElapsedTime(due), isOk);
    }
}
