using Tributary.Bitcoin.Transactions;

namespace Tributary.Bitcoin.Chain.Embedded.Pool;

/// <summary>A change of the mempool.</summary>
internal readonly record struct PoolChange(PoolChangeKind Kind, Transaction Transaction);
