using Tributary.Rollup.State;

namespace Tributary.Rollup.Signatures;

/// <summary>What a signature is said to be of.</summary>
/// <param name="Key">Whose it is.</param>
/// <param name="Index">The one-time key.</param>
/// <param name="Message">What was signed.</param>
/// <param name="Signature">Its bytes, as they came.</param>
public readonly record struct SignedMessage(XmssPublicKey Key, uint Index, TreeDigest Message, ReadOnlyMemory<byte> Signature);
