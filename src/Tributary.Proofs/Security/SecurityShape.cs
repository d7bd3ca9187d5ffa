using Tributary.Proofs.Fields;
using Tributary.Proofs.Stark;

namespace Tributary.Proofs.Security;

/// <summary>Everything about a proof that its soundness depends on.</summary>
public sealed record SecurityShape
{
    /// <summary>log2 of the elements of the extension field: 5·log2 p ≈ 154.94.</summary>
    public double FieldBits { get; init; } = Extension.Degree * Math.Log2(KoalaBear.Modulus);

    /// <summary>log2 of the rows of the tallest table.</summary>
    public required int LogHeight { get; init; }

    /// <summary>log2 of the inverse rate.</summary>
    public required int LogBlowup { get; init; }

    public required int Queries { get; init; }

    /// <summary>log2 of the most values that one folding joins.</summary>
    public required int LogFoldingArity { get; init; }

    public required int BatchGrindingBits { get; init; }

    public required int QueryGrindingBits { get; init; }

    /// <summary>Openings that one challenge joins.</summary>
    public required int Openings { get; init; }

    /// <summary>Constraints of all tables that one challenge joins.</summary>
    public required int Constraints { get; init; }

    /// <summary>The largest degree of a constraint.</summary>
    public required int MaxDegree { get; init; }

    /// <summary>Messages on all buses over all rows; 0 without a lookup argument.</summary>
    public required long Messages { get; init; }

    /// <summary>Elements of the widest message.</summary>
    public required int MaxMessageWidth { get; init; }

    /// <summary>Collision resistance of a BLAKE3 digest of 256 bits.</summary>
    public double CollisionBits { get; init; } = 128;

    internal static SecurityShape For(ProofLayout layout)
    {
        var machine = layout.Machine;
        var messages = 0L;
        for (var table = 0; table < machine.Tables.Count; table++)
            messages += (long)machine.Tables[table].Interactions.Count << layout.LogHeights[table];
        return new SecurityShape
        {
            LogHeight = layout.LogMaxHeight,
            LogBlowup = layout.Parameters.LogBlowup,
            Queries = layout.Parameters.Queries,
            LogFoldingArity = layout.Parameters.LogFoldingArity,
            BatchGrindingBits = layout.Parameters.BatchGrindingBits,
            QueryGrindingBits = layout.Parameters.QueryGrindingBits,
            Openings = layout.Openings,
            Constraints = machine.Tables.Sum(table => table.TotalConstraints),
            MaxDegree = machine.MaxDegree,
            Messages = messages,
            MaxMessageWidth = machine.Buses.Count == 0 ? 0 : machine.Buses.Max(bus => bus.Width),
        };
    }
}
