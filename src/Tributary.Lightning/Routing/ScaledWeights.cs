using System.Runtime.CompilerServices;

namespace Tributary.Lightning.Routing;

/// <summary>Weights for one amount.</summary>
/// <param name="RiskPerBlock">Millisatoshis times <see cref="RiskUnit"/>.</param>
/// <param name="Hop">Millisatoshis.</param>
/// <param name="Bit">Millisatoshis.</param>
internal readonly record struct ScaledWeights(long RiskPerBlock, long Hop, long Bit)
{
    internal const int RiskUnit = 1024;

    /// <summary>What a hop costs beside its fee.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal long CostOf(uint cltvDelta, int doubt) =>
        ((RiskPerBlock * cltvDelta) >> 10) + Hop + ((Bit * doubt) >> 8);
}
