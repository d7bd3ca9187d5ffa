namespace Tributary.Finance.Amounts;

/// <summary>A hash time-locked contract, by the order of locking, from 1.</summary>
public readonly record struct HtlcId(ulong Value)
{
    /// <summary>Numbers are below this: the state tree has places for 2³⁸ contracts.</summary>
    public const ulong Limit = 1UL << 38;

    public override string ToString() => $"HTLC {Value}";
}
