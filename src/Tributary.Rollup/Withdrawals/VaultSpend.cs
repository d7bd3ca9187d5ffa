using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Amounts;

namespace Tributary.Rollup.Withdrawals;

/// <summary>A transaction in a block that spends coins of the vault.</summary>
/// <param name="Height">The height of its block.</param>
/// <param name="Transaction">Which one.</param>
/// <param name="Taken">What the vault's coins among its inputs held.</param>
/// <param name="Returned">What it pays to the vault.</param>
/// <param name="Payout">What it says it pays; null where it says nothing.</param>
/// <param name="Outputs">Its outputs behind the marker, as many as it says it pays with.</param>
public sealed record VaultSpend(int Height, TxId Transaction, Satoshis Taken, Satoshis Returned, PayoutMarker? Payout, IReadOnlyList<TxOut> Outputs);
