using System.Diagnostics.CodeAnalysis;
using Tributary.Crypto;
using Tributary.Primitives.Bytes;

namespace Tributary.Bitcoin.Keys;

/// <summary>
/// Keys below one extended private key, found by the origin that PSBTs and descriptors carry: a derived key counts only when its public
/// key is the one asked for. Does not own the extended key.
/// </summary>
/// <param name="root">The key to derive from.</param>
/// <param name="rootOrigin">Where it comes from; null for a master key.</param>
public sealed class HierarchicalKeySource(ExtendedPrivateKey root, KeyOrigin? rootOrigin = null) : ISecretKeySource
{
    private readonly KeyOrigin _origin = rootOrigin ?? new KeyOrigin(root.Fingerprint, DerivationPath.Root);

    public bool TryFind(EncodedPublicKey publicKey, KeyOrigin? origin, [NotNullWhen(true)] out SecretKey? key) =>
        TryFind(publicKey.XOnly, origin, out key) && (key.PublicKey == publicKey.Key || Forget(ref key));

    public bool TryFind(Bytes32 xOnly, KeyOrigin? origin, [NotNullWhen(true)] out SecretKey? key)
    {
        key = null;
        if (origin is null
            || origin.Fingerprint != _origin.Fingerprint
            || origin.Path.Count < _origin.Path.Count
            || !origin.Path.Steps[.._origin.Path.Count].SequenceEqual(_origin.Path.Steps)
            || !root.Derive(new DerivationPath(origin.Path.Steps[_origin.Path.Count..])).TryGet(out var derived))
            return false;

        using (derived)
            key = derived.Key.Clone();
        return key.PublicKey.ToXOnly().ToBytes32() == xOnly || Forget(ref key);
    }

    public bool TryFindByHash(ReadOnlySpan<byte> hash160, out EncodedPublicKey publicKey)
    {
        publicKey = default;
        return false;
    }

    private static bool Forget([NotNullWhen(true)] ref SecretKey? key)
    {
        key?.Dispose();
        key = null;
        return false;
    }
}
