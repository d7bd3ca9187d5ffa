using Tributary.Intelligence.Drift;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;

namespace Tributary.Intelligence.Models.Files;

/// <summary>
/// A model with where it comes from, what may be said about it, and what its rows looked like: all that scoring, auditing and watching it needs.
/// </summary>
/// <param name="Model">Boosted trees, a forest, a regression, or a calibration or blend of them.</param>
/// <param name="Lineage">What it was trained on and how.</param>
/// <param name="Card">What it is for.</param>
/// <param name="Reference">What its training rows looked like, for drift; null when nobody kept it.</param>
public sealed record ModelFile(IModel Model, ModelLineage Lineage, ModelCard Card, DriftReference? Reference)
{
    /// <summary>The version that is written.</summary>
    public const ushort Version = 1;

    /// <summary>Bytes of a file at most.</summary>
    public const int MaxBytes = 256 << 20;

    /// <summary>"TRBMODEL".</summary>
    internal static ReadOnlySpan<byte> Magic => "TRBMODEL"u8;

    /// <summary>
    /// The file: magic, version, model, lineage, card, reference, and the SHA-256 of all of it. Throws for a model of an unknown kind.
    /// </summary>
    public byte[] ToBytes() => ModelWriter.Write(this);

    /// <summary>
    /// Reads a file. Any bytes give a model or a reason; what is allocated is bounded by the bytes present.
    /// </summary>
    public static Result<ModelFile, Refusal> Read(ReadOnlySpan<byte> bytes) => ModelReader.Read(bytes);

    /// <summary>The SHA-256 at the end of a file: the model's identity in journals.</summary>
    public static Bytes32 IdentityOf(ReadOnlySpan<byte> file) => new(file[^Bytes32.Length..]);
}
