using Tributary.Proofs.Air;
using Tributary.Rollup.Proving.Tables;

namespace Tributary.Rollup.Proving;

/// <summary>The machine that a segment's proof is about: its tables, in the order in which witnesses list them.</summary>
public static class RollupMachine
{
    internal const int Range = 0;
    internal const int Narrow = 1;
    internal const int Wide = 2;
    internal const int Operations = 3;
    internal const int Moves = 4;
    internal const int Cells = 5;
    internal const int Leaves = 6;
    internal const int Nodes = 7;
    internal const int Tables = 8;

    /// <summary>The machine of version 1.</summary>
    public static Machine Instance { get; } = new(
        "tributary rollup v1",
        [new RangeAir(), new NarrowAir(), new WideAir(), new OperationsAir(), new MovesAir(), new CellsAir(), new LeavesAir(), new NodesAir()]);
}
