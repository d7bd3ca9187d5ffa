using Tributary.Proofs.Stark;
using Tributary.Rollup.Proving.Tables;
using Tributary.Rollup.Segments;
using Tributary.Rollup.Signatures;

namespace Tributary.Rollup.Proving;

/// <summary>Proves segments under one set of parameters. Not for several threads at once; a proof itself uses as many as its options say.</summary>
public sealed class SegmentProver : IDisposable
{
    private readonly ProvingKey _key;

    /// <summary>A prover with the parameters of <see cref="SegmentVerifier.Fast"/> or <see cref="SegmentVerifier.Small"/>.</summary>
    public SegmentProver(ProofParameters parameters) => _key = ProvingKey.Create(RollupMachine.Instance, parameters);

    /// <summary>The key that verifies.</summary>
    public VerifyingKey VerifyingKey => _key.VerifyingKey;

    /// <summary>Proves a segment; the bytes are those of a <see cref="RollupProof"/>.</summary>
    public byte[] Prove(Segment segment, ProverOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new ProverOptions();
        var inputs = segment.Statement(VerifyingKey.Digest);
        if (!StatementMessages.Build(inputs, segment.BodyBytes.Span, segment.Posts, segment.Hints).TryGet(out var statement, out var refusal))
            throw new InvalidOperationException($"A segment that its own statement refuses: {refusal}");
        using var traces = BuildTraces(segment.Witness, options);
        options.Progress?.Report(new ProverProgress("witness", 0));
        var proof = StarkProver.Prove(_key, statement, traces.Tables, options, cancellationToken);
        return new RollupProof(segment.Hints, proof).Write();
    }

    public void Dispose() => _key.Dispose();

    /// <summary>Permutations of width 16 and 24 that a segment needs: what decides the heights of the hash tables.</summary>
    internal static (int Narrow, int Wide) CountPermutations(Segment segment)
    {
        var (narrow, wide) = (new HashCalls(XmssHash.ChainWidth), new HashCalls(XmssHash.WideWidth));
        using var set = new TraceSet(null);
        StateTraces.Fill(set, segment.Witness, narrow, wide);
        var signatures = segment.Witness.Signatures;
        return (narrow.Count + (signatures.Count * Xmss.VerifierSteps), wide.Count + signatures.Sum(static row => WideAir.Pairs + row.LogLifetime + 2));
    }

    /// <summary>The tables of a witness.</summary>
    internal static TraceSet BuildTraces(SegmentWitness witness, ProverOptions options)
    {
        var set = new TraceSet(options.Memory);
        var (narrow, wide) = (new HashCalls(XmssHash.ChainWidth), new HashCalls(XmssHash.WideWidth));
        StateTraces.Fill(set, witness, narrow, wide);
        SignatureTraces.Fill(set, witness, narrow, wide, options.Threads);
        return set;
    }
}
