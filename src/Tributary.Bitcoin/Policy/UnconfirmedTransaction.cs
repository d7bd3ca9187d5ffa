using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Amounts;

namespace Tributary.Bitcoin.Policy;

/// <summary>A transaction in a mempool, as rules see it.</summary>
/// <param name="Transaction">The transaction.</param>
/// <param name="Fee">What it pays.</param>
/// <param name="VirtualSize">By <see cref="Policy.VirtualSize"/>.</param>
/// <param name="AncestorCount">Unconfirmed ancestors, itself counted.</param>
/// <param name="Descendants">Unconfirmed descendants, without itself.</param>
public sealed record UnconfirmedTransaction(
    Transaction Transaction, Satoshis Fee, int VirtualSize, int AncestorCount, IReadOnlyList<UnconfirmedTransaction> Descendants);
