namespace Tributary.Bitcoin.Psbt;

/// <summary>A key-value pair as it stands in a map: kept and passed through where its type is not known.</summary>
/// <param name="Key">Type and key data.</param>
/// <param name="Value">Value data.</param>
public readonly record struct PsbtEntry(ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Value) : IComparable<PsbtEntry>
{
    /// <summary>Orders by the bytes of the key.</summary>
    public int CompareTo(PsbtEntry other) => Key.Span.SequenceCompareTo(other.Key.Span);

    public bool Equals(PsbtEntry other) => Key.Span.SequenceEqual(other.Key.Span) && Value.Span.SequenceEqual(other.Value.Span);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(Key.Span);
        return hash.ToHashCode();
    }

    public static bool operator <(PsbtEntry left, PsbtEntry right) => left.CompareTo(right) < 0;

    public static bool operator >(PsbtEntry left, PsbtEntry right) => left.CompareTo(right) > 0;

    public static bool operator <=(PsbtEntry left, PsbtEntry right) => left.CompareTo(right) <= 0;

    public static bool operator >=(PsbtEntry left, PsbtEntry right) => left.CompareTo(right) >= 0;
}
