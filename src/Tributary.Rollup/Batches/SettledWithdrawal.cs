using Tributary.Finance.Assets;

namespace Tributary.Rollup.Batches;

/// <summary>A withdrawal of a batch that is proven and not taken back any more.</summary>
internal sealed record SettledWithdrawal(Withdrawn What, ulong Batch, int AnchoredAt);
