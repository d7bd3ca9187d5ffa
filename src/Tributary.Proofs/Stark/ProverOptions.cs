using Tributary.Proofs.Fields;
using Tributary.Proofs.Memory;

namespace Tributary.Proofs.Stark;

/// <summary>How the prover runs; nothing here changes a byte of the proof.</summary>
public sealed record ProverOptions
{
    /// <summary>Threads at most.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>The vectors to compute on.</summary>
    public Packing Packing { get; init; } = Packings.Best;

    /// <summary>Memory kept from proof to proof; without it each proof takes its own and gives it back to the system.</summary>
    public ProverMemory? Memory { get; init; }

    /// <summary>Told at the end of each stage the share of the work that is done, as far as it can be foreseen.</summary>
    public IProgress<ProverProgress>? Progress { get; init; }
}
