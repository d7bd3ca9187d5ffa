using Tributary.Proofs.Fields;

namespace Tributary.Proofs.Stark;

/// <summary>How the prover runs; nothing here changes a byte of the proof.</summary>
public sealed record ProverOptions
{
    /// <summary>Threads at most.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>The vectors to compute on.</summary>
    public Packing Packing { get; init; } = Packings.Best;

    /// <summary>Told at the end of each stage the share of the work that is done, as far as it can be foreseen.</summary>
    public IProgress<ProverProgress>? Progress { get; init; }
}
