using Tributary.Proofs.Fields;

namespace Tributary.Proofs.Air;

/// <summary>Where the columns of a table stand, all over one set of points in order, with the first rows repeated behind the last.</summary>
internal readonly unsafe struct TableView
{
    public uint* Main { get; init; }
    public nint MainStride { get; init; }
    public uint* Preprocessed { get; init; }
    public nint PreprocessedStride { get; init; }

    /// <summary>Five columns for each batch of messages.</summary>
    public uint* Lookup { get; init; }

    public nint LookupStride { get; init; }

    /// <summary>The selector of the first row; that of the last is the same one point further.</summary>
    public uint* FirstRow { get; init; }

    /// <summary>The points themselves.</summary>
    public uint* Points { get; init; }

    /// <summary>g⁻¹, the last point of the trace domain.</summary>
    public KoalaBear LastPoint { get; init; }

    public uint* Publics { get; init; }
}
