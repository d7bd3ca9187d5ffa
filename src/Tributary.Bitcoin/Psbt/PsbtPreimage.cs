namespace Tributary.Bitcoin.Psbt;

/// <summary>A preimage for a hash lock.</summary>
public readonly record struct PsbtPreimage(PsbtPreimageKind Kind, ReadOnlyMemory<byte> Hash, ReadOnlyMemory<byte> Preimage) : IComparable<PsbtPreimage>
{
    /// <summary>Orders by function and hash.</summary>
    public int CompareTo(PsbtPreimage other)
    {
        var byKind = Kind.CompareTo(other.Kind);
        return byKind != 0 ? byKind : Hash.Span.SequenceCompareTo(other.Hash.Span);
    }

    public bool Equals(PsbtPreimage other) => Kind == other.Kind && Hash.Span.SequenceEqual(other.Hash.Span) && Preimage.Span.SequenceEqual(other.Preimage.Span);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(Hash.Span);
        return hash.ToHashCode();
    }

    public static bool operator <(PsbtPreimage left, PsbtPreimage right) => left.CompareTo(right) < 0;

    public static bool operator >(PsbtPreimage left, PsbtPreimage right) => left.CompareTo(right) > 0;

    public static bool operator <=(PsbtPreimage left, PsbtPreimage right) => left.CompareTo(right) <= 0;

    public static bool operator >=(PsbtPreimage left, PsbtPreimage right) => left.CompareTo(right) >= 0;
}
