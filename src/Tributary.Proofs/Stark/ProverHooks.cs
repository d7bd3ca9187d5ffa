using Tributary.Proofs.Air;
using Tributary.Proofs.Memory;
using Tributary.Proofs.Ntt;

namespace Tributary.Proofs.Stark;

/// <summary>
/// Where a dishonest prover can depart from the protocol, step by step. The honest prover has none set; tests set one at a time and see the verifier
/// refuse the result.
/// </summary>
internal sealed class ProverHooks
{
    /// <summary>Changes a table's extended trace before it is committed.</summary>
    public Action<int, CosetMatrix>? Extended { get; init; }

    /// <summary>Changes a table's lookup columns before they are committed.</summary>
    public Action<int, ColumnMatrix, LookupChallenges>? Lookup { get; init; }

    /// <summary>Changes the claimed totals of the tables.</summary>
    public Action<Extension[], LookupChallenges>? Totals { get; init; }

    /// <summary>Changes the coefficients of a table's quotient chunks before they are committed; told α too.</summary>
    public Action<int, ColumnMatrix, Extension>? Quotient { get; init; }

    /// <summary>Changes the claimed values out of domain; told ζ and α too.</summary>
    public Action<Extension[], Extension, Extension>? Openings { get; init; }

    /// <summary>Changes the DEEP quotient of a height, as values on its first coset in bit-reversed coefficients.</summary>
    public Action<int, ColumnMatrix>? DeepQuotient { get; init; }

    /// <summary>Changes the final polynomial.</summary>
    public Action<Extension[]>? Final { get; init; }

    /// <summary>Changes the nonce of the work before the batching challenge.</summary>
    public Func<ulong, ulong>? BatchNonce { get; init; }

    /// <summary>Changes the nonce of the work before the queries.</summary>
    public Func<ulong, ulong>? QueryNonce { get; init; }

    /// <summary>Changes the points that are opened.</summary>
    public Func<int[], int[]>? Indices { get; init; }

    /// <summary>An entry that the prover leaves out of its transcript.</summary>
    public string? SkippedEntry { get; init; }
}
