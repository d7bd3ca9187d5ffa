namespace Tributary.Proofs.Stark;

/// <summary>
/// One table's columns in one oracle, and where its openings stand among all: first every column at ζ, then those read on the next row at g·ζ.
/// The place of an opening is also the power of the batching challenge that weighs it.
/// </summary>
internal sealed record CommittedMatrix(TreeKind Tree, int Table, int LogHeight, int Width, IReadOnlyList<int> NextColumns, int FirstOpening)
{
    /// <summary>Where the openings at g·ζ start.</summary>
    public int FirstNextOpening => FirstOpening + Width;

    /// <summary>Openings at both points.</summary>
    public int Openings => Width + NextColumns.Count;
}
