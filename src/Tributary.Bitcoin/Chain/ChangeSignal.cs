namespace Tributary.Bitcoin.Chain;

/// <summary>
/// Wakes any number of waiters when something changed. A waiter takes <see cref="Next"/> before it looks at the state: a change in
/// between has then already completed the task, and none is missed.
/// </summary>
internal sealed class ChangeSignal
{
    private TaskCompletionSource _next = New();

    /// <summary>Completes at the next change after this moment.</summary>
    internal Task Next => Volatile.Read(ref _next).Task;

    /// <summary>Wakes all who wait.</summary>
    internal void Pulse() => Interlocked.Exchange(ref _next, New()).TrySetResult();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
