using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;

namespace Tributary.Crypto;

/// <summary>
/// A public key with the chain code from which its unhardened children follow (BIP 32). Immutable. No secret, yet whoever has it sees every
/// payment to its children, and with it one child's private key gives the parent's.
/// </summary>
public sealed class ExtendedPublicKey : IEquatable<ExtendedPublicKey>
{
    private readonly PublicKey _publicKey;
    private readonly Bytes32 _chainCode;

    internal ExtendedPublicKey(PublicKey publicKey, Bytes32 chainCode, ExtendedKeyOrigin origin) =>
        (_publicKey, _chainCode, Origin) = (publicKey, chainCode, origin);

    /// <summary>Where in its tree the key stands.</summary>
    public ExtendedKeyOrigin Origin { get; }

    /// <summary>The point.</summary>
    public PublicKey PublicKey => _publicKey;

    /// <summary>What children carry as their parent, and descriptors as the key's origin.</summary>
    public KeyFingerprint Fingerprint => KeyFingerprint.Of(_publicKey);

    /// <summary>Reads xpub or tpub text.</summary>
    public static Result<ExtendedPublicKey, Refusal> Parse(ReadOnlySpan<char> text)
    {
        Span<byte> payload = stackalloc byte[ExtendedKeyPayload.Length];
        return ExtendedKeyPayload.Decode(text, payload) is { } refusal ? refusal : Read(payload);
    }

    /// <summary>Reads the 78 bytes behind the text, as PSBT carries them.</summary>
    public static Result<ExtendedPublicKey, Refusal> Read(ReadOnlySpan<byte> payload78)
    {
        if (payload78.Length != ExtendedKeyPayload.Length)
            return new Refusal("extended key", $"has {payload78.Length} bytes; {ExtendedKeyPayload.Length} are needed");
        if (ExtendedKeyPayload.ReadOrigin(payload78, isPrivate: false, out var origin) is { } refusal)
            return refusal;
        if (!PublicKey.TryParse(ExtendedKeyPayload.Key(payload78), out var key))
            return new Refusal("extended key", "holds no valid public key");

        return new ExtendedPublicKey(key, new Bytes32(ExtendedKeyPayload.ChainCode(payload78)), origin);
    }

    /// <summary>The child at this step. Refused for a hardened one, below depth 255, and for one index in 2^127.</summary>
    public Result<ExtendedPublicKey, Refusal> Derive(ChildIndex index)
    {
        if (index.IsHardened)
            return new Refusal("path", $"the hardened step {index} needs the private key");
        if (ExtendedKeyPayload.RefuseDepth(Origin) is { } refusal)
            return refusal;

        Span<byte> data = stackalloc byte[PublicKey.CompressedLength];
        Span<byte> hash = stackalloc byte[64];
        _publicKey.WriteCompressed(data);
        ExtendedKeyPayload.Derive(_chainCode.Span, data, index, hash);
        return _publicKey.TweakAdd(hash[..32], out var key)
            ? new ExtendedPublicKey(key, new Bytes32(hash[32..]), Origin.Child(Fingerprint, index))
            : ExtendedKeyPayload.NoSuchChild(index);
    }

    /// <summary>The descendant at this path; this key for the path of no steps.</summary>
    public Result<ExtendedPublicKey, Refusal> Derive(DerivationPath path)
    {
        var current = this;
        foreach (var step in path.Steps)
        {
            if (!current.Derive(step).TryGet(out var next, out var refusal))
                return refusal;
            current = next;
        }

        return current;
    }

    /// <summary>Writes the 78 bytes behind the text, as PSBT carries them.</summary>
    public void WriteTo(Span<byte> payload78)
    {
        Lengths.RequireRoom(payload78, ExtendedKeyPayload.Length, nameof(payload78));
        _publicKey.WriteCompressed(ExtendedKeyPayload.Write(payload78, Origin, isPrivate: false, _chainCode.Span));
    }

    public bool Equals(ExtendedPublicKey? other) =>
        other is not null && Origin == other.Origin && _chainCode == other._chainCode && _publicKey == other._publicKey;

    public override bool Equals(object? obj) => Equals(obj as ExtendedPublicKey);

    public override int GetHashCode() => HashCode.Combine(Origin, _chainCode);

    /// <summary>The text, xpub or tpub.</summary>
    public override string ToString()
    {
        Span<byte> payload = stackalloc byte[ExtendedKeyPayload.Length];
        Span<char> text = stackalloc char[ExtendedKeyPayload.TextLengthMax];
        WriteTo(payload);
        return new string(text[..Base58Check.Encode(payload, text)]);
    }
}
