using Tributary.Bitcoin.Keys;

namespace Tributary.Bitcoin.Psbt;

/// <summary>An extended public key that keys of the transaction derive from (BIP 174's PSBT_GLOBAL_XPUB).</summary>
/// <param name="Serialized">BIP 32's 78 bytes.</param>
/// <param name="Origin">Master fingerprint and path.</param>
public readonly record struct PsbtExtendedKey(ReadOnlyMemory<byte> Serialized, KeyOrigin Origin) : IComparable<PsbtExtendedKey>
{
    /// <summary>Orders by the serialized key.</summary>
    public int CompareTo(PsbtExtendedKey other) => Serialized.Span.SequenceCompareTo(other.Serialized.Span);

    public bool Equals(PsbtExtendedKey other) => Serialized.Span.SequenceEqual(other.Serialized.Span) && Origin == other.Origin;

    public override int GetHashCode() => Origin.GetHashCode();

    public static bool operator <(PsbtExtendedKey left, PsbtExtendedKey right) => left.CompareTo(right) < 0;

    public static bool operator >(PsbtExtendedKey left, PsbtExtendedKey right) => left.CompareTo(right) > 0;

    public static bool operator <=(PsbtExtendedKey left, PsbtExtendedKey right) => left.CompareTo(right) <= 0;

    public static bool operator >=(PsbtExtendedKey left, PsbtExtendedKey right) => left.CompareTo(right) >= 0;
}
