namespace Tributary.Finance.Amounts;

/// <summary>A hash time-locked contract, by the order of locking, from 1.</summary>
public readonly record struct HtlcId(ulong Value)
{
    public override string ToString() => $"HTLC {Value}";
}
