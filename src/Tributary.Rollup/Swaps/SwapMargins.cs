using Tributary.Rollup.Anchoring;

namespace Tributary.Rollup.Swaps;

/// <summary>What the parties of a swap rely on, in blocks of Bitcoin (docs/rollup/swaps.md, section 3).</summary>
public sealed record SwapMargins
{
    /// <summary>Blocks that a transaction or batch has to be deep before somebody builds on it: no reorganisation is as deep.</summary>
    public int Depth { get; init; } = 6;

    /// <summary>Blocks within which a transaction confirms whose fee is raised again and again.</summary>
    public int Confirm { get; init; } = 36;

    /// <summary>Blocks within which a forced post confirms, its commitment included.</summary>
    public int Post { get; init; } = 36;

    /// <summary>Blocks that the sequencer gets to anchor what it was handed, before it is forced.</summary>
    public int Anchor { get; init; } = 36;

    /// <summary>Blocks from handing in an operation until its batch is anchored, proven and deep.</summary>
    public int Final { get; init; } = 72;

    /// <summary>True where every margin is at least a block.</summary>
    public bool IsValid => Depth > 0 && Confirm > 0 && Post > 0 && Anchor > 0 && Final > 0 && (long)Depth + Confirm + Post + Anchor + Final < 10_000;

    /// <summary>The least distance from the second contract's timeout to the first one's.</summary>
    public int Gap(SwapDirection direction) => direction == SwapDirection.In

        // An operator that holds the rollup's clock back can anchor a claim until 144 blocks after the provider has posted its refund.
        ? Post + ForcedPost.DueBlocks + Depth + Confirm
        : Confirm + Depth + Post;
}
