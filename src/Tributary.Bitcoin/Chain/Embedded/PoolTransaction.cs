using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Amounts;

namespace Tributary.Bitcoin.Chain.Embedded;

/// <summary>A transaction in the mempool, for those who show it.</summary>
/// <param name="Transaction">The transaction.</param>
/// <param name="Fee">What it pays.</param>
/// <param name="VirtualSize">Virtual bytes, as fees are measured.</param>
/// <param name="EnteredAt">When it came.</param>
public sealed record PoolTransaction(Transaction Transaction, Satoshis Fee, int VirtualSize, DateTimeOffset EnteredAt);
