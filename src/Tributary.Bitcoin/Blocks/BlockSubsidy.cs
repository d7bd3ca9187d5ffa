using Tributary.Primitives.Amounts;

namespace Tributary.Bitcoin.Blocks;

/// <summary>New coins per block: 50 bitcoin, halved again and again.</summary>
public static class BlockSubsidy
{
    /// <summary>Blocks between halvings on every network but regtest.</summary>
    public const int HalvingInterval = 210_000;

    /// <summary>Blocks between halvings on regtest.</summary>
    public const int RegtestHalvingInterval = 150;

    /// <summary>What the block at a height creates.</summary>
    public static Satoshis At(int height, int halvingInterval = HalvingInterval)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(height);
        var halvings = height / halvingInterval;
        return new Satoshis(halvings >= 64 ? 0 : (50 * Satoshis.PerBitcoin) >> halvings);
    }
}
