using System.Runtime.CompilerServices;

namespace Tributary.Lightning.Routing;

/// <summary>What a node asks for passing an HTLC on (BOLT 7, "HTLC Fees").</summary>
public static class ForwardingFee
{
    /// <summary>The fee in millisatoshis, cut at 2^62.</summary>
    /// <param name="amount">Passed on, in millisatoshis.</param>
    /// <param name="feeBase">Millisatoshis.</param>
    /// <param name="millionths">Of the amount, rounded down.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Of(long amount, uint feeBase, uint millionths)
    {
        // Below 88 bitcoin and ten per cent the product fits.
        if ((ulong)amount < 1UL << 43 && millionths < 1u << 20)
            return feeBase + (long)((ulong)amount * millionths / 1_000_000);
        return Large(amount, feeBase, millionths);
    }

    private static long Large(long amount, uint feeBase, uint millionths) =>
        (long)UInt128.Min(((UInt128)(ulong)amount * millionths / 1_000_000) + feeBase, 1UL << 62);
}
