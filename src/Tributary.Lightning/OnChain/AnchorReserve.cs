using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.OnChain;

/// <summary>
/// What the wallet keeps back for channels with anchors: their commitments and HTLC transactions get their fees from the wallet, and nothing
/// can be claimed without. No payment, withdrawal or funding spends it.
/// </summary>
public static class AnchorReserve
{
    /// <summary>For each channel, while feerates are at or below <see cref="ReferenceFeerate"/>.</summary>
    public static Satoshis PerChannel => new(25_000);

    /// <summary>
    /// 10 sat/vB. There 25,000 sat pay for a commitment with a few HTLCs (some 500 vB with its anchor's child) and the second stages of those
    /// (some 300 vB each), with room for one doubling.
    /// </summary>
    public static FeeratePerKw ReferenceFeerate => new(2_500);

    /// <summary>No more than this for a channel, however high feerates are: a million satoshis pay for the same at 400 sat/vB.</summary>
    public static Satoshis PerChannelMax => new(1_000_000);

    /// <summary>The reserve for a number of anchor channels when a block in the near future costs this feerate.</summary>
    public static Satoshis Required(int anchorChannels, FeeratePerKw feerate)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(anchorChannels);
        var scaled = Math.Min(PerChannelMax.Value, PerChannel.Value * feerate.Value / ReferenceFeerate.Value);
        return new Satoshis(Math.Max(PerChannel.Value, scaled)) * anchorChannels;
    }
}
