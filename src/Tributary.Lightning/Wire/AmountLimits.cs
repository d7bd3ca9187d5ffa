namespace Tributary.Lightning.Wire;

/// <summary>The bounds that BOLT 1 sets to amounts on the wire: 21 million bitcoin.</summary>
internal static class AmountLimits
{
    internal const ulong SatoshisMax = 0x0007_75f0_5a07_4000;

    internal const ulong MilliSatoshisMax = 0x1d24_b2df_ac52_0000;
}
