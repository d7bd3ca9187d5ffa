namespace Tributary.Cli.Rollup.Views;

/// <summary>A rollup as Bitcoin and proofs show it.</summary>
internal sealed record VerifyView(
    bool IsProven,
    string? Rollup,
    int? GenesisHeight,
    int Height,
    ulong Batches,
    ulong ProvenBatches,
    ulong Segments,
    ulong ProvenSegments,
    string? Root,
    string? ProvenRoot,
    LiabilityView? Liabilities,
    int PaidWithdrawals,
    IReadOnlyList<WithdrawalView> UnpaidWithdrawals,
    IReadOnlyList<RefusedView> Refused,
    IReadOnlyList<FailureView> Failures,
    string? Problem,
    string? Url,
    int? ResumedFrom,
    string? DiscardedCheckpoint);
