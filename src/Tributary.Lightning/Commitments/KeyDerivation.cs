using System.Diagnostics.CodeAnalysis;
using Tributary.Crypto;

namespace Tributary.Lightning.Commitments;

/// <summary>
/// The keys of one commitment from basepoints and its point (BOLT 3, "Key Derivation"). A derivation gives false only when points are chosen to
/// cancel each other out: the peer's, then, and the channel fails.
/// </summary>
public static class KeyDerivation
{
    /// <summary>basepoint + SHA256(per_commitment_point || basepoint)·G.</summary>
    public static bool TryDerivePublicKey(in PublicKey basepoint, in PublicKey perCommitmentPoint, out PublicKey key)
    {
        Span<byte> tweak = stackalloc byte[32];
        HashPoints(perCommitmentPoint, basepoint, tweak);
        return basepoint.TweakAdd(tweak, out key);
    }

    /// <summary>The secret of <see cref="TryDerivePublicKey"/>, which belongs to the caller.</summary>
    public static bool TryDeriveSecretKey(SecretKey basepointSecret, in PublicKey perCommitmentPoint, [NotNullWhen(true)] out SecretKey? key)
    {
        Span<byte> tweak = stackalloc byte[32];
        HashPoints(perCommitmentPoint, basepointSecret.PublicKey, tweak);
        return basepointSecret.TweakAdd(tweak, out key);
    }

    /// <summary>
    /// revocation_basepoint·SHA256(revocation_basepoint || per_commitment_point) + per_commitment_point·SHA256(per_commitment_point ||
    /// revocation_basepoint): its secret takes one from each side.
    /// </summary>
    public static bool TryDeriveRevocationKey(in PublicKey revocationBasepoint, in PublicKey perCommitmentPoint, out PublicKey key)
    {
        Span<byte> tweak = stackalloc byte[32];
        Span<PublicKey> summands = stackalloc PublicKey[2];
        key = default;
        HashPoints(revocationBasepoint, perCommitmentPoint, tweak);
        if (!revocationBasepoint.TweakMultiply(tweak, out summands[0]))
            return false;
        HashPoints(perCommitmentPoint, revocationBasepoint, tweak);
        return perCommitmentPoint.TweakMultiply(tweak, out summands[1]) && PublicKey.Combine(summands, out key);
    }

    /// <summary>The secret of <see cref="TryDeriveRevocationKey"/>, once the other side has revoked; it belongs to the caller.</summary>
    public static bool TryDeriveRevocationSecret(
        SecretKey revocationBasepointSecret, SecretKey perCommitmentSecret, [NotNullWhen(true)] out SecretKey? key)
    {
        key = null;
        Span<byte> tweak = stackalloc byte[32];
        HashPoints(revocationBasepointSecret.PublicKey, perCommitmentSecret.PublicKey, tweak);
        if (!revocationBasepointSecret.TweakMultiply(tweak, out var ours))
            return false;
        using (ours)
        {
            HashPoints(perCommitmentSecret.PublicKey, revocationBasepointSecret.PublicKey, tweak);
            if (!perCommitmentSecret.TweakMultiply(tweak, out var theirs))
                return false;
            using (theirs)
                return SecretKey.Combine([ours, theirs], out key);
        }
    }

    private static void HashPoints(in PublicKey first, in PublicKey second, Span<byte> hash32)
    {
        Span<byte> both = stackalloc byte[2 * PublicKey.CompressedLength];
        first.WriteCompressed(both);
        second.WriteCompressed(both[PublicKey.CompressedLength..]);
        Hashes.Sha256(both, hash32);
    }
}
