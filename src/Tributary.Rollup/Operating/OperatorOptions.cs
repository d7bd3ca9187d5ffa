namespace Tributary.Rollup.Operating;

/// <summary>How an operator runs a rollup.</summary>
public sealed record OperatorOptions
{
    /// <summary>How far below Bitcoin's tip rollup time runs: a reorganisation that is deeper makes batches anew.</summary>
    public int Depth { get; init; } = 6;

    /// <summary>Blocks after which a batch with operations is closed although it is not full.</summary>
    public int BatchBlocks { get; init; } = 1;

    /// <summary>How long an operation waits at most for its batch to be closed while no other batch is on its way; null leaves it to blocks and size.</summary>
    public TimeSpan? BatchAge { get; init; }

    /// <summary>Batches that may be closed and not anchored: with as many, the open one goes on until it is full.</summary>
    public int WaitingMax { get; init; } = 8;

    /// <summary>Blocks that an anchor may wait before it pays more.</summary>
    public int PatienceBlocks { get; init; } = 2;
}
