namespace Tributary.Payments;

/// <summary>Tells the work in the background that there is some, so that nobody waits for the next look at the database.</summary>
public sealed class WorkSignal
{
    private volatile TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes with the next pulse: take it before looking.</summary>
    public Task Next => _next.Task;

    /// <summary>Something was committed.</summary>
    public void Pulse() =>
        Interlocked.Exchange(ref _next, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    /// <summary>Waits for a pulse, or for a while.</summary>
    public static async Task WaitAsync(Task next, TimeSpan pause, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            await next.WaitAsync(pause, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // Nothing was said: time alone may have brought work.
        }
    }
}
