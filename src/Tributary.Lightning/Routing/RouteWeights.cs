using System.Numerics;
using System.Runtime.CompilerServices;

namespace Tributary.Lightning.Routing;

/// <summary>
/// What a hop costs beside its fee, all in millisatoshis. The cost of a path is the sum over its hops of
/// <c>fee + amount × delta × RiskPerBlockBillionths / 10^9 + hop + bits × uncertainty</c>, where <c>hop</c> and <c>uncertainty</c> are a fixed
/// part and a part of the amount, and <c>bits</c> is -log2 of the chance that the channel can carry the amount now. That chance is taken as if
/// every balance between what is known to pass and what is known to fail were as likely as any other (Pickhardt and Richter, "Optimally
/// Reliable and Cheap Payment Flows on the Lightning Network", 2021): without knowledge between nothing and the capacity. A channel whose
/// capacity nobody knows counts one bit. The amount is the payee's, fees aside.
/// </summary>
/// <param name="RiskPerBlockBillionths">What a block of delay costs: 1,900 is ten per cent a year.</param>
/// <param name="HopMilliSatoshis">Each hop may fail.</param>
/// <param name="HopMillionths">The same, of the amount.</param>
/// <param name="BitMilliSatoshis">For each bit of doubt.</param>
/// <param name="BitMillionths">The same, of the amount.</param>
public sealed record RouteWeights(
    long RiskPerBlockBillionths = 1900,
    long HopMilliSatoshis = 500,
    long HopMillionths = 100,
    long BitMilliSatoshis = 1000,
    long BitMillionths = 500)
{
    /// <summary>One bit in the units of <see cref="Doubt"/>.</summary>
    internal const int BitUnit = 256;

    // log2(1 + i/256) in 256ths.
    private static readonly ushort[] s_log2 = [.. Enumerable.Range(0, 256).Select(static i => (ushort)Math.Round(256 * Math.Log2(1 + (i / 256.0))))];

    /// <summary>Balanced between cheap and likely.</summary>
    public static RouteWeights Default { get; } = new();

    /// <summary>Nothing but fees counts.</summary>
    public static RouteWeights FeeOnly { get; } = new(0, 1, 0, 0, 0);

    /// <summary>-log2 of the chance that an amount passes, in 256ths of a bit; -1 when it can't.</summary>
    /// <param name="amount">Millisatoshis.</param>
    /// <param name="lower">Known to pass.</param>
    /// <param name="upper">The most that may pass; <see cref="long.MaxValue"/> when nobody knows.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int Doubt(long amount, long lower, long upper)
    {
        if (amount > upper)
            return -1;
        if (amount <= lower)
            return 0;
        if (upper == long.MaxValue)
            return BitUnit;
        return Log2((ulong)(upper - lower) + 1) - Log2((ulong)(upper - amount) + 1);
    }

    /// <summary>The weights for an amount, so that a hop is two multiplications.</summary>
    internal ScaledWeights Scale(long amount) => new(
        (long)UInt128.Min((UInt128)amount * (ulong)RiskPerBlockBillionths * ScaledWeights.RiskUnit / 1_000_000_000, (ulong)long.MaxValue >> 20),
        HopMilliSatoshis + Part(amount, HopMillionths),
        BitMilliSatoshis + Part(amount, BitMillionths));

    private static long Part(long amount, long millionths) => (long)UInt128.Min((UInt128)amount * (ulong)millionths / 1_000_000, (ulong)long.MaxValue >> 20);

    // Cut, not rounded, to eight bits after the leading one, so that it never falls where its argument rises.
    private static int Log2(ulong value)
    {
        var whole = BitOperations.Log2(value);
        var fraction = (byte)(whole >= 8 ? value >> (whole - 8) : value << (8 - whole));
        return (whole * BitUnit) + s_log2[fraction];
    }
}
