namespace Tributary.Bitcoin.Chain;

/// <summary>Counts failures in a row of a stream, waits between them, and gives up at the bound.</summary>
internal sealed class Outage(TimeSpan durationMax, RetryBounds retries, TimeProvider time)
{
    private long _since;
    private int _failures;

    /// <summary>An answer came.</summary>
    internal void Over() => _failures = 0;

    /// <summary>Waits before the next attempt.</summary>
    /// <exception cref="ChainSourceLostException">The outage has lasted too long, or the error is one that waiting does not mend.</exception>
    internal async ValueTask WaitOrGiveUpAsync(ChainError error, CancellationToken cancellationToken)
    {
        if (_failures == 0)
            _since = time.GetTimestamp();
        _failures++;
        var lasting = error.Kind is ChainErrorKind.WrongNetwork or ChainErrorKind.NotAvailable or ChainErrorKind.Closed;
        if (lasting || time.GetElapsedTime(_since) >= durationMax)
            throw new ChainSourceLostException(error);
        await Task.Delay(retries.DelayAfter(_failures), time, cancellationToken);
    }
}
