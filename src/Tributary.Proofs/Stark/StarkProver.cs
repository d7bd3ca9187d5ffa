using Tributary.Proofs.Fields;
using Tributary.Proofs.Memory;

namespace Tributary.Proofs.Stark;

/// <summary>
/// Proves that tables satisfy a machine. It does not check them first: a proof of tables that do not is made like any other, and no verifier takes it.
/// The proof hides nothing.
/// </summary>
public static class StarkProver
{
    /// <summary>
    /// The proof, as bytes. The traces, one for each table, stay the caller's; a trace, public values or messages that do not fit the machine are bugs
    /// of the caller and throw.
    /// </summary>
    public static byte[] Prove(
        ProvingKey key,
        Statement statement,
        IReadOnlyList<ColumnMatrix> traces,
        ProverOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Prove(key, statement, traces, options ?? new ProverOptions(), new ProverHooks(), cancellationToken);

    internal static byte[] Prove(
        ProvingKey key,
        Statement statement,
        IReadOnlyList<ColumnMatrix> traces,
        ProverOptions options,
        ProverHooks hooks,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(statement);
        ArgumentNullException.ThrowIfNull(traces);
        for (var table = 0; table < Math.Min(traces.Count, key.Machine.Tables.Count); table++)
        {
            if (traces[table].Width != key.Machine.Tables[table].Air.Width)
                throw new ArgumentException($"The trace of table {key.Machine.Tables[table].Air.Name} has another width.", nameof(traces));
        }

        if (StatementCheck.Find(key.VerifyingKey, statement, [.. traces.Select(trace => trace.LogHeight)]) is { } refusal)
            throw new ArgumentException(refusal.ToString(), nameof(statement));
        switch (options.Packing)
        {
            case Packing.Vector512:
                using (var run = new ProverRun<PackedField512>(key, statement, traces, options, hooks, cancellationToken))
                    return run.Prove();
            case Packing.Vector256:
                using (var run = new ProverRun<PackedField256>(key, statement, traces, options, hooks, cancellationToken))
                    return run.Prove();
            default:
                using (var run = new ProverRun<PackedScalar>(key, statement, traces, options, hooks, cancellationToken))
                    return run.Prove();
        }
    }
}
