namespace Tributary.Bitcoin.Psbt;

/// <summary>What a signer did.</summary>
/// <param name="Psbt">The PSBT with the signatures.</param>
/// <param name="SignatureCount">How many were added.</param>
public sealed record PsbtSigning(PartiallySignedTransaction Psbt, int SignatureCount);
