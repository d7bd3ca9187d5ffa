namespace Tributary.Rollup.Segments;

/// <summary>Everything that the tables of a proof are filled from.</summary>
internal sealed class SegmentWitness
{
    public List<OperationRow> Operations { get; } = [];

    public List<MoveRow> Moves { get; } = [];

    public List<CellRow> Cells { get; } = [];

    public List<SignatureRow> Signatures { get; } = [];

    public List<LeafRow> Leaves { get; } = [];

    public List<NodeRow> Nodes { get; } = [];
}
