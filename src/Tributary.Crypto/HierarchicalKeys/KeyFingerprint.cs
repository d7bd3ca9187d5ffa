using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using Tributary.Primitives.Bytes;

namespace Tributary.Crypto;

/// <summary>The first four bytes of a public key's hash160 (BIP 32): enough to find a key again, not to prove which it is.</summary>
public readonly struct KeyFingerprint : IEquatable<KeyFingerprint>
{
    /// <summary>Size in bytes.</summary>
    public const int Length = 4;

    private KeyFingerprint(uint value) => Value = value;

    /// <summary>The four bytes as a big-endian number.</summary>
    public uint Value { get; }

    /// <summary>True for the four zero bytes that a master key has in the place of a parent's fingerprint.</summary>
    public bool IsZero => Value == 0;

    /// <summary>The fingerprint of a key.</summary>
    public static KeyFingerprint Of(in PublicKey key)
    {
        Span<byte> compressed = stackalloc byte[PublicKey.CompressedLength];
        Span<byte> hash = stackalloc byte[20];
        key.WriteCompressed(compressed);
        Hashes.Hash160(compressed, hash);
        return FromBytes(hash[..Length]);
    }

    /// <summary>Takes four bytes.</summary>
    public static KeyFingerprint FromBytes(ReadOnlySpan<byte> bytes4)
    {
        Lengths.Require(bytes4, Length, nameof(bytes4));
        return new KeyFingerprint(BinaryPrimitives.ReadUInt32BigEndian(bytes4));
    }

    /// <summary>Reads eight hex digits, as descriptors write them.</summary>
    public static bool TryParse(ReadOnlySpan<char> hex, out KeyFingerprint fingerprint)
    {
        Span<byte> bytes = stackalloc byte[Length];
        var read = Hex.TryDecode(hex, bytes);
        fingerprint = read ? FromBytes(bytes) : default;
        return read;
    }

    /// <summary>Writes the four bytes.</summary>
    public void WriteTo(Span<byte> destination4) => BinaryPrimitives.WriteUInt32BigEndian(destination4, Value);

    public bool Equals(KeyFingerprint other) => Value == other.Value;

    public override bool Equals([NotNullWhen(true)] object? obj) => obj is KeyFingerprint other && Equals(other);

    public override int GetHashCode() => Value.GetHashCode();

    /// <summary>Eight hex digits.</summary>
    public override string ToString() => Value.ToString("x8");

    public static bool operator ==(KeyFingerprint left, KeyFingerprint right) => left.Equals(right);

    public static bool operator !=(KeyFingerprint left, KeyFingerprint right) => !left.Equals(right);
}
