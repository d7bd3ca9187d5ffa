using System.Diagnostics.CodeAnalysis;
using Tributary.Crypto;
using Tributary.Primitives.Bytes;

namespace Tributary.Bitcoin.Keys;

/// <summary>Single secret keys. Owns copies of them; not changed while it is read.</summary>
public sealed class KeyRing : ISecretKeySource, IDisposable
{
    private readonly Dictionary<Bytes32, SecretKey> _keys = [];
    private readonly Dictionary<string, EncodedPublicKey> _byHash = new(StringComparer.Ordinal);

    /// <summary>Adds a copy of a key; it is found by both forms of its public key.</summary>
    public void Add(SecretKey key)
    {
        var compressed = new EncodedPublicKey(key.PublicKey);
        if (!_keys.TryAdd(compressed.XOnly, key))
            return;

        _keys[compressed.XOnly] = key.Clone();
        var uncompressed = new EncodedPublicKey(key.PublicKey, isCompressed: false);
        _byHash[Hex.Encode(compressed.Hash160)] = compressed;
        _byHash[Hex.Encode(uncompressed.Hash160)] = uncompressed;
    }

    public bool TryFind(EncodedPublicKey publicKey, KeyOrigin? origin, [NotNullWhen(true)] out SecretKey? key) =>
        TryFind(publicKey.XOnly, origin, out key) && (key.PublicKey == publicKey.Key || Forget(ref key));

    public bool TryFind(Bytes32 xOnly, KeyOrigin? origin, [NotNullWhen(true)] out SecretKey? key)
    {
        key = _keys.TryGetValue(xOnly, out var known) ? known.Clone() : null;
        return key is not null;
    }

    public bool TryFindByHash(ReadOnlySpan<byte> hash160, out EncodedPublicKey publicKey) => _byHash.TryGetValue(Hex.Encode(hash160), out publicKey);

    public void Dispose()
    {
        foreach (var key in _keys.Values)
            key.Dispose();
        _keys.Clear();
        _byHash.Clear();
    }

    // The point with the other y has another secret key.
    private static bool Forget([NotNullWhen(true)] ref SecretKey? key)
    {
        key?.Dispose();
        key = null;
        return false;
    }
}
