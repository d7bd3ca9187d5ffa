using Tributary.Primitives.Results;
using Tributary.Proofs.Air;
using Tributary.Proofs.Fields;
using Tributary.Proofs.Memory;
using Tributary.Proofs.Stark;

namespace Tributary.Proofs.Tests.Stark;

/// <summary>
/// The kit for attacks: an honest witness to start from, a change to it or to one step of the protocol, and the verifier's answer. A change to the
/// witness is first shown to break what it is meant to break and nothing else.
/// </summary>
internal sealed class CheatingProver : IDisposable
{
    private readonly Func<Sample> _sample;
    private readonly ProvingKey _key;

    public CheatingProver(Func<Sample> sample, ProofParameters parameters)
    {
        _sample = sample;
        using var first = sample();
        _key = ProvingKey.Create(first.Machine, parameters);
        Assert.Null(Attack(null, new ProverHooks()));
    }

    public VerifyingKey Key => _key.VerifyingKey;

    /// <summary>What the honest witness with a change gets wrong.</summary>
    public IReadOnlyList<TraceFault> Faults(Action<ColumnMatrix[]> change)
    {
        using var sample = _sample();
        change(sample.Traces);
        return TraceChecker.Find(sample.Machine, sample.Statement, sample.Traces);
    }

    /// <summary>The verifier's objection to a proof from a changed witness or with a changed step; null when it takes the proof.</summary>
    public Refusal? Attack(Action<ColumnMatrix[]>? change, ProverHooks hooks)
    {
        using var sample = _sample();
        change?.Invoke(sample.Traces);
        var proof = StarkProver.Prove(_key, sample.Statement, sample.Traces, new ProverOptions(), hooks, TestContext.Current.CancellationToken);
        var result = StarkVerifier.Verify(_key.VerifyingKey, sample.Statement, proof, SampleMachines.AnySecurity);
        return result.IsOk ? null : result.Error;
    }

    /// <summary>As <see cref="Attack"/>, with a hook that solves for the quotient's claimed value: the constraints then hold at ζ whatever the trace.</summary>
    public Refusal? AttackWithMatchingQuotient(Action<ColumnMatrix[]>? change, int table) => Attack(change, new ProverHooks
    {
        Openings = (openings, point, alpha) => MatchQuotient(openings, point, alpha, table),
    });

    public void Dispose() => _key.Dispose();

    /// <summary>Chooses the claimed value of the first coordinate of the first chunk such that Σ αⁱ·Cᵢ(ζ) = Z(ζ)·Q(ζ). For tables without messages.</summary>
    private void MatchQuotient(Extension[] openings, Extension point, Extension alpha, int table)
    {
        using var sample = _sample();
        var layout = new ProofLayout(sample.Machine, _key.Parameters, [.. sample.Traces.Select(trace => trace.LogHeight)]);
        var shape = sample.Machine.Tables[table];
        var main = layout.Find(TreeKind.Main, table)!;
        var quotient = layout.Find(TreeKind.Quotient, table)!;
        var power = point.PowerOfTwo(main.LogHeight);
        var generator = KoalaBear.TwoAdicGenerator(main.LogHeight);
        var vanishing = (power - KoalaBear.One) * KoalaBear.InversePowerOfTwo(main.LogHeight);
        var opening = new TableOpening
        {
            Preprocessed = [],
            PreprocessedNext = [],
            Main = openings[main.FirstOpening..main.FirstNextOpening],
            Next = openings[main.FirstNextOpening..(main.FirstOpening + main.Openings)],
            Lookup = [],
            LookupNext = Extension.Zero,
            IsFirstRow = vanishing * (point - KoalaBear.One).Inverse(),
            IsLastRow = vanishing * ((point * generator) - KoalaBear.One).Inverse(),
            IsTransition = point - generator.Inverse(),
        };
        var builder = new OutOfDomainBuilder(
            shape,
            opening,
            [.. sample.Statement.PublicValues[table]],
            new LookupChallenges(Extension.Zero, Extension.Zero, 1),
            alpha,
            Extension.Zero);
        shape.Air.Evaluate<OutOfDomainBuilder, Extension>(ref builder);

        var rest = Extension.Zero;
        for (var i = quotient.Width - 1; i > 0; i--)
            rest += openings[quotient.FirstOpening + i] * Extension.X.Power((ulong)(i % 5)) * power.Power((ulong)(i / 5));
        openings[quotient.FirstOpening] = (builder.Sum * (power - KoalaBear.One).Inverse()) - rest;
    }
}
