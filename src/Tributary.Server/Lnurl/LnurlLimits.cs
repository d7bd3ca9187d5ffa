using System.Threading.RateLimiting;

namespace Tributary.Server.Lnurl;

/// <summary>
/// How often a stranger may ask. An invoice costs a row and a signature, and nobody has to show who they are for one: an address gets a few in a
/// second, all of them together what the node writes without being slowed.
/// </summary>
internal sealed class LnurlLimits : IDisposable
{
    private const int PerAddressPerSecond = 10;
    private const int PerAddressAtOnce = 60;
    private const int AllPerSecond = 100;
    private const int AllAtOnce = 400;

    private readonly PartitionedRateLimiter<string> _addresses = PartitionedRateLimiter.Create<string, string>(
        static address => RateLimitPartition.GetTokenBucketLimiter(address, static _ => Bucket(PerAddressPerSecond, PerAddressAtOnce)), StringComparer.Ordinal);

    private readonly TokenBucketRateLimiter _all = new(Bucket(AllPerSecond, AllAtOnce));

    /// <summary>May this address ask once more?</summary>
    public bool Try(string address)
    {
        using var own = _addresses.AttemptAcquire(address);
        if (!own.IsAcquired)
            return false;
        using var shared = _all.AttemptAcquire();
        return shared.IsAcquired;
    }

    public void Dispose()
    {
        _addresses.Dispose();
        _all.Dispose();
    }

    private static TokenBucketRateLimiterOptions Bucket(int perSecond, int atOnce) => new()
    {
        TokenLimit = atOnce,
        TokensPerPeriod = perSecond,
        ReplenishmentPeriod = TimeSpan.FromSeconds(1),
        QueueLimit = 0,
        AutoReplenishment = true,
    };
}
