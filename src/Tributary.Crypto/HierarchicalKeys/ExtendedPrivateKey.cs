using System.Diagnostics;
using System.Security.Cryptography;
using Tributary.Primitives.Results;

namespace Tributary.Crypto;

/// <summary>
/// A private key with the chain code from which its children follow (BIP 32). Zeroed on Dispose, never printed; its text comes only from
/// <see cref="Reveal"/>.
/// </summary>
[DebuggerDisplay("extended private key")]
public sealed class ExtendedPrivateKey : IDisposable
{
    private readonly SecretBytes _chainCode;

    private ExtendedPrivateKey(SecretKey key, SecretBytes chainCode, ExtendedKeyOrigin origin) =>
        (Key, _chainCode, Origin) = (key, chainCode, origin);

    /// <summary>Where in its tree the key stands.</summary>
    public ExtendedKeyOrigin Origin { get; }

    /// <summary>The key itself. It belongs to this object and ends with it; <see cref="SecretKey.Clone"/> makes one that does not.</summary>
    public SecretKey Key { get; }

    /// <summary>The matching point.</summary>
    public PublicKey PublicKey => Key.PublicKey;

    /// <summary>What children carry as their parent, and descriptors as the key's origin.</summary>
    public KeyFingerprint Fingerprint => KeyFingerprint.Of(PublicKey);

    /// <summary>The master key of a seed. Refused for one seed in 2^127.</summary>
    public static Result<ExtendedPrivateKey, Refusal> FromSeed(Seed seed, ExtendedKeyNetwork network)
    {
        Span<byte> hash = stackalloc byte[64];
        Hashes.HmacSha512("Bitcoin seed"u8, seed.Span, hash);
        var valid = SecretKey.TryCreate(hash[..32], out var key);
        var chainCode = new SecretBytes(hash[32..]);
        CryptographicOperations.ZeroMemory(hash);
        if (valid)
            return new ExtendedPrivateKey(key!, chainCode, ExtendedKeyOrigin.Master(network));

        chainCode.Dispose();
        return new Refusal("seed", "leads to no valid master key; take another");
    }

    /// <summary>Reads xprv or tprv text.</summary>
    public static Result<ExtendedPrivateKey, Refusal> Parse(ReadOnlySpan<char> text)
    {
        Span<byte> payload = stackalloc byte[ExtendedKeyPayload.Length];
        try
        {
            if (ExtendedKeyPayload.Decode(text, payload) is { } unreadable)
                return unreadable;
            if (ExtendedKeyPayload.ReadOrigin(payload, isPrivate: true, out var origin) is { } refusal)
                return refusal;

            var scalar = ExtendedKeyPayload.Key(payload);
            if (scalar[0] != 0 || !SecretKey.TryCreate(scalar[1..], out var key))
                return new Refusal("extended key", "holds no valid private key");

            return new ExtendedPrivateKey(key, new SecretBytes(ExtendedKeyPayload.ChainCode(payload)), origin);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(payload);
        }
    }

    /// <summary>The child at this step. Refused below depth 255, and for one index in 2^127.</summary>
    public Result<ExtendedPrivateKey, Refusal> Derive(ChildIndex index)
    {
        if (ExtendedKeyPayload.RefuseDepth(Origin) is { } refusal)
            return refusal;

        Span<byte> data = stackalloc byte[33];
        Span<byte> hash = stackalloc byte[64];
        if (index.IsHardened)
        {
            data[0] = 0;
            Key.WriteTo(data[1..]);
        }
        else
        {
            PublicKey.WriteCompressed(data);
        }

        ExtendedKeyPayload.Derive(_chainCode.Span, data, index, hash);
        var derived = Key.TweakAdd(hash[..32], out var key);
        var chainCode = new SecretBytes(hash[32..]);
        CryptographicOperations.ZeroMemory(data);
        CryptographicOperations.ZeroMemory(hash);
        if (derived)
            return new ExtendedPrivateKey(key!, chainCode, Origin.Child(Fingerprint, index));

        chainCode.Dispose();
        return ExtendedKeyPayload.NoSuchChild(index);
    }

    /// <summary>The descendant at this path; a copy of this key for the path of no steps. Keys on the way are zeroed.</summary>
    public Result<ExtendedPrivateKey, Refusal> Derive(DerivationPath path)
    {
        var current = new ExtendedPrivateKey(Key.Clone(), new SecretBytes(_chainCode.Span), Origin);
        foreach (var step in path.Steps)
        {
            var result = current.Derive(step);
            current.Dispose();
            if (!result.TryGet(out var next, out var refusal))
                return refusal;
            current = next;
        }

        return current;
    }

    /// <summary>The extended public key that derives the same public keys, without hardened steps (BIP 32's N).</summary>
    public ExtendedPublicKey Neuter() => new(PublicKey, new Primitives.Bytes.Bytes32(_chainCode.Span), Origin);

    /// <summary>The text, xprv or tprv, in a string that cannot be zeroed: for a person who asked to see it.</summary>
    public string Reveal()
    {
        Span<byte> payload = stackalloc byte[ExtendedKeyPayload.Length];
        Span<char> text = stackalloc char[ExtendedKeyPayload.TextLengthMax];
        var key = ExtendedKeyPayload.Write(payload, Origin, isPrivate: true, _chainCode.Span);
        key[0] = 0;
        Key.WriteTo(key[1..]);
        var revealed = new string(text[..Base58Check.Encode(payload, text)]);
        CryptographicOperations.ZeroMemory(payload);
        text.Clear();
        return revealed;
    }

    /// <summary>True for the same key, chain code and place; the secrets are compared in constant time.</summary>
    public bool ConstantTimeEquals(ExtendedPrivateKey other) =>
        Origin == other.Origin & Key.ConstantTimeEquals(other.Key) & _chainCode.ConstantTimeEquals(other._chainCode);

    public void Dispose()
    {
        Key.Dispose();
        _chainCode.Dispose();
    }

    /// <summary>Never the key.</summary>
    public override string ToString() => "(extended private key)";
}
