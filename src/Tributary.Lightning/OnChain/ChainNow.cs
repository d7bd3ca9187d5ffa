namespace Tributary.Lightning.OnChain;

/// <summary>The chain at the moment of an input.</summary>
/// <param name="Height">Of the tip, after the input.</param>
/// <param name="Fees">Feerates now.</param>
public sealed record ChainNow(int Height, FeeEstimates Fees)
{
    /// <summary>The height at which peers were first dialled since the start; null before.</summary>
    public int? DialledAt { get; init; }
}
