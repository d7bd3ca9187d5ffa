namespace Tributary.Rollup.Signatures;

/// <summary>
/// The parameters of the account signatures: generalised XMSS (ePrint 2025/055) with a target-sum Winternitz encoding whose digits are drawn by
/// rejection (ePrint 2026/016), over Poseidon2. docs/rollup/signatures.md states the scheme and its security.
/// </summary>
public static class Xmss
{
    /// <summary>Hash chains of a one-time key.</summary>
    public const int Chains = 46;

    /// <summary>log2 of the values of a digit; a chain has one step fewer than values.</summary>
    public const int LogBase = 3;

    /// <summary>Values of a digit.</summary>
    public const int Base = 1 << LogBase;

    /// <summary>What the digits of a signed message add up to. Two such encodings are never comparable, so no signature gives another.</summary>
    public const int TargetSum = 200;

    /// <summary>Chain steps that a verifier takes.</summary>
    public const int VerifierSteps = (Chains * (Base - 1)) - TargetSum;

    /// <summary>Field elements of a digest.</summary>
    public const int DigestElements = 8;

    /// <summary>Field elements of the public parameter that tells keys apart.</summary>
    public const int ParameterElements = 5;

    /// <summary>Field elements of the randomness of a message hash.</summary>
    public const int RandomnessElements = 8;

    /// <summary>Tries at a message hash before signing gives up. One in 913 succeeds, so it never does.</summary>
    public const int MaxAttempts = 1 << 16;

    /// <summary>Bytes of a signature under a key of so many one-time keys.</summary>
    public static int SignatureLength(int logLifetime) =>
        sizeof(uint) * (RandomnessElements + ParameterElements + (DigestElements * (Chains + logLifetime)));
}
