using Tributary.Intelligence.Privacy;

namespace Tributary.Server.Risk;

/// <summary>Commits new pseudonyms in groups: those who wait at the same time share one flush.</summary>
internal sealed class KeyCommits(SubjectKeys keys)
{
    private readonly Lock _lock = new();
    private TaskCompletionSource? _next;
    private bool _isRunning;

    /// <summary>Completes when every key given out before the call survives a loss of power.</summary>
    /// <exception cref="IOException">Storage failed.</exception>
    public Task CommitAsync()
    {
        lock (_lock)
        {
            _next ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var waited = _next.Task;
            if (!_isRunning)
            {
                _isRunning = true;
                _ = Task.Run(Run);
            }

            return waited;
        }
    }

    private void Run()
    {
        while (true)
        {
            TaskCompletionSource group;
            lock (_lock)
            {
                if (_next is null)
                {
                    _isRunning = false;
                    return;
                }

                (group, _next) = (_next, null);
            }

            try
            {
                keys.Commit();
                group.SetResult();
            }
            catch (Exception exception) when (exception is IOException or InvalidOperationException)
            {
                group.SetException(exception as IOException ?? new IOException(exception.Message, exception));
            }
        }
    }
}
