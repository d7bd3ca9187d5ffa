namespace Tributary.Lightning.Node.Loop;

/// <summary>Wakes who waits for the next change: take <see cref="Next"/>, look, then wait for it.</summary>
internal sealed class ChangeNotice
{
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal Task Next => Volatile.Read(ref _next).Task;

    internal void Pulse() => Interlocked.Exchange(ref _next, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
}
