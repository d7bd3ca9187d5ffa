namespace Tributary.Finance.Amounts;

/// <summary>An account, by the order of registration.</summary>
public readonly record struct AccountId(uint Value) : IComparable<AccountId>
{
    /// <summary>Numbers are below this: the state tree has places for 2²⁸ accounts.</summary>
    public const uint Limit = 1u << 28;

    /// <summary>Nobody: it has no key, and what is credited to it stays locked for ever.</summary>
    public static AccountId Nobody => default;

    /// <summary>The operator: the first account, which collects fees and administers modules.</summary>
    public static AccountId Operator => new(1);

    public int CompareTo(AccountId other) => Value.CompareTo(other.Value);

    public override string ToString() => $"account {Value}";

    public static bool operator <(AccountId left, AccountId right) => left.Value < right.Value;

    public static bool operator >(AccountId left, AccountId right) => left.Value > right.Value;

    public static bool operator <=(AccountId left, AccountId right) => left.Value <= right.Value;

    public static bool operator >=(AccountId left, AccountId right) => left.Value >= right.Value;
}
