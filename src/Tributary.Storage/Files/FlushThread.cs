namespace Tributary.Storage.Files;

/// <summary>
/// A thread that waits for a disk, so that no thread of the pool does: with two cores the pool has two, and a flush takes milliseconds.
/// It starts with the first piece of work and ends after a while without any.
/// </summary>
internal sealed class FlushThread(string name)
{
    private const int IdleMilliseconds = 5_000;

    private readonly object _gate = new();
    private readonly Queue<(Action Work, TaskCompletionSource Done)> _queue = new();
    private bool _isRunning;

    /// <summary>Runs work after what was given before; the task ends as it does. What awaits it goes on on this thread, so it must be short.</summary>
    internal Task RunAsync(Action work)
    {
        var done = new TaskCompletionSource();
        lock (_gate)
        {
            _queue.Enqueue((work, done));
            if (_isRunning)
                Monitor.Pulse(_gate);
            else
                Start();
        }

        return done.Task;
    }

    private void Start()
    {
        _isRunning = true;
        new Thread(Loop) { IsBackground = true, Name = name }.Start();
    }

    private void Loop()
    {
        while (TryTake(out var work, out var done))
        {
            try
            {
                work();
                done.SetResult();
            }
            catch (Exception exception)
            {
                done.SetException(exception);
            }
        }
    }

    private bool TryTake(out Action work, out TaskCompletionSource done)
    {
        lock (_gate)
        {
            while (_queue.Count == 0)
            {
                if (Monitor.Wait(_gate, IdleMilliseconds) || _queue.Count > 0)
                    continue;
                _isRunning = false;
                (work, done) = (null!, null!);
                return false;
            }

            (work, done) = _queue.Dequeue();
            return true;
        }
    }
}
