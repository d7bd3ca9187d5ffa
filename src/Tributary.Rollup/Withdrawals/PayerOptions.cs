using Tributary.Primitives.Amounts;

namespace Tributary.Rollup.Withdrawals;

/// <summary>How withdrawals are paid out.</summary>
public sealed record PayerOptions
{
    /// <summary>Blocks that a batch's anchor and a coin of the vault have to be deep, their own included, before they count here: a reorganisation that is deeper can make the vault pay for what is gone.</summary>
    public int Depth { get; init; } = 6;

    /// <summary>Withdrawals of one payout at most.</summary>
    public int PayoutOutputs { get; init; } = 200;

    /// <summary>Blocks that a payout may wait before it pays more.</summary>
    public int PatienceBlocks { get; init; } = 3;

    /// <summary>Blocks within which a payout wants to confirm.</summary>
    public int TargetBlocks { get; init; } = 6;

    /// <summary>The most that a payout may pay.</summary>
    public FeeratePerKvB FeerateMax { get; init; } = new(100_000);
}
