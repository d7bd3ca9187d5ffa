using Tributary.Primitives.Amounts;

namespace Tributary.Rollup.Operating;

/// <summary>How a rollup is run.</summary>
public sealed record RollupServiceOptions
{
    /// <summary>When batches are cut.</summary>
    public OperatorOptions Operator { get; init; } = new() { BatchAge = TimeSpan.FromMinutes(2) };

    /// <summary>The most that an anchor may ever pay.</summary>
    public FeeratePerKvB FeerateMax { get; init; } = new(50_000);

    /// <summary>The least fee of an operation, in satoshis.</summary>
    public ulong FeeMin { get; init; } = 1;

    /// <summary>Prove here; otherwise 'rollup prove' does, while this does not run.</summary>
    public bool Proves { get; init; } = true;

    /// <summary>Threads of the prover.</summary>
    public int ProverThreads { get; init; } = Math.Max(1, Environment.ProcessorCount - 1);

    /// <summary>Segments that wait for the prover.</summary>
    public int ProverQueue { get; init; } = 64;

    /// <summary>Batches without a proof after which the open batch is no longer closed, so that intake stops when it is full: what waits holds memory.</summary>
    public int UnprovenBatchesMax { get; init; } = 32;

    /// <summary>Bytes of the sequencer's log from which on a checkpoint takes the place of what is settled.</summary>
    public long CheckpointBytes { get; init; } = 256L << 20;

    /// <summary>Blocks that a batch has to be on Bitcoin before a checkpoint may leave it out: it can't be made anew any more.</summary>
    public int SettledBlocks { get; init; } = 144;

    /// <summary>How often it looks whether a batch is due.</summary>
    public TimeSpan Tick { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How often it looks after the anchor that is under way, besides with every block.</summary>
    public TimeSpan AnchorTick { get; init; } = TimeSpan.FromSeconds(10);
}
