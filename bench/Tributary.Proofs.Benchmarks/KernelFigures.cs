using Tributary.Proofs.Fields;
using Tributary.Proofs.Memory;
using Tributary.Proofs.Merkle;
using Tributary.Proofs.Ntt;
using Tributary.Proofs.Poseidon2;

namespace Tributary.Proofs.Benchmarks;

/// <summary>What a proof is made of, each alone: permutations, transforms, hashing.</summary>
internal static class KernelFigures
{
    /// <summary>Permutations of independent states, sixteen side by side, in the first-level cache.</summary>
    public static Figure Permutations(Poseidon2Parameters parameters, int runs)
    {
        const int calls = 20_000;
        var states = new KoalaBear[parameters.Width * Poseidon2Permutation.Lanes];
        for (var i = 0; i < states.Length; i++)
            states[i] = KoalaBear.FromUInt32((uint)i);
        var seconds = Stopwatches.Best(runs, () =>
        {
            for (var call = 0; call < calls; call++)
                Poseidon2Permutation.PermuteLanes(parameters, states);
        });
        return new Figure(
            $"poseidon2-{parameters.Width}.permutations",
            calls * Poseidon2Permutation.Lanes / seconds,
            "permutations/s",
            null,
            [new("lanes", Poseidon2Permutation.Lanes), new("packing", Packings.Best.ToString())]);
    }

    /// <summary>Columns of trace values taken to the evaluation domain: one transform back and one forward for each coset.</summary>
    public static Figure Transforms(int logHeight, int logBlowup, int width, int runs)
    {
        using var memory = new ProverMemory();
        using var trace = Filled(width, logHeight, memory);
        using var tables = new TransformTables(new EvaluationDomain(logHeight, logBlowup), memory);
        var workers = new Workers(1, memory);
        var seconds = Stopwatches.Best(runs, () => Extend(trace, tables, workers).Dispose());
        var butterflies = width * (1L << logHeight) / 2.0 * logHeight * (1 + (1 << logBlowup));
        return new Figure(
            "ntt.low_degree_extension",
            width * (double)(1L << (logHeight + logBlowup)) / seconds,
            "extended elements/s",
            null,
            [new("log_height", logHeight), new("blowup", 1 << logBlowup), new("columns", width), new("butterflies_per_second", butterflies / seconds)]);
    }

    /// <summary>A commitment from rows of a matrix to the root.</summary>
    public static Figure Commitment(int logHeight, int width, int runs)
    {
        using var memory = new ProverMemory();
        using var trace = Filled(width, logHeight, memory);
        using var tables = new TransformTables(new EvaluationDomain(logHeight, 1), memory);
        var workers = new Workers(1, memory);
        using var matrix = Extend(trace, tables, workers);
        var seconds = Stopwatches.Best(runs, () => MerkleTree.Build([matrix], Packings.Best, workers).Dispose());
        var bytes = width * 4.0 * (2L << logHeight);
        return new Figure(
            "merkle.commitment",
            (2L << logHeight) / seconds,
            "rows/s",
            null,
            [new("hash", "BLAKE3"), new("log_rows", logHeight + 1), new("columns", width), new("megabytes_per_second", bytes / seconds / 1e6)]);
    }

    private static ColumnMatrix Filled(int width, int logHeight, ProverMemory memory)
    {
        var trace = new ColumnMatrix(width, logHeight, memory);
        for (var column = 0; column < width; column++)
        {
            var values = trace.Column(column);
            for (var row = 0; row < values.Length; row++)
                values[row] = KoalaBear.FromUInt32((uint)((row * 7919) + column));
        }

        return trace;
    }

    private static CosetMatrix Extend(ColumnMatrix trace, TransformTables tables, Workers workers) => Packings.Best switch
    {
        Packing.Vector512 => LowDegreeExtension.Extend<PackedField512>(trace, tables, workers),
        Packing.Vector256 => LowDegreeExtension.Extend<PackedField256>(trace, tables, workers),
        _ => LowDegreeExtension.Extend<PackedScalar>(trace, tables, workers),
    };
}
