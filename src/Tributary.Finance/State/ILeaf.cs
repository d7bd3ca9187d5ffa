namespace Tributary.Finance.State;

/// <summary>
/// The value of a leaf: a small struct with one encoding of a fixed size. Its default stands for an absent leaf and is never stored.
/// </summary>
public interface ILeaf<TSelf> : IEquatable<TSelf>, IEmptiable
    where TSelf : struct, ILeaf<TSelf>
{
    /// <summary>Bytes of the encoding.</summary>
    static abstract int Length { get; }

    /// <summary>Writes <see cref="Length"/> bytes.</summary>
    void Write(Span<byte> destination);

    /// <summary>Reads <see cref="Length"/> bytes; false where they are not the encoding of a leaf that may be stored.</summary>
    static abstract bool TryRead(ReadOnlySpan<byte> source, out TSelf leaf);
}
