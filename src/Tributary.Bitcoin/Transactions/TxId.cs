using Tributary.Primitives.Bytes;

namespace Tributary.Bitcoin.Transactions;

/// <summary>A transaction's id: the double SHA-256 of its serialization without witnesses. Shown last byte first.</summary>
public readonly record struct TxId(Bytes32 Value) : IComparable<TxId>
{
    /// <summary>Reads 64 hex digits as users write them, last byte first.</summary>
    public static bool TryParse(ReadOnlySpan<char> hex, out TxId id)
    {
        var parsed = Bytes32.TryParseReversed(hex, out var value);
        id = new TxId(value);
        return parsed;
    }

    /// <summary>Orders by the bytes in memory, first to last.</summary>
    public int CompareTo(TxId other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToReversedHex();

    public static bool operator <(TxId left, TxId right) => left.CompareTo(right) < 0;

    public static bool operator >(TxId left, TxId right) => left.CompareTo(right) > 0;

    public static bool operator <=(TxId left, TxId right) => left.CompareTo(right) <= 0;

    public static bool operator >=(TxId left, TxId right) => left.CompareTo(right) >= 0;
}
