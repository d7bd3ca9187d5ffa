using System.Diagnostics.CodeAnalysis;

namespace Tributary.Crypto;

/// <summary>One step of a BIP 32 path: a number below 2^31, and whether the derivation is hardened.</summary>
public readonly struct ChildIndex : IEquatable<ChildIndex>
{
    /// <summary>The bit that marks a hardened step.</summary>
    public const uint HardenedBit = 0x8000_0000;

    private ChildIndex(uint raw) => Raw = raw;

    /// <summary>The number as it is hashed and stored: with the top bit set when hardened.</summary>
    public uint Raw { get; }

    /// <summary>The number without the hardened bit.</summary>
    public uint Number => Raw & ~HardenedBit;

    /// <summary>True when deriving takes the private key.</summary>
    public bool IsHardened => Raw >= HardenedBit;

    /// <summary>A step that an extended public key can take.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is 2^31 or more.</exception>
    public static ChildIndex Normal(uint number)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(number, HardenedBit);
        return new ChildIndex(number);
    }

    /// <summary>A step that takes the private key.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is 2^31 or more.</exception>
    public static ChildIndex Hardened(uint number)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(number, HardenedBit);
        return new ChildIndex(number | HardenedBit);
    }

    /// <summary>A step from its stored number, as PSBT carries it.</summary>
    public static ChildIndex FromRaw(uint raw) => new(raw);

    public bool Equals(ChildIndex other) => Raw == other.Raw;

    public override bool Equals([NotNullWhen(true)] object? obj) => obj is ChildIndex other && Equals(other);

    public override int GetHashCode() => Raw.GetHashCode();

    /// <summary>The number, with an "h" behind it when hardened.</summary>
    public override string ToString() => IsHardened ? $"{Number}h" : $"{Number}";

    public static bool operator ==(ChildIndex left, ChildIndex right) => left.Equals(right);

    public static bool operator !=(ChildIndex left, ChildIndex right) => !left.Equals(right);
}
