using Tributary.Primitives.Amounts;

namespace Tributary.Payments.Rails;

/// <summary>Somebody who gives the merchant room to receive: in test mode the demo wallet, which opens a channel when one is needed.</summary>
public interface ILiquiditySource
{
    /// <summary>Tries to make a payment of this size receivable, and returns when that is done or cannot be.</summary>
    Task ProvideAsync(MilliSatoshis receivable, CancellationToken cancellationToken);
}
