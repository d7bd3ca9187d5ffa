using Tributary.Bitcoin.Keys;

namespace Tributary.Bitcoin.Descriptors;

/// <summary>A public key that a descriptor derived, and where it comes from.</summary>
public readonly record struct DerivedKey(EncodedPublicKey Key, KeyOrigin Origin);
