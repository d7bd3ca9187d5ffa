using Tributary.Crypto;

namespace Tributary.Bitcoin.Keys;

/// <summary>Where a key comes from: the fingerprint of a master key and BIP 32 steps from there.</summary>
/// <param name="Fingerprint">The master key's.</param>
/// <param name="Path">The steps; none for the master key itself.</param>
public sealed record KeyOrigin(KeyFingerprint Fingerprint, DerivationPath Path)
{
    /// <summary>As descriptors write it inside brackets: "d34db33f/84h/0h/0h".</summary>
    public override string ToString() => Path.Count == 0 ? Fingerprint.ToString() : $"{Fingerprint}/{Path.ToRelativeText()}";
}
