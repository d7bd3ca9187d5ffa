namespace Tributary.Rollup.Sequencing;

/// <summary>How a sequencer cuts batches.</summary>
public sealed record SequencerOptions
{
    /// <summary>Signatures of a segment: a proof's work and memory grow with them.</summary>
    public int SegmentSignatures { get; init; } = 1_000;

    /// <summary>Operations of a batch; then it is full, and what comes waits for the next.</summary>
    public int BatchOperations { get; init; } = 40_000;

    /// <summary>Bytes of a batch's body, after which it is full as well: an envelope has room for 380,000 with the header and what the batch closes with.</summary>
    public int BatchBytes { get; init; } = 340_000;

    /// <summary>Accounts that a batch may open at the operator's expense; more have to wait for the next.</summary>
    public int BatchRegistrations { get; init; } = 2_000;

    /// <summary>Leaves that forced posts touch, after which a segment takes no more of them.</summary>
    public int SegmentPostLeaves { get; init; } = 4_000;

    /// <summary>Operations that wait for their turn at most; then more are refused until some have had theirs. Together they may wait for a few seconds.</summary>
    public int WaitingMax { get; init; } = 20_000;

    /// <summary>The least fee of an operation that an account signs, in satoshis: it has to carry its share of the anchor.</summary>
    public ulong FeeMin { get; init; } = 1;
}
