using Tributary.Bitcoin.Networks;
using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.Node.Fees;

/// <summary>Between what feerates are believed.</summary>
/// <param name="Lowest">Less is not believed.</param>
/// <param name="Highest">More is not believed.</param>
/// <param name="Fallback">Where the source has no data.</param>
public sealed record FeerateLimits(FeeratePerKw Lowest, FeeratePerKw Highest, FeeratePerKw Fallback)
{
    /// <summary>253 sat/kw to 1,000 sat/vB; without data 20 sat/vB where money is real, 4 sat/vB elsewhere.</summary>
    public static FeerateLimits For(BitcoinNetwork network) => new(new(253), new(250_000), new(network == BitcoinNetwork.Mainnet ? 5_000 : 1_000));
}
