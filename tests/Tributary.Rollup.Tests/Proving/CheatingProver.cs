using Tributary.Primitives.Results;
using Tributary.Proofs.Air;
using Tributary.Proofs.Memory;
using Tributary.Proofs.Stark;
using Tributary.Rollup.Anchoring;
using Tributary.Rollup.Proving;
using Tributary.Rollup.Segments;

namespace Tributary.Rollup.Tests.Proving;

/// <summary>
/// The kit for attacks on segments: a witness, built honestly or in a world of the attacker's own, with changes to its rows and its tables, under a
/// claim of the attacker's choice. What the cheat gets wrong is shown first; then it is proven and the verifier asked.
/// </summary>
internal sealed class CheatingProver
{
    /// <summary>The segment whose body and hints are posted.</summary>
    public required Segment Posted { get; init; }

    /// <summary>The segment whose witness is proven; that of the posted one where null.</summary>
    public Segment? Proven { get; init; }

    /// <summary>Changes the claim.</summary>
    public Func<SegmentStatement, SegmentStatement> Claim { get; init; } = static claim => claim;

    /// <summary>Changes the rows of the witness before the tables are filled.</summary>
    public Action<SegmentWitness> Rows { get; init; } = static _ => { };

    /// <summary>Changes the tables.</summary>
    public Action<IReadOnlyList<ColumnMatrix>> Tables { get; init; } = static _ => { };

    /// <summary>Changes the hints.</summary>
    public Func<byte[], byte[]> Hints { get; init; } = static hints => hints;

    /// <summary>Changes the posts of the forced queue that the verifier has from Bitcoin.</summary>
    public Func<IReadOnlyList<ForcedPost>, IReadOnlyList<ForcedPost>> Posts { get; init; } = static posts => posts;

    /// <summary>Shows that the cheat breaks these tables and buses and no others, and that the verifier refuses its proof.</summary>
    public void IsRefused(params string[] broken)
    {
        var claim = Claim(Posted.Statement(WeakProofs.Key.Digest));
        var hints = Hints(Posted.Hints);
        var posts = Posts(Posted.Posts);
        var statement = StatementMessages.Build(claim, Posted.BodyBytes.Span, posts, hints).Value;
        var witness = (Proven ?? Posted).Witness;
        Rows(witness);
        using var traces = SegmentProver.BuildTraces(witness, new ProverOptions());
        Tables(traces.Tables);

        var faults = TraceChecker.Find(RollupMachine.Instance, statement, traces.Tables);
        string[] places = [.. faults.Select(static fault => (fault.Row < 0 ? "bus " : "table ") + fault.Place).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        Assert.Equal([.. broken.Order(StringComparer.Ordinal)], places);

        var verdict = Verify(statement, traces);
        Assert.NotNull(verdict);
    }

    /// <summary>The verifier's answer to a claim that it can judge without a proof.</summary>
    public Refusal RefusedAtOnce() => WeakProofs.Verifier.Verify(
        Claim(Posted.Statement(WeakProofs.Key.Digest)), Posted.BodyBytes.Span, new RollupProof(Hints(Posted.Hints), new byte[1]).Write(), Posts(Posted.Posts)).Error;

    private static Refusal? Verify(Statement statement, TraceSet traces)
    {
        var proof = WeakProofs.Prove(statement, traces);
        var result = StarkVerifier.Verify(WeakProofs.Key, statement, proof, new VerifierPolicy { MinimumProvableBits = 0 });
        return result.IsOk ? null : result.Error;
    }
}
