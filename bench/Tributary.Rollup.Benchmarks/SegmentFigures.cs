using System.Diagnostics;
using Tributary.Proofs.Benchmarks;
using Tributary.Proofs.Memory;
using Tributary.Proofs.Stark;
using Tributary.Rollup.Proving;
using Tributary.Rollup.Segments;

namespace Tributary.Rollup.Benchmarks;

/// <summary>Signed transfers proven and verified, from the witness to a proof that the verifier has taken.</summary>
internal static class SegmentFigures
{
    public static Figure Prove(string set, SegmentVerifier verifier, Segment segment, double goal, int runs)
    {
        using var memory = new ProverMemory();
        using var prover = new SegmentProver(verifier.Key.Parameters);
        var statement = segment.Statement(prover.VerifyingKey.Digest);
        byte[] proof = [];
        var stages = new StageClock();
        var seconds = double.MaxValue;
        KeyValuePair<string, object>[] profile = [];
        for (var run = 0; run <= runs; run++)
        {
            stages.Start();
            proof = prover.Prove(segment, new ProverOptions { Memory = memory, Progress = stages });
            if (run == 0 || stages.Total >= seconds)
                continue;
            seconds = stages.Total;
            profile = [.. stages.Each.Select(static stage => new KeyValuePair<string, object>($"{stage.Name}_seconds", stage.Seconds))];
        }

        var verdict = verifier.Verify(statement, segment.BodyBytes.Span, proof);
        if (!verdict.IsOk)
            throw new InvalidOperationException($"The proof is refused: {verdict.Error}");
        var (verifySeconds, statementSeconds) = (double.MaxValue, double.MaxValue);
        for (var run = 0; run <= 10 * runs; run++)
        {
            var start = CpuClock.Seconds;
            verifier.Verify(statement, segment.BodyBytes.Span, proof);
            verifySeconds = Math.Min(verifySeconds, CpuClock.Seconds - start);
            start = CpuClock.Seconds;
            StatementMessages.Build(statement, segment.BodyBytes.Span, segment.Posts, RollupProof.Read(proof).Value.Hints);
            statementSeconds = Math.Min(statementSeconds, CpuClock.Seconds - start);
        }

        var transfers = segment.Body.Operations.Count;
        var heights = verdict.Value.LogHeights;
        var parameters = verifier.Key.Parameters;
        var machine = verifier.Key.Machine;
        var rows = (1 << heights[RollupMachine.Narrow]) + (1 << heights[RollupMachine.Wide]);
        return new Figure(
            $"proof.transfers.{set}",
            transfers / seconds,
            "signed transfers/s",
            goal,
            [
                new("layout", string.Join(" ", machine.Tables.Zip(heights, static (table, height) => $"{table.Air.Name} {table.Air.Width}x2^{height}"))),
                new("transfers", transfers),
                new("permutations_per_second", RowsUsed(segment) / seconds),
                new("fill_ratio", RowsUsed(segment) / (double)rows),
                new("blowup", 1 << parameters.LogBlowup),
                new("queries", parameters.Queries),
                new("extension", "degree 5"),
                new("grinding_bits", $"{parameters.BatchGrindingBits} + {parameters.QueryGrindingBits}"),
                new("provable_bits", verdict.Value.Security.ProvableBits),
                new("conjectured_bits", verdict.Value.Security.ConjecturedBits),
                new("proof_bytes", proof.Length),
                new("verify_ms", verifySeconds * 1e3),
                new("of_it_reading_the_body_ms", statementSeconds * 1e3),
                new("body_bytes_per_transfer", segment.BodyBytes.Length / (double)transfers),
                new("vbytes_per_transfer", (segment.BodyBytes.Length + (3 * ((segment.BodyBytes.Length + 254) / 255))) / 4.0 / transfers),
                new("cpu_seconds", seconds),
                new("peak_memory_mb", Process.GetCurrentProcess().PeakWorkingSet64 / 1e6),
                .. profile,
            ]);
    }

    private static int RowsUsed(Segment segment)
    {
        var (narrow, wide) = SegmentProver.CountPermutations(segment);
        return narrow + wide;
    }

    /// <summary>Seconds of processor time between the reports of the prover.</summary>
    private sealed class StageClock : IProgress<ProverProgress>
    {
        private readonly List<(string Name, double Seconds)> _stages = [];
        private double _first;
        private double _last;

        public IReadOnlyList<(string Name, double Seconds)> Each => _stages;

        public double Total => _last - _first;

        public void Start()
        {
            _stages.Clear();
            _first = _last = CpuClock.Seconds;
        }

        public void Report(ProverProgress value)
        {
            var now = CpuClock.Seconds;
            _stages.Add((value.Stage, now - _last));
            _last = now;
        }
    }
}
