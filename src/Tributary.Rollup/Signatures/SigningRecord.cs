using Tributary.Rollup.State;

namespace Tributary.Rollup.Signatures;

/// <summary>What a wallet writes down before it signs: that this index is for this message and no other.</summary>
/// <param name="Index">The one-time key.</param>
/// <param name="Message">What it signs.</param>
public readonly record struct SigningRecord(uint Index, TreeDigest Message);
