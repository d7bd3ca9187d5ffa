namespace Tributary.Finance.Amounts;

/// <summary>An asset, by the order of creation.</summary>
public readonly record struct AssetId(uint Value) : IComparable<AssetId>
{
    /// <summary>Numbers are below this: an account has places for so many balances in the state tree, beside its own.</summary>
    public const uint Limit = (1u << 11) - 1;

    /// <summary>Satoshis on Bitcoin: what fees are paid in.</summary>
    public static AssetId Bitcoin => default;

    public int CompareTo(AssetId other) => Value.CompareTo(other.Value);

    public override string ToString() => $"asset {Value}";

    public static bool operator <(AssetId left, AssetId right) => left.Value < right.Value;

    public static bool operator >(AssetId left, AssetId right) => left.Value > right.Value;

    public static bool operator <=(AssetId left, AssetId right) => left.Value <= right.Value;

    public static bool operator >=(AssetId left, AssetId right) => left.Value >= right.Value;
}
