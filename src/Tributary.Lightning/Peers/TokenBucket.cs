namespace Tributary.Lightning.Peers;

/// <summary>So many at once, and so many a second after that. Time is the caller's.</summary>
internal struct TokenBucket
{
    private readonly double _perSecond;
    private readonly double _burst;
    private double _tokens;
    private TimeSpan _updated;

    internal TokenBucket(double perSecond, double burst)
    {
        _perSecond = perSecond;
        _burst = _tokens = burst;
    }

    /// <summary>True when it is as full as it gets: nothing was taken for a while.</summary>
    internal readonly bool IsFull(TimeSpan now) => _tokens + ((now - _updated).TotalSeconds * _perSecond) >= _burst;

    /// <summary>Takes one if there is one.</summary>
    internal bool TryTake(TimeSpan now)
    {
        Refill(now);
        if (_tokens < 1)
            return false;
        _tokens -= 1;
        return true;
    }

    /// <summary>Takes some, going into debt where it must, and says how long to wait until the debt is paid.</summary>
    internal TimeSpan Take(double count, TimeSpan now)
    {
        Refill(now);
        _tokens -= count;
        return _tokens >= 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(-_tokens / _perSecond);
    }

    private void Refill(TimeSpan now)
    {
        if (now <= _updated)
            return;
        _tokens = Math.Min(_burst, _tokens + ((now - _updated).TotalSeconds * _perSecond));
        _updated = now;
    }
}
