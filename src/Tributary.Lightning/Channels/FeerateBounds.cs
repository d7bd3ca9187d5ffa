using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.Channels;

/// <summary>What our fee estimator says of feerates, at the moment of an input.</summary>
/// <param name="Lowest">The least that a commitment transaction may promise.</param>
/// <param name="Highest">The most that is taken from a peer as a feerate: above it, its purpose is to harm.</param>
/// <param name="Closing">What a cooperative close should pay.</param>
public readonly record struct FeerateBounds(FeeratePerKw Lowest, FeeratePerKw Highest, FeeratePerKw Closing)
{
    /// <summary>BOLT 2's floor: less is not relayed.</summary>
    public static FeeratePerKw Floor => new(253);

    /// <summary>Is this feerate taken from a peer?</summary>
    public bool Contains(FeeratePerKw feerate) => feerate >= Floor && feerate >= Lowest && feerate <= Highest;
}
