using Tributary.Rollup.State;

namespace Tributary.Rollup.Signatures;

/// <summary>A signature that was found good: worth as much as the key is still the account's.</summary>
/// <param name="Key">The key under which it holds.</param>
/// <param name="Message">What it covers.</param>
internal readonly record struct CheckedSignature(XmssPublicKey Key, TreeDigest Message);
