using Tributary.Proofs.Air;
using Tributary.Proofs.Fields;
using Tributary.Proofs.Memory;
using Tributary.Proofs.Merkle;
using Tributary.Proofs.Ntt;

namespace Tributary.Proofs.Stark;

/// <summary>A verifying key with the fixed columns extended and committed to. One owner, who disposes it; many proofs may use it, one after the other or at once.</summary>
public sealed class ProvingKey : IDisposable
{
    private readonly ColumnMatrix?[] _traces;
    private readonly CosetMatrix?[] _extended;

    private ProvingKey(VerifyingKey key, ColumnMatrix?[] traces, CosetMatrix?[] extended, MerkleTree? tree)
    {
        VerifyingKey = key;
        _traces = traces;
        _extended = extended;
        Tree = tree;
    }

    public VerifyingKey VerifyingKey { get; }

    public Machine Machine => VerifyingKey.Machine;

    public ProofParameters Parameters => VerifyingKey.Parameters;

    internal MerkleTree? Tree { get; }

    /// <summary>Builds the fixed columns and commits to them. Parameters that cannot prove the machine are a bug of the caller.</summary>
    public static ProvingKey Create(Machine machine, ProofParameters parameters, ProverOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(machine);
        ArgumentNullException.ThrowIfNull(parameters);
        if (parameters.Check() is { } refusal)
            throw new ArgumentException(refusal.ToString(), nameof(parameters));
        if (machine.MaxDegree - 1 > 1 << parameters.LogBlowup)
            throw new ArgumentException($"Constraints of degree {machine.MaxDegree} need a blowup of {machine.MaxDegree - 1}.", nameof(parameters));
        options ??= new ProverOptions();
        var traces = new ColumnMatrix?[machine.Tables.Count];
        var extended = new CosetMatrix?[machine.Tables.Count];
        for (var table = 0; table < traces.Length; table++)
        {
            if (machine.Tables[table].Air.PreprocessedWidth == 0)
                continue;
            var trace = traces[table] = machine.Tables[table].Air.BuildPreprocessed();
            if (trace?.Width != machine.Tables[table].Air.PreprocessedWidth)
                throw new ArgumentException($"{machine.Tables[table].Air.Name} builds other fixed columns than it declares.", nameof(machine));
            trace.WrapRows();
            using var tables = new TransformTables(new EvaluationDomain(trace.LogHeight, parameters.LogBlowup));
            extended[table] = Extend(trace, tables, options);
        }

        CosetMatrix[] matrices = [.. extended.OfType<CosetMatrix>()];
        var tree = matrices.Length == 0 ? null : MerkleTree.Build(matrices, options.Packing, new Workers(options.Threads));
        var key = new VerifyingKey(machine, parameters, [.. traces.Select(trace => trace?.LogHeight)], tree?.Root ?? default);
        return new ProvingKey(key, traces, extended, tree);
    }

    public void Dispose()
    {
        foreach (var trace in _traces)
            trace?.Dispose();
        foreach (var matrix in _extended)
            matrix?.Dispose();
        Tree?.Dispose();
    }

    internal ColumnMatrix? PreprocessedTrace(int table) => _traces[table];

    internal CosetMatrix? Preprocessed(int table) => _extended[table];

    private static CosetMatrix Extend(ColumnMatrix trace, TransformTables tables, ProverOptions options) => options.Packing switch
    {
        Packing.Vector512 => LowDegreeExtension.Extend<PackedField512>(trace, tables, new Workers(options.Threads)),
        Packing.Vector256 => LowDegreeExtension.Extend<PackedField256>(trace, tables, new Workers(options.Threads)),
        _ => LowDegreeExtension.Extend<PackedScalar>(trace, tables, new Workers(options.Threads)),
    };
}
