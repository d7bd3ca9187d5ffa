using System.Threading.RateLimiting;

namespace Tributary.Server.Stripe;

/// <summary>How often a key, and an address that has none, may ask. A bucket refills all the time and holds a second's worth or two.</summary>
internal sealed class StripeLimits : IDisposable
{
    private const int PerKeyPerSecond = 1000;
    private const int FailuresPerAddressPerSecond = 100;

    private readonly PartitionedRateLimiter<string> _keys = Buckets(PerKeyPerSecond);
    private readonly PartitionedRateLimiter<string> _addresses = Buckets(FailuresPerAddressPerSecond);

    /// <summary>May this key ask once more?</summary>
    public bool TryKey(string keyId)
    {
        using var lease = _keys.AttemptAcquire(keyId);
        return lease.IsAcquired;
    }

    /// <summary>May this address guess once more?</summary>
    public bool TryStranger(string address)
    {
        using var lease = _addresses.AttemptAcquire(address);
        return lease.IsAcquired;
    }

    public void Dispose()
    {
        _keys.Dispose();
        _addresses.Dispose();
    }

    private static PartitionedRateLimiter<string> Buckets(int perSecond) => PartitionedRateLimiter.Create<string, string>(
        name => RateLimitPartition.GetTokenBucketLimiter(name, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = perSecond * 2,
            TokensPerPeriod = perSecond / 10,
            ReplenishmentPeriod = TimeSpan.FromMilliseconds(100),
            QueueLimit = 0,
            AutoReplenishment = true,
        }),
        StringComparer.Ordinal);
}
