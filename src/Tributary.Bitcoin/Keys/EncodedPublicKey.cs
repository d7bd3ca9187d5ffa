using System.Diagnostics.CodeAnalysis;
using Tributary.Crypto;
using Tributary.Primitives.Bytes;

namespace Tributary.Bitcoin.Keys;

/// <summary>
/// A public key as it stands in a script: 33 bytes (compressed) or 65 (uncompressed). The point is on the curve; the bytes are kept
/// because a script's hash depends on them.
/// </summary>
public readonly struct EncodedPublicKey : IEquatable<EncodedPublicKey>, IComparable<EncodedPublicKey>
{
    private readonly ReadOnlyMemory<byte> _bytes;

    private EncodedPublicKey(ReadOnlyMemory<byte> bytes) => _bytes = bytes;

    /// <summary>A key in either form.</summary>
    public EncodedPublicKey(PublicKey key, bool isCompressed = true)
    {
        var bytes = new byte[isCompressed ? PublicKey.CompressedLength : PublicKey.UncompressedLength];
        if (isCompressed)
            key.WriteCompressed(bytes);
        else
            key.WriteUncompressed(bytes);
        _bytes = bytes;
    }

    /// <summary>33 or 65 bytes.</summary>
    public ReadOnlyMemory<byte> Memory => _bytes;

    /// <summary>33 or 65 bytes.</summary>
    public ReadOnlySpan<byte> Span => _bytes.Span;

    /// <summary>True for 33 bytes, the only form that segwit's policy allows.</summary>
    public bool IsCompressed => _bytes.Length == PublicKey.CompressedLength;

    /// <summary>The point.</summary>
    public PublicKey Key => PublicKey.TryParse(_bytes.Span, out var key) ? key : throw new InvalidOperationException("The key was checked when it was parsed.");

    /// <summary>RIPEMD-160 of SHA-256 of the bytes: what P2PKH and P2WPKH commit to.</summary>
    public byte[] Hash160
    {
        get
        {
            var hash = new byte[20];
            Hashes.Hash160(_bytes.Span, hash);
            return hash;
        }
    }

    /// <summary>The x coordinate, as taproot uses keys.</summary>
    public Bytes32 XOnly => new(_bytes.Span.Slice(1, 32));

    /// <summary>Takes 33 bytes (02, 03) or 65 bytes (04) of a point on the curve; the hybrid forms 06 and 07 are refused. Keeps the memory.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> bytes, out EncodedPublicKey key)
    {
        var span = bytes.Span;
        var isKnownForm = (span.Length == PublicKey.CompressedLength && span[0] is 2 or 3) || (span.Length == PublicKey.UncompressedLength && span[0] == 4);
        var isKey = isKnownForm && PublicKey.TryParse(span, out _);
        key = isKey ? new EncodedPublicKey(bytes) : default;
        return isKey;
    }

    /// <summary>Orders by the bytes, as BIP 67 does for <c>sortedmulti</c>.</summary>
    public int CompareTo(EncodedPublicKey other) => Span.SequenceCompareTo(other.Span);

    public bool Equals(EncodedPublicKey other) => Span.SequenceEqual(other.Span);

    public override bool Equals([NotNullWhen(true)] object? obj) => obj is EncodedPublicKey other && Equals(other);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(Span);
        return hash.ToHashCode();
    }

    /// <summary>The bytes in hex.</summary>
    public override string ToString() => Hex.Encode(Span);

    public static bool operator ==(EncodedPublicKey left, EncodedPublicKey right) => left.Equals(right);

    public static bool operator !=(EncodedPublicKey left, EncodedPublicKey right) => !left.Equals(right);

    public static bool operator <(EncodedPublicKey left, EncodedPublicKey right) => left.CompareTo(right) < 0;

    public static bool operator >(EncodedPublicKey left, EncodedPublicKey right) => left.CompareTo(right) > 0;

    public static bool operator <=(EncodedPublicKey left, EncodedPublicKey right) => left.CompareTo(right) <= 0;

    public static bool operator >=(EncodedPublicKey left, EncodedPublicKey right) => left.CompareTo(right) >= 0;
}
