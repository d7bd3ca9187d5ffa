namespace Tributary.Rollup.Operating;

/// <summary>How an operator runs a rollup.</summary>
public sealed record OperatorOptions
{
    /// <summary>How far below Bitcoin's tip rollup time runs: a reorganisation that is deeper makes batches anew.</summary>
    public int Depth { get; init; } = 6;

    /// <summary>Blocks after which a batch with operations is closed although it is not full.</summary>
    public int BatchBlocks { get; init; } = 1;

    /// <summary>Blocks that an anchor may wait before it pays more.</summary>
    public int PatienceBlocks { get; init; } = 2;
}
