using Tributary.Primitives.Bytes;
using Tributary.Proofs.Air;
using Tributary.Proofs.Hashing;

namespace Tributary.Proofs.Stark;

/// <summary>What a verifier needs besides statement and proof: machine, parameters and the commitment to the fixed columns.</summary>
public sealed class VerifyingKey
{
    internal VerifyingKey(Machine machine, ProofParameters parameters, IReadOnlyList<int?> preprocessedLogHeights, Bytes32 preprocessedRoot)
    {
        Machine = machine;
        Parameters = parameters;
        PreprocessedLogHeights = preprocessedLogHeights;
        PreprocessedRoot = preprocessedRoot;

        var writer = new ByteWriter();
        writer.WriteBytes32(machine.Digest);
        parameters.Write(writer);
        foreach (var logHeight in preprocessedLogHeights)
            writer.WriteByte((byte)(logHeight ?? 0));
        writer.WriteBytes32(preprocessedRoot);
        Span<byte> digest = stackalloc byte[Bytes32.Length];
        Blake3.CreateDerived("tributary.proofs v1 verifying key").Update(writer.WrittenSpan).Finish(digest);
        Digest = new Bytes32(digest);
    }

    public Machine Machine { get; }

    public ProofParameters Parameters { get; }

    /// <summary>For each table the log2 of its rows where its fixed columns decide it.</summary>
    public IReadOnlyList<int?> PreprocessedLogHeights { get; }

    /// <summary>The commitment to the fixed columns; zero where there are none.</summary>
    public Bytes32 PreprocessedRoot { get; }

    /// <summary>Identifies the key; the transcript starts with it and each proof carries it.</summary>
    public Bytes32 Digest { get; }

    /// <summary>Derives the key, committing to the fixed columns on the way.</summary>
    public static VerifyingKey Create(Machine machine, ProofParameters parameters)
    {
        using var key = ProvingKey.Create(machine, parameters);
        return key.VerifyingKey;
    }
}
