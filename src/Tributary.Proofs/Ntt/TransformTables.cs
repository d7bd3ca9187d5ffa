using Tributary.Proofs.Fields;
using Tributary.Proofs.Memory;

namespace Tributary.Proofs.Ntt;

/// <summary>Factors for going between the values on H, coefficients, and the values on each coset of a domain. One owner, who disposes it.</summary>
internal sealed class TransformTables : IDisposable
{
    private readonly Twiddles[] _forward;
    private readonly Twiddles?[] _backward;
    private readonly ProverMemory? _memory;

    public TransformTables(EvaluationDomain domain, ProverMemory? memory = null)
    {
        Domain = domain;
        _memory = memory;
        TraceInverse = new Twiddles(domain.LogHeight, KoalaBear.One, inverse: true, memory);
        _forward = [.. Enumerable.Range(0, domain.Blowup).Select(coset => new Twiddles(domain.LogHeight, domain.CosetShift(coset), inverse: false, memory))];
        _backward = new Twiddles?[domain.Blowup];
    }

    public EvaluationDomain Domain { get; }

    /// <summary>From values on H to coefficients.</summary>
    public Twiddles TraceInverse { get; }

    /// <summary>From coefficients to values on a coset.</summary>
    public Twiddles Forward(int coset) => _forward[coset];

    /// <summary>From values on a coset to coefficients; made when first asked for, on the owner's thread.</summary>
    public Twiddles Inverse(int coset) =>
        _backward[coset] ??= new Twiddles(Domain.LogHeight, Domain.CosetShift(coset), inverse: true, _memory);

    public void Dispose()
    {
        TraceInverse.Dispose();
        foreach (var table in _forward)
            table.Dispose();
        foreach (var table in _backward)
            table?.Dispose();
    }
}
