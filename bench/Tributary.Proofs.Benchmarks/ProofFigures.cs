using System.Diagnostics;
using Tributary.Proofs.Air;
using Tributary.Proofs.Fields;
using Tributary.Proofs.Memory;
using Tributary.Proofs.Poseidon2;
using Tributary.Proofs.Stark;
using Tributary.Proofs.Tables;

namespace Tributary.Proofs.Benchmarks;

/// <summary>Permutations proven by a table that holds nothing else, from their inputs to a proof that the verifier has taken.</summary>
internal static class ProofFigures
{
    public static Figure Prove(string set, ProofParameters parameters, int logHeight, double goal, int runs)
    {
        var permutation = Poseidon2Parameters.Width16;
        var air = new Poseidon2Air(permutation);
        var machine = new Machine("hashes", [air]);
        using var memory = new ProverMemory();
        using var key = ProvingKey.Create(machine, parameters);
        using var trace = new ColumnMatrix(air.Width, logHeight, memory);
        for (var column = 0; column < permutation.Width; column++)
        {
            var values = trace.Column(column);
            for (var row = 0; row < values.Length; row++)
                values[row] = KoalaBear.FromUInt32((uint)((row * 7919) + column));
        }

        byte[] proof = [];
        var stages = new StageClock();
        double seconds = double.MaxValue, wall = double.MaxValue;
        KeyValuePair<string, object>[] profile = [];
        for (var run = 0; run <= runs; run++)
        {
            var start = Stopwatch.GetTimestamp();
            stages.Start();
            Poseidon2Trace.Fill(permutation, trace);
            stages.Report(new ProverProgress("fill", 0));
            proof = StarkProver.Prove(key, Statement.Empty(1), [trace], new ProverOptions { Memory = memory, Progress = stages });
            if (run == 0 || stages.Total >= seconds)
                continue;
            (seconds, wall) = (stages.Total, Stopwatch.GetElapsedTime(start).TotalSeconds);
            profile = [.. stages.Each.Select(stage => new KeyValuePair<string, object>($"{stage.Name}_ns_per_row", stage.Seconds * 1e9 / trace.Height))];
        }

        var verdict = StarkVerifier.Verify(key.VerifyingKey, Statement.Empty(1), proof);
        if (!verdict.IsOk)
            throw new InvalidOperationException($"The proof is refused: {verdict.Error}");
        var verifySeconds = Stopwatches.Best(5 * runs, () => StarkVerifier.Verify(key.VerifyingKey, Statement.Empty(1), proof));
        var security = verdict.Value.Security;
        return new Figure(
            $"proof.poseidon2-16.{set}",
            trace.Height / seconds,
            "permutations/s",
            goal,
            [
                new("layout", $"one permutation a row, {air.Width} columns of degree {machine.MaxDegree}"),
                new("log_height", logHeight),
                new("fill_ratio", 1.0),
                new("blowup", 1 << parameters.LogBlowup),
                new("queries", parameters.Queries),
                new("extension", $"degree {Extension.Degree}"),
                new("folding_arity", 1 << parameters.LogFoldingArity),
                new("grinding_bits", $"{parameters.BatchGrindingBits} + {parameters.QueryGrindingBits}"),
                new("provable_bits", security.ProvableBits),
                new("conjectured_bits", security.ConjecturedBits),
                new("proof_bytes", proof.Length),
                new("verify_ms", verifySeconds * 1e3),
                new("cpu_seconds", seconds),
                new("wall_seconds", wall),
                .. profile,
            ]);
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
