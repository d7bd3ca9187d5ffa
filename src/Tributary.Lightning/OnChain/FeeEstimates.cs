using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.OnChain;

/// <summary>What the chain source thinks a transaction has to pay now.</summary>
/// <param name="NextBlock">To be in one of the next two blocks.</param>
/// <param name="Normal">To be in within six.</param>
/// <param name="Economy">To be in within a day.</param>
/// <param name="MempoolMinimum">Below this nothing is relayed.</param>
public sealed record FeeEstimates(FeeratePerKw NextBlock, FeeratePerKw Normal, FeeratePerKw Economy, FeeratePerKw MempoolMinimum)
{
    /// <summary>One feerate for all.</summary>
    public static FeeEstimates Flat(FeeratePerKw feerate) => new(feerate, feerate, feerate, FeePolicy.Floor);
}
