using Tributary.Primitives.Bytes;

namespace Tributary.Bitcoin.Transactions;

/// <summary>A transaction's witness id (BIP 141): the double SHA-256 of its whole serialization. Shown last byte first.</summary>
public readonly record struct WtxId(Bytes32 Value) : IComparable<WtxId>
{
    /// <summary>Reads 64 hex digits as users write them, last byte first.</summary>
    public static bool TryParse(ReadOnlySpan<char> hex, out WtxId id)
    {
        var parsed = Bytes32.TryParseReversed(hex, out var value);
        id = new WtxId(value);
        return parsed;
    }

    /// <summary>Orders by the bytes in memory, first to last.</summary>
    public int CompareTo(WtxId other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToReversedHex();

    public static bool operator <(WtxId left, WtxId right) => left.CompareTo(right) < 0;

    public static bool operator >(WtxId left, WtxId right) => left.CompareTo(right) > 0;

    public static bool operator <=(WtxId left, WtxId right) => left.CompareTo(right) <= 0;

    public static bool operator >=(WtxId left, WtxId right) => left.CompareTo(right) >= 0;
}
