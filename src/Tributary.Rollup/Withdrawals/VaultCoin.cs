using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Amounts;

namespace Tributary.Rollup.Withdrawals;

/// <summary>An output to the vault that nobody has spent.</summary>
/// <param name="Output">Which one.</param>
/// <param name="Value">What it holds.</param>
/// <param name="Height">The height of its block.</param>
/// <param name="Order">Counts the vault's outputs in the order of the chain.</param>
public sealed record VaultCoin(OutPoint Output, Satoshis Value, int Height, long Order);
