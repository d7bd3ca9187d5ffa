using System.Diagnostics.CodeAnalysis;
using Tributary.Crypto;
using Tributary.Primitives.Bytes;

namespace Tributary.Bitcoin.Keys;

/// <summary>
/// Secret keys that a signer may use, found by what a transaction tells of them. A key that is returned belongs to the caller, who
/// disposes of it.
/// </summary>
public interface ISecretKeySource
{
    /// <summary>The secret key of a public key, which may come with its origin.</summary>
    bool TryFind(EncodedPublicKey publicKey, KeyOrigin? origin, [NotNullWhen(true)] out SecretKey? key);

    /// <summary>The secret key of an x-only key: of the point with either y.</summary>
    bool TryFind(Bytes32 xOnly, KeyOrigin? origin, [NotNullWhen(true)] out SecretKey? key);

    /// <summary>The public key behind a hash, where the source knows it without being told an origin.</summary>
    bool TryFindByHash(ReadOnlySpan<byte> hash160, out EncodedPublicKey publicKey);
}
