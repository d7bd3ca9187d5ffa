namespace Tributary.Bitcoin.Chain;

/// <summary>Waits that end by an event or by the clock, and leave no timer behind.</summary>
internal static class Wait
{
    /// <summary>Waits for the task, at most for a time; true when the task completed.</summary>
    internal static async ValueTask<bool> ForAsync(Task task, TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            await task.WaitAsync(timeout, time, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
