using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;
using Tributary.Proofs.Transcripts;

namespace Tributary.Proofs.Stark;

/// <summary>
/// What prover and verifier agree on besides the machine. How many bits of soundness follow also depends on the machine and the heights of its
/// tables: the verifier computes them for each proof and refuses too few.
/// </summary>
/// <param name="LogBlowup">log2 of the blowup, the inverse of the rate.</param>
/// <param name="Queries">Points at which the folding is checked.</param>
/// <param name="LogFoldingArity">log2 of the most values that one folding step joins.</param>
/// <param name="LogFinalLength">log2 of the coefficients that are sent in the clear at the end, unless a table is shorter.</param>
/// <param name="BatchGrindingBits">Work before the challenge that joins all openings.</param>
/// <param name="QueryGrindingBits">Work before the queries are drawn.</param>
public sealed record ProofParameters(
    int LogBlowup,
    int Queries,
    int LogFoldingArity,
    int LogFinalLength,
    int BatchGrindingBits,
    int QueryGrindingBits)
{
    /// <summary>Bytes of the encoding.</summary>
    public const int ByteLength = 7;

    /// <summary>Quick to prove: blowup 2.</summary>
    public static ProofParameters Fast { get; } = new(1, 184, 3, 6, 8, 20);

    /// <summary>Small proofs: blowup 8.</summary>
    public static ProofParameters Small { get; } = new(3, 60, 3, 6, 8, 20);

    /// <summary>Why these are no parameters at all, or null.</summary>
    public Refusal? Check() => this switch
    {
        { LogBlowup: < 1 or > 6 } => new Refusal("parameters.blowup", "log2 of the blowup lies between 1 and 6"),
        { Queries: < 1 or > 1024 } => new Refusal("parameters.queries", "between 1 and 1,024 queries"),
        { LogFoldingArity: < 1 or > 5 } => new Refusal("parameters.arity", "log2 of the folding arity lies between 1 and 5"),
        { LogFinalLength: < 0 or > 12 } => new Refusal("parameters.final", "log2 of the final length lies between 0 and 12"),
        { BatchGrindingBits: < 0 or > ProofOfWork.MaxBits } => new Refusal("parameters.batch_grinding", "between 0 and 30 bits"),
        { QueryGrindingBits: < 0 or > ProofOfWork.MaxBits } => new Refusal("parameters.query_grinding", "between 0 and 30 bits"),
        _ => null,
    };

    internal void Write(ByteWriter writer)
    {
        writer.WriteByte((byte)LogBlowup);
        writer.WriteUInt16LittleEndian((ushort)Queries);
        writer.WriteByte((byte)LogFoldingArity);
        writer.WriteByte((byte)LogFinalLength);
        writer.WriteByte((byte)BatchGrindingBits);
        writer.WriteByte((byte)QueryGrindingBits);
    }

    internal static bool TryRead(ref SpanReader reader, out ProofParameters parameters)
    {
        parameters = Fast;
        if (!reader.TryReadByte(out var logBlowup)
            || !reader.TryReadUInt16LittleEndian(out var queries)
            || !reader.TryReadByte(out var logArity)
            || !reader.TryReadByte(out var logFinal)
            || !reader.TryReadByte(out var batchBits)
            || !reader.TryReadByte(out var queryBits))
            return false;
        parameters = new ProofParameters(logBlowup, queries, logArity, logFinal, batchBits, queryBits);
        return true;
    }
}
