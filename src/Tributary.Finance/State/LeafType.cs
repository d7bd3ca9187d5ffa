namespace Tributary.Finance.State;

/// <summary>One kind of leaf: what a module adds to the state.</summary>
public abstract class LeafType
{
    /// <summary>The longest encoding of a leaf.</summary>
    public const int MaxLength = 256;

    private protected LeafType(LeafKind kind, int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, MaxLength);
        (Kind, Length) = (kind, length);
    }

    public LeafKind Kind { get; }

    /// <summary>Bytes of a leaf.</summary>
    public int Length { get; }

    internal abstract LeafStore CreateStore();
}
