namespace Tributary.Payments.Rails;

/// <summary>
/// Something that opens in the background, such as a node that first looks through the chain: who needs it takes it as it is now, says why it is
/// not there, or waits.
/// </summary>
/// <typeparam name="T">What is opened.</typeparam>
public sealed class Opening<T>
    where T : class
{
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile T? _current;
    private volatile string _problem = "is being opened";
    private volatile bool _isDelayed;

    /// <summary>Something that will be open.</summary>
    public Opening()
    {
    }

    /// <summary>Something that is open already.</summary>
    public Opening(T value) => Complete(value);

    /// <summary>What was opened; null until then.</summary>
    public T? Current => _current;

    /// <summary>Why it is not open, for a person; null when it is.</summary>
    public string? Problem => _current is null ? _problem : null;

    /// <summary>Waits until it is open.</summary>
    public Task<T> WaitAsync(CancellationToken cancellationToken) => _done.Task.WaitAsync(cancellationToken);

    /// <summary>Waits for a moment, as after a start; not where something keeps it from opening.</summary>
    /// <returns>Null when it is not there.</returns>
    public async ValueTask<T?> TryWaitAsync(TimeSpan patience, TimeProvider time, CancellationToken cancellationToken)
    {
        if (_current is { } current)
            return current;
        if (_isDelayed)
            return null;
        try
        {
            return await _done.Task.WaitAsync(patience, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    /// <summary>Says what keeps it from opening.</summary>
    public void Delay(string problem) => (_problem, _isDelayed) = (problem, true);

    /// <summary>It is open: once.</summary>
    public void Complete(T value)
    {
        _current = value;
        _done.SetResult(value);
    }
}
