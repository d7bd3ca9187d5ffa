namespace Tributary.Proofs.Stark;

/// <summary>What a verifier asks of any proof, whatever its key says.</summary>
public sealed record VerifierPolicy
{
    /// <summary>The default: 100 provable bits, 64 MiB.</summary>
    public static VerifierPolicy Default { get; } = new();

    /// <summary>Bits of provable soundness that the parameters must give for the proof's heights.</summary>
    public double MinimumProvableBits { get; init; } = 100;

    /// <summary>Bytes of a proof at most.</summary>
    public int MaxProofLength { get; init; } = 1 << 26;
}
