namespace Tributary.Bitcoin.Chain;

/// <summary>How often a failing call is repeated, and how long the waits between are: doubled each time up to a bound.</summary>
/// <param name="AttemptsMax">Calls in all, the first included.</param>
/// <param name="DelayFirst">The wait before the second attempt.</param>
/// <param name="DelayMax">No wait is longer.</param>
public sealed record RetryBounds(int AttemptsMax, TimeSpan DelayFirst, TimeSpan DelayMax)
{
    /// <summary>Six attempts within some three seconds.</summary>
    public static RetryBounds Default { get; } = new(6, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(2));

    /// <summary>The wait after a number of failed attempts.</summary>
    internal TimeSpan DelayAfter(int failures)
    {
        var doublings = Math.Clamp(failures - 1, 0, 30);
        return DelayFirst >= DelayMax / (1L << doublings) ? DelayMax : DelayFirst * (1L << doublings);
    }
}
