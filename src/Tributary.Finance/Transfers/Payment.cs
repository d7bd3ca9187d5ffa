using Tributary.Finance.Amounts;

namespace Tributary.Finance.Transfers;

/// <summary>One part of a transfer to many.</summary>
public readonly record struct Payment(AccountId To, Amount Amount)
{
    /// <summary>Bytes of the encoding.</summary>
    public const int Length = sizeof(uint) + Amounts.Amount.Length;
}
