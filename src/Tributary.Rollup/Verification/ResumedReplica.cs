using Tributary.Rollup.Batches;

namespace Tributary.Rollup.Verification;

/// <summary>What a checkpoint held.</summary>
/// <param name="From">The height from which the chain was read.</param>
/// <param name="Settled">What to go on from, without its state.</param>
/// <param name="Ledger">The state; null before the rollup's beginning.</param>
internal sealed record ResumedReplica(int From, ReplicaBase Settled, RollupLedger? Ledger);
