namespace Tributary.Bitcoin.Tests.Chain.Contract;

/// <summary>Reads a stream one event at a time; waits for each with a bound that only a broken stream reaches.</summary>
public sealed class EventReader<T> : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    private readonly CancellationTokenSource _stop = new();
    private readonly IAsyncEnumerator<T> _events;
    private Task<bool>? _pending;

    public EventReader(Func<CancellationToken, IAsyncEnumerable<T>> open) => _events = open(_stop.Token).GetAsyncEnumerator(_stop.Token);

    public async Task<T> NextAsync(CancellationToken cancellationToken)
    {
        Assert.True(await MoveNext().WaitAsync(s_patience, cancellationToken), "The stream ended.");
        _pending = null;
        return _events.Current;
    }

    /// <summary>Reads until one event satisfies the condition; returns all that were read.</summary>
    public async Task<IReadOnlyList<T>> UntilAsync(Func<T, bool> isLast, CancellationToken cancellationToken)
    {
        var seen = new List<T>();
        do
            seen.Add(await NextAsync(cancellationToken));
        while (!isLast(seen[^1]));
        return seen;
    }

    /// <summary>Asks for the next event without waiting for it.</summary>
    public Task<bool> MoveNext() => _pending ??= _events.MoveNextAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        if (_pending is not null)
            await ((Task)_pending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _events.DisposeAsync();
        _stop.Dispose();
    }
}
